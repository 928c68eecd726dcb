use super::reading;
use crate::connector::Reading;
use crate::connector::fake::FakeTarget;
use crate::mapping::{KindScope, Mapped, Measure, Scope, desire, sift};
use crate::plan::tests::build::{Draft, World, group, user};
use crate::principal::{Kind, Pattern, PrincipalSet};

fn mapped(drafts: impl IntoIterator<Item = Draft>, scope: &Scope) -> Mapped {
    desired(reading(drafts), scope)
}

fn desired(reading: Reading, scope: &Scope) -> Mapped {
    let target = FakeTarget::new(World::thoughtspot().can, PrincipalSet::default());
    desire(sift(reading, World::thoughtspot().can.rules, &[]).0, &target, &scope.clone().into())
}

fn measured(drafts: impl IntoIterator<Item = Draft>, sentinels: &[&str]) -> Measure {
    let sentinels: Vec<String> = sentinels.iter().map(|text| (*text).to_owned()).collect();
    sift(reading(drafts), World::thoughtspot().can.rules, &sentinels).1
}

fn names(mapped: &Mapped) -> Vec<String> {
    mapped.desired.set.records().iter().map(|one| format!("{}:{}", one.kind(), one.principal.name)).collect()
}

fn scope(kind: Kind, include: &[&str], exclude: &[&str]) -> Scope {
    let patterns = |texts: &[&str]| texts.iter().map(|text| Pattern::new(kind, text)).collect();
    let rules = KindScope { include: patterns(include), exclude: patterns(exclude) };
    match kind {
        Kind::User => Scope { users: rules, ..Scope::default() },
        Kind::Group => Scope { groups: rules, ..Scope::default() },
    }
}

#[test]
fn records_that_the_target_takes_for_one_are_both_set_aside() {
    let people = [user("Ada").at("people.csv:2"), user("bob").at("people.csv:3"), user("ADA").at("people.csv:9")];
    let both = || people.clone().into_iter().chain([group("ada"), group("ADA")]);
    let mapped = mapped(both(), &Scope::default());
    assert_eq!(names(&mapped), ["group:ADA", "group:ada", "user:bob"], "groups are exact there");
    let told: Vec<_> =
        mapped.rejected.iter().map(|one| format!("{} {} {}", one.name, one.origin, one.reason)).collect();
    assert_eq!(
        told,
        [
            "ADA people.csv:9 the target takes its name for the same as that at people.csv:2",
            "Ada people.csv:2 the target takes its name for the same as that at people.csv:9",
        ]
    );
    assert!(mapped.desired.set_aside.contains(&(Kind::User, "ada".into())), "so that nobody is removed for it");
    let counted = measured(both(), &[]);
    assert_eq!((counted.users, counted.groups), (1, 2), "what was set aside does not count");
}

#[test]
fn what_a_source_set_aside_stays_so() {
    let mut reading = reading([user("bob")]);
    reading.rejected.push(crate::connector::Rejected {
        kind: Kind::User,
        name: "Eve".into(),
        origin: "people.json:4".into(),
        reason: "broken".into(),
    });
    let mapped = desired(reading, &Scope::default());
    assert!(mapped.desired.set_aside.contains(&(Kind::User, "eve".into())));
    assert_eq!(mapped.rejected.len(), 1);
}

#[test]
fn a_scope_includes_some_and_excludes_more() {
    let all = || [user("test-1"), user("ada"), user("TEST-x"), group("bi-a"), group("hr"), group("test-1")];
    let excluded = mapped(all(), &scope(Kind::User, &[], &["test-*"]));
    assert_eq!(names(&excluded), ["group:bi-a", "group:hr", "group:test-1", "user:ada"]);
    let included = mapped(all(), &scope(Kind::Group, &["bi-*"], &[]));
    assert_eq!(names(&included), ["group:bi-a", "user:ada", "user:test-1", "user:TEST-x"]);
    let both = mapped(all(), &scope(Kind::User, &["*a*", "test-1"], &["test-*"]));
    assert_eq!(names(&both), ["group:bi-a", "group:hr", "group:test-1", "user:ada"], "exclude wins");
    assert_eq!(measured(all(), &[]).users, 3, "what is left out was read all the same");
}

#[test]
fn who_is_left_out_leaves_by_the_rules_not_by_absence() {
    let mapped = mapped([user("TEST-1"), user("ada")], &scope(Kind::User, &[], &["test-*"]));
    assert!(mapped.desired.out_of_scope.contains(&(Kind::User, "test-1".into())));
    let world = World::thoughtspot().target([user("Test-1"), user("ada"), user("eve")]);
    let ledger = crate::plan::Ledger::default();
    let plan = crate::plan::diff(mapped.desired, &world.current(), &world.policy, &world.can, &ledger);
    assert_eq!(
        crate::plan::tests::tell::lines(&plan),
        ["delete user Test-1 (out-of-scope)", "delete user eve (gone)", "adopt user ada"]
    );
}

#[test]
fn a_sentinel_is_looked_for_as_the_target_compares_names() {
    let drafts = || [user("Ada"), group("Sales"), user("twin"), user("TWIN")];
    let lacks = |sentinels: &[&str]| measured(drafts(), sentinels).missing_sentinels;
    assert!(lacks(&["user:ADA", "group:Sales"]).is_empty());
    assert_eq!(lacks(&["group:sales", "user:Sales", "user:ada"]), ["group:sales", "user:Sales"]);
    assert_eq!(lacks(&["user:twin"]), ["user:twin"], "a record set aside is not there");
}

#[test]
fn what_the_target_cannot_hold_is_projected_away() {
    let mapped = mapped([user("ada").attribute("team", "bi".into()).mail("m")], &Scope::default());
    let ada = &mapped.desired.set.records()[0].principal;
    assert!(ada.attributes.is_none() && ada.mail.is_some());
}

#[test]
fn the_digest_is_of_all_that_was_read() {
    let digest = |drafts: Vec<Draft>| measured(drafts, &[]).digest;
    let (ada, bob) = (|| user("ada").attribute("k", 1.into()), || user("bob"));
    assert_eq!(digest(vec![ada(), bob()]), digest(vec![bob(), ada()]));
    assert_ne!(digest(vec![ada(), bob()]), digest(vec![ada()]));
    assert_ne!(digest(vec![ada()]), digest(vec![user("ada")]), "before the target bends it");
}
