//! Several sources into one.

use super::reading;
use crate::connector::fake::FakeTarget;
use crate::connector::{Reading, Rejected};
use crate::mapping::{LintCode, Mapped, MergeRule, Rules, Severity, desire, merge, sift};
use crate::plan::tests::build::{Draft, World, group, user};
use crate::plan::tests::tell;
use crate::plan::{Policy, diff};
use crate::principal::{CaseRules, Kind, PrincipalSet};

fn rules() -> CaseRules {
    World::thoughtspot().can.rules
}

/// The sources `a`, `b`, `c` … merged, for a target that ignores the case of users.
fn merged_readings(readings: Vec<Reading>, rule: MergeRule) -> Mapped {
    let names = ["a", "b", "c", "d"];
    let sifted = readings.into_iter().zip(names).map(|(one, name)| (name.to_owned(), sift(one, rules(), &[]).0));
    let mut can = World::thoughtspot().can;
    can.attributes = crate::plan::Taken::Any;
    let target = FakeTarget::new(can, PrincipalSet::default());
    desire(merge(sifted.collect(), rule, rules()), &target, &Rules::default())
}

fn merged(sources: impl IntoIterator<Item = Vec<Draft>>, rule: MergeRule) -> Mapped {
    merged_readings(sources.into_iter().map(reading).collect(), rule)
}

/// `user ada: display mail [groups] id`, what is unmanaged as `-`.
fn told(mapped: &Mapped) -> Vec<String> {
    let set = &mapped.desired.set;
    let word = |text: Option<&str>| {
        text.map_or("-".to_owned(), |text| if text.is_empty() { "''".into() } else { text.into() })
    };
    let one = |record: &crate::principal::Record| {
        let one = &record.principal;
        let groups = one.groups.as_ref().map_or("-".into(), |groups| format!("{:?}", set.names().sorted(groups)));
        let (display, mail) = (word(one.display_name.as_deref()), word(one.mail.as_deref()));
        format!("{} {}: {display} {mail} {groups} {}", one.kind, one.name, word(one.id.as_deref()))
    };
    set.records().iter().map(one).collect()
}

fn findings(mapped: &Mapped) -> Vec<String> {
    let one = |finding: &crate::mapping::Finding| {
        let mark = if finding.severity == Severity::SetAside { "! " } else { "" };
        format!("{mark}{} {} at {}: {}", finding.code.word(), finding.name, finding.origin, finding.reason)
    };
    mapped.lint.iter().map(one).collect()
}

/// What would be done to `target`, `removeDeleted` is true.
fn planned(mapped: Mapped, target: impl IntoIterator<Item = Draft>) -> Vec<String> {
    planned_under(mapped, target, |world| world)
}

fn planned_under(
    mapped: Mapped,
    target: impl IntoIterator<Item = Draft>,
    change: impl FnOnce(World) -> World,
) -> Vec<String> {
    let world = change(World::thoughtspot().target(target));
    let policy = Policy { remove_deleted: true, ..Policy::default() };
    let plan = diff(mapped.desired, &world.current(), &policy, &world.can, &world.ledger);
    tell::lines(&plan).into_iter().filter(|line| !line.starts_with("adopt ")).collect()
}

#[test]
fn one_source_is_what_it_was() {
    let drafts = || vec![user("ada").mail("m").groups(["x"]).id("1"), group("x")];
    for rule in [MergeRule::First, MergeRule::Union] {
        let mapped = merged([drafts()], rule);
        assert_eq!(told(&mapped), ["group x: - - - -", r#"user ada: - m ["x"] 1"#]);
        assert!(mapped.lint.is_empty());
    }
    assert!(merge(Vec::new(), MergeRule::First, rules()).set().is_empty());
}

#[test]
fn the_first_source_gives_the_whole_record() {
    let a = vec![user("ada").mail("a@x").groups(["x"]).at("a.csv:2"), group("x")];
    let b = vec![
        user("ADA").mail("b@x").display("Ada").groups(["y"]).id("7").at("b.csv:2"),
        user("bob").groups(["y", "x"]).at("b.csv:3"),
        group("y"),
    ];
    let mapped = merged([a, b], MergeRule::First);
    let expected =
        ["group x: - - - -", "group y: - - - -", r#"user ada: - a@x ["x"] -"#, r#"user bob: - - ["x", "y"] -"#];
    assert_eq!(told(&mapped), expected);
    assert_eq!(
        findings(&mapped),
        ["shadowed ada at b.csv:2: a (a.csv:2) gives the whole record, before b (b.csv:2); \
          different: displayName, mail, groupNames"]
    );
    assert!(mapped.rejected.is_empty());
}

#[test]
fn a_union_takes_each_value_from_the_first_that_manages_it() {
    let a = vec![user("ada").mail("").groups(["x"]).attribute("team", "bi".into()).at("a.csv:2")];
    let b =
        vec![user("Ada").mail("b@x").display("Ada B").groups(["y"]).attribute("room", 1.into()).at("b.csv:2").id("7")];
    let c = vec![
        user("ada").display("Ada C").attribute("team", "hr".into()).groups(["X", "x"]).active(false).id("8").at("c:1"),
    ];
    let mapped = merged([a, b, c], MergeRule::Union);
    assert_eq!(told(&mapped), [r#"user ada: Ada B '' ["X", "x", "y"] 7"#], "groups are exact there: `X` is not `x`");
    let ada = &mapped.desired.set.records()[0].principal;
    assert_eq!(serde_json::to_string(&ada.attributes).unwrap(), r#"{"room":1,"team":"bi"}"#);
    assert_eq!(ada.active, Some(false), "the only one that says anything");
    let found: Vec<_> = findings(&mapped).into_iter().filter(|line| line.starts_with("source-conflict")).collect();
    assert_eq!(
        found,
        [
            "source-conflict ada at b.csv:2: b (b.csv:2): mail `` of a (a.csv:2) wins over `b@x`",
            "source-conflict ada at c:1: c (c:1): displayName `Ada B` of b (b.csv:2) wins over `Ada C`, \
             attributes.team `bi` of a (a.csv:2) wins over `hr`, their ids differ too",
        ]
    );
}

#[test]
fn the_first_that_says_whether_somebody_is_active_is_believed() {
    let people = |first: Option<bool>| {
        let ada = user("ada");
        vec![first.into_iter().fold(ada, Draft::active)]
    };
    let active = |a, b, rule| merged([people(a), people(b)], rule).desired.set.records()[0].principal.active;
    assert_eq!(active(Some(true), Some(false), MergeRule::Union), Some(true));
    assert_eq!(active(None, Some(false), MergeRule::Union), Some(false));
    assert_eq!(active(None, Some(false), MergeRule::First), None);
}

#[test]
fn one_id_makes_one_of_two_names_and_nobody_leaves_for_it() {
    let a = || vec![user("ada.new").id("1").mail("m").at("a:1")];
    let b = || vec![user("ada.old").id("1").mail("m").at("b:1")];
    for rule in [MergeRule::First, MergeRule::Union] {
        let mapped = merged([a(), b()], rule);
        assert_eq!(told(&mapped), ["user ada.new: - m - 1"]);
        assert!(findings(&mapped)[0].contains("name"), "{:?}", findings(&mapped));
        // Nobody recorded the id yet: the old account is not known to be hers, but a source names it.
        assert_eq!(planned(mapped, [user("ada.old").mail("m")]), ["create user ada.new (new)"]);
        let known = |world: World| world.owned("user:ada.old", "1");
        let renamed = planned_under(merged([a(), b()], rule), [user("ada.old").mail("m")], known);
        assert_eq!(renamed, ["rename user ada.old (renamed) -> ada.new"]);
    }
}

#[test]
fn an_account_known_by_the_id_of_a_later_source_stays() {
    let (a, b) = (vec![user("ada").id("a1")], vec![user("ada").id("b1")]);
    let known = |world: World| world.owned("user:ada.old", "b1");
    let mapped = merged([a, b], MergeRule::First);
    let created = planned_under(mapped, [user("ada.old"), user("eve")], known);
    assert_eq!(created, ["create user ada (new)", "delete user eve (gone)"]);
}

#[test]
fn an_id_and_a_name_that_lead_to_two_people_set_all_aside() {
    let a = vec![user("ada").id("1").at("a:1"), user("bob").id("2").at("a:2"), user("eve").at("a:3")];
    let b = vec![user("ada").id("2").at("b:1"), user("zoe").at("b:2")];
    for rule in [MergeRule::First, MergeRule::Union] {
        let mapped = merged([a.clone(), b.clone()], rule);
        assert_eq!(told(&mapped), ["user eve: - - - -", "user zoe: - - - -"]);
        let why = "by name and immutable id it is one with more than one record of a source";
        assert_eq!(
            findings(&mapped),
            [
                format!("! source-conflict ada at a:1: {why}: a (a:2), b (b:1)"),
                format!("! source-conflict ada at b:1: {why}: a (a:1), a (a:2)"),
                format!("! source-conflict bob at a:2: {why}: a (a:1), b (b:1)"),
            ]
        );
        assert_eq!(mapped.rejected.len(), 3);
        assert_eq!(planned(mapped, [user("ada"), user("bob"), user("eve"), user("zoe")]), Vec::<String>::new());
    }
}

/// `a` has two rows of Ada: which is hers cannot be told. `b` has her once.
fn twice_in_the_first(b: Draft, rule: MergeRule) -> Mapped {
    let a = vec![user("Ada").groups(["x"]).at("a:1"), user("ada").groups(["y"]).at("a:2"), group("x"), group("y")];
    merged([a, vec![b.at("b:1"), group("z")]], rule)
}

#[test]
fn whoever_a_source_set_aside_is_taken_from_another_and_leaves_no_group() {
    for rule in [MergeRule::First, MergeRule::Union] {
        let mapped = twice_in_the_first(user("ada").mail("b@x").groups(["z"]), rule);
        assert!(told(&mapped).contains(&"user ada: - b@x - -".to_owned()), "{:?}", told(&mapped));
        let codes: Vec<_> = mapped.lint.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [LintCode::DuplicateName, LintCode::DuplicateName, LintCode::SourceConflict]);
        let target = [user("ada").mail("old").groups(["x"]), group("x"), group("y"), group("z")];
        assert_eq!(planned(mapped, target), [r#"update user ada (changed) mail: "old" -> "b@x""#]);
        let off = twice_in_the_first(user("ada").active(false), rule);
        assert_eq!(planned(off, [user("ada"), group("x"), group("y"), group("z")]), Vec::<String>::new());
    }
}

#[test]
fn what_a_later_source_set_aside_has_no_say_under_first() {
    let later = || vec![user("Ada").at("b:1"), user("ada").at("b:2")];
    let first = merged([vec![user("ada").groups(["x"]), group("x"), group("y")], later()], MergeRule::First);
    assert!(told(&first).contains(&r#"user ada: - - ["x"] -"#.to_owned()));
    let target = || [user("ada").groups(["y"]), group("x"), group("y")];
    let plan = planned(first, target());
    assert!(plan.contains(&"update user ada (changed) +x -y".to_owned()), "{plan:?}");
    let inactive = merged([vec![user("ada").active(false), group("x")], later()], MergeRule::First);
    let plan = planned(inactive, target());
    assert!(plan.iter().any(|line| line.starts_with("delete user ada")), "{plan:?}");
    let union = merged([vec![user("ada").groups(["x"]), group("x"), group("y")], later()], MergeRule::Union);
    assert_eq!(planned(union, target()), Vec::<String>::new(), "there it would have had one");
}

#[test]
fn a_record_that_no_source_can_use_removes_nobody() {
    let mut broken = reading([user("bob")]);
    let rejected = Rejected { kind: Kind::User, name: "Eve".into(), origin: "a:4".into(), reason: "broken".into() };
    broken.rejected.push(rejected);
    let mapped = merged_readings(vec![broken, reading([user("zoe")])], MergeRule::First);
    assert!(mapped.desired.unknown_ids);
    assert_eq!(findings(&mapped), ["! unusable-record Eve at a:4: broken"]);
    assert_eq!(planned(mapped, [user("bob"), user("eve"), user("zoe")]), Vec::<String>::new());
}

#[test]
fn a_reading_that_is_not_whole_makes_the_whole_so() {
    let mut half = reading([user("bob")]);
    half.coverage.missing.push("page 2".into());
    let mapped = merged_readings(vec![reading([user("ada")]), half], MergeRule::Union);
    assert_eq!(mapped.desired.coverage.missing, ["page 2"]);
    let plan = planned(mapped, [user("ada"), user("bob"), user("eve")]);
    assert!(plan.iter().all(|line| line.starts_with("hold ")) && plan.len() == 1, "{plan:?}");
}

#[test]
fn groups_keep_the_spelling_of_the_first_source() {
    let composed = vec![user("ada").groups(["caf\u{e9}"]), group("caf\u{e9}")];
    let apart = vec![user("bob").groups(["cafe\u{301}"]), group("cafe\u{301}").description("d")];
    let mapped = merged([composed, apart], MergeRule::Union);
    assert_eq!(
        told(&mapped),
        ["group caf\u{e9}: - - - -", "user ada: - - [\"caf\u{e9}\"] -", "user bob: - - [\"caf\u{e9}\"] -"]
    );
    assert_eq!(mapped.desired.set.names().len(), 1);
}

#[test]
fn a_group_that_only_an_unused_record_names_is_no_leaver() {
    let a = vec![user("ada").groups(["x"]), group("x")];
    let b = vec![user("ada").groups(["legacy"])];
    let mapped = merged([a, b], MergeRule::First);
    assert!(mapped.lint.iter().all(|finding| finding.code == LintCode::Shadowed), "{:?}", findings(&mapped));
    let plan = planned(mapped, [user("ada").groups(["x"]), group("x"), group("legacy"), group("other")]);
    assert_eq!(plan, ["delete group other (gone)"]);
}

#[test]
fn the_order_within_a_source_makes_no_difference() {
    let a = vec![user("ada").id("1").mail("a").at("a:1"), user("bob").at("a:2"), group("x").at("a:3")];
    let b = vec![user("Ada").mail("b").at("b:1"), user("bobby").id("1").at("b:2"), group("x").at("b:3")];
    for rule in [MergeRule::First, MergeRule::Union] {
        let straight = merged([a.clone(), b.clone()], rule);
        let turned = merged([a.iter().rev().cloned().collect(), b.iter().rev().cloned().collect()], rule);
        assert_eq!(told(&straight), told(&turned));
        assert_eq!(findings(&straight), findings(&turned));
    }
}

/// A name that a thousand records share is told in few words each time.
#[test]
fn many_that_are_one_are_told_in_few_words() {
    let a = (0..1000).map(|number| user(&format!("u{number:04}")).id(&format!("{number}")).at("a.csv:100")).collect();
    let b = (0..1000).map(|number| user(&format!("u{number:04}")).id(&format!("{}", (number + 1) % 1000))).collect();
    let mapped = merged([a, b], MergeRule::First);
    assert_eq!((mapped.rejected.len(), mapped.desired.set.len()), (2000, 0));
    assert!(mapped.lint.iter().all(|finding| finding.reason.len() < 200));
    assert!(mapped.lint[0].reason.ends_with("and 1996 more"), "{}", mapped.lint[0].reason);
}
