use super::{config, target};
use crate::connector::Judgement;
use crate::plan::tests::build::{World, group, user};
use crate::plan::{Change, First};
use crate::principal::Kind;
use crate::targets::thoughtspot::v2::judge::judge;
use crate::targets::thoughtspot::v2::reading::Seen;

fn seen() -> Seen {
    let mut seen = Seen { org: Some(1), ..Seen::default() };
    seen.system.insert((Kind::User, "robot".into()));
    seen.system.insert((Kind::Group, "Tenants".into()));
    seen.elsewhere.insert("id-both".into());
    seen.outside.insert("far".into(), "id-far".into());
    seen
}

/// What is made of each change, `name: sentence`; nothing where it is fine.
fn judged(world: World, keys: &str) -> Vec<String> {
    let can = target(", disable: true").capabilities().clone();
    let manner = config(keys).manner();
    let told = |change: &Change| match judge(change, &seen(), &manner) {
        Judgement::Fine => None,
        Judgement::Note(text) => Some(format!("{} noted: {text}", change.id())),
        Judgement::Cannot(text) => Some(format!("{} held: {text}", change.id())),
    };
    world.can(|able| *able = can).plan().changes.iter().filter_map(told).collect()
}

#[track_caller]
fn says(told: &[String], begin: &str, word: &str) {
    assert!(told.iter().any(|line| line.starts_with(begin) && line.contains(word)), "{begin} … {word} in {told:#?}");
}

#[test]
fn who_has_no_mail_is_not_made_and_nobody_loses_theirs() {
    let world = || {
        World::thoughtspot()
            .source([user("new"), user("blank").mail(" "), user("ada").mail(""), user("ok").mail("o@x")])
            .target([user("ada").mail("a@x")])
    };
    let told = judged(world(), "");
    assert_eq!(told.len(), 3, "{told:#?}");
    says(&told, "user:new held", "mailRequired: false");
    says(&told, "user:blank held", "no e-mail address");
    says(&told, "user:ada held", "no e-mail address");
    assert!(judged(world(), ", mailRequired: false").is_empty());
}

#[test]
fn who_signs_in_elsewhere_is_not_renamed() {
    let world = World::thoughtspot()
        .source([
            user("robert").id("2").mail("r@x"),
            user("eva").id("3").mail("e@x"),
            user("sam").display("S").mail("s@x"),
        ])
        .target([
            user("rob").typed("SAML_USER").mail("r@x"),
            user("eve").typed("LDAP_USER").mail("e@x"),
            user("sam").typed("OIDC_USER").display("Sam").mail("s@x"),
        ])
        .owned("user:rob", "2")
        .owned("user:eve", "3");
    let told = judged(world, "");
    assert_eq!(told.len(), 2, "{told:#?}");
    says(&told, "user:rob held", "at the identity provider");
    says(&told, "user:sam noted", "at the next sign-in");
}

#[test]
fn whom_the_product_calls_its_own_is_left_alone_but_for_memberships() {
    let world = World::thoughtspot()
        .source([group("g"), user("Robot").display("R").mail("r@x"), group("Tenants").groups(["g"])])
        .target([user("robot").display("Robot").mail("r@x"), group("Tenants"), group("g")]);
    let told = judged(world, "");
    assert_eq!(told.len(), 1, "{told:#?}");
    says(&told, "user:robot held", "never changed");
    let gone = judged(World::thoughtspot().source([user("x").mail("x@x")]).target([user("robot")]), "");
    says(&gone, "user:robot held", "never changed");
}

#[test]
fn a_name_that_another_org_has_is_held_or_added() {
    let world = || World::thoughtspot().source([user("FAR").mail("f@x")]);
    says(&judged(world(), ""), "user:FAR held", "attachExisting: true");
    says(&judged(world(), ", attachExisting: true"), "user:FAR noted", "added to org 1");
}

#[test]
fn who_is_in_other_orgs_too_leaves_this_one_and_is_never_switched_off() {
    let world = |first| {
        World::thoughtspot()
            .policy(move |policy| policy.leavers.users = Some(first))
            .source([user("x").mail("x@x")])
            .target([user("both").id("id-both").active(true), user("only").id("id-only").active(true)])
    };
    let told = judged(world(First::Delete), "");
    assert_eq!(told.len(), 1, "{told:#?}");
    says(&told, "user:both noted", "leave this org");
    let told = judged(world(First::Disable), "");
    assert_eq!(told.len(), 1, "{told:#?}");
    says(&told, "user:both held", "first: delete");
}
