//! Who would become a member of a privileged group, directly or by nesting.

use super::bench::{bench, none};
use crate::guard::Verdict;
use crate::plan::tests::build::{World, group, user};
use crate::plan::tests::tell;

fn world() -> World {
    World::thoughtspot()
        .source([user("ada").groups(["Administrator"]), user("new").groups(["Administrator", "x"]), group("x")])
        .target([group("Administrator"), group("x"), user("ada").groups([]), user("old").groups(["Administrator"])])
        .source([user("old").groups(["Administrator"])])
}

const HELD: [&str; 1] = ["privileged: held"];

#[test]
fn a_gain_is_held_and_the_rest_goes_on() {
    let gain = bench(world());
    assert_eq!(gain.marks(), HELD);
    assert_eq!(
        gain.story(),
        [
            "create user new (new) +x",
            "hold user ada: join Administrator (privileged)",
            "hold user new: join Administrator (privileged)",
        ]
    );
    assert_eq!(gain.review().verdict, Verdict::Held);
    let plan = gain.review().plan();
    assert!(!tell::json(plan.changes[0].after().unwrap(), &plan.names).contains("Administrator"));
}

#[test]
fn somebody_new_who_is_left_in_no_group_is_held_where_the_product_wants_one() {
    let limits = "privileged: {}";
    let only = World::thoughtspot()
        .source([user("new").groups(["Administrator"]), user("other").groups(["Administrator", "x"])])
        .target([group("Administrator"), group("x")])
        .can(|can| can.needs_group = Some("it needs one"));
    let gain = bench(only).limits(limits);
    assert_eq!(
        gain.story(),
        [
            "create user other (new) +x",
            "hold user new: create (target-cannot)",
            "hold user new: join Administrator (privileged)",
            "hold user other: join Administrator (privileged)",
        ]
    );
    let lifted = gain.lift("privileged");
    assert!(lifted.story().contains(&"create user new (new) +Administrator".to_owned()), "{:?}", lifted.story());
}

#[test]
fn whoever_is_on_the_list_may_and_is_marked() {
    let limits = r#"privileged: { allow: { Administrator: ["user:ADA", "user:new"] } }"#;
    let allowed = bench(world()).limits(limits);
    assert_eq!(allowed.marks(), none());
    let plan = allowed.review().plan();
    assert!(plan.changes.iter().all(|change| change.privileged), "{:?}", allowed.story());
    let wrong = r#"privileged: { allow: { Administrator: ["group:ada"], x: ["user:new"] } }"#;
    assert_eq!(bench(world()).limits(wrong).marks(), HELD);
}

#[test]
fn whoever_is_a_member_already_gains_nothing() {
    let world = World::thoughtspot()
        .source([user("old").groups(["ops"])])
        .target([group("Administrator"), group("ops").groups(["Administrator"]), user("old").groups(["Administrator"])])
        .source([group("ops").groups(["Administrator"])]);
    let limits = "admins: off";
    assert_eq!(bench(world.clone()).limits(limits).marks(), none());
    assert!(!bench(world).limits(limits).review().plan().changes[0].privileged);
}

#[test]
fn nesting_is_a_way_in() {
    let by_nested_group = World::thoughtspot()
        .source([group("ops").groups(["Administrator"]), user("ada").groups(["ops"])])
        .target([group("Administrator"), group("ops").groups(["Administrator"]), user("ada").groups([])]);
    assert_eq!(bench(by_nested_group).story(), ["hold user ada: join ops (privileged)"]);

    let group_into_group = World::thoughtspot()
        .source([group("ops").groups(["Administrator"]), user("ada").groups(["ops"])])
        .target([group("Administrator"), group("ops").groups([]), user("ada").groups([])]);
    assert_eq!(
        bench(group_into_group.clone()).story(),
        ["update user ada (changed) +ops", "hold group ops: join Administrator (privileged)"],
        "what is held opens nothing to others"
    );
    let allowed = r#"privileged: { allow: { Administrator: ["group:ops"] } }"#;
    assert_eq!(
        bench(group_into_group).limits(allowed).story(),
        ["update group ops (changed) +Administrator", "hold user ada: join ops (privileged)"]
    );

    let new_groups = World::thoughtspot()
        .source([
            group("outer").groups(["Administrator"]),
            group("inner").groups(["outer"]),
            user("ada").groups(["inner"]),
        ])
        .target([group("Administrator")]);
    assert_eq!(
        bench(new_groups).story(),
        [
            "create group inner (new) +outer",
            "create group outer (new)",
            "create user ada (new) +inner",
            "hold group outer: join Administrator (privileged)",
        ]
    );
}

#[test]
fn a_circle_of_groups_ends() {
    let circle = World::file()
        .source([group("a").groups(["b"]), group("b").groups(["a"]), user("ada").groups(["a"])])
        .target([group("a").groups(["b"]), group("b").groups(["a"]), user("ada").groups([])]);
    let limits = "privileged: { groups: [b] }";
    assert_eq!(bench(circle).limits(limits).story(), ["hold user ada: join a (privileged)"]);
}

#[test]
fn listed_groups_are_privileged_too() {
    let limits = "privileged: { groups: [x, nowhere] }";
    assert_eq!(
        bench(world()).limits(limits).story(),
        [
            "create user new (new)",
            "hold user ada: join Administrator (privileged)",
            "hold user new: join Administrator (privileged)",
            "hold user new: join x (privileged)",
        ]
    );
    let allow_group_joined = r#"privileged: { groups: [x], allow: { x: ["user:new"] } }"#;
    assert!(bench(world()).limits(allow_group_joined).story()[0].ends_with("+x"));
}

#[test]
fn off_holds_nothing() {
    assert_eq!(bench(world()).limits("privileged: off").marks(), none());
}

#[test]
fn lifted_for_one_plan_they_go_on_and_are_marked() {
    let lifted = bench(world()).lift("privileged");
    assert_eq!(lifted.review().verdict, Verdict::Pass);
    assert_eq!(lifted.story().len(), 2);
    assert!(lifted.review().plan().changes.iter().all(|change| change.privileged));
}

#[test]
fn after_a_change_of_the_rules_not_even_the_listed_join_unattended() {
    let limits = r#"privileged: { allow: { Administrator: ["user:ada", "user:new"] } }"#;
    let changed = || bench(world()).limits(limits).config_changed();
    assert_eq!(changed().marks(), none(), "a person watches");
    let unattended = changed().unattended();
    assert_eq!(
        unattended.story(),
        [
            "create user new (new) +x",
            "hold user ada: join Administrator (config-change)",
            "hold user new: join Administrator (config-change)",
        ]
    );
    assert_eq!(changed().unattended().lift("configChange").review().verdict, Verdict::Pass);
    let off = r#"{ configChange: off, privileged: { allow: { Administrator: ["user:ada", "user:new"] } } }"#;
    assert_eq!(changed().unattended().limits(off).marks(), none());
}

#[test]
fn each_override_lifts_its_own_limit_alone() {
    let changed = || bench(world()).config_changed().unattended();
    let codes = |lines: Vec<String>| lines.into_iter().filter(|line| line.starts_with("hold")).collect::<Vec<_>>();
    let joins = |code: &str| ["ada", "new"].map(|name| format!("hold user {name}: join Administrator ({code})"));
    assert_eq!(codes(changed().story()), joins("config-change"));
    assert_eq!(codes(changed().lift("privileged").story()), joins("config-change"));
    assert_eq!(codes(changed().lift("configChange").story()), joins("privileged"));
    assert_eq!(codes(changed().lift("configChange").lift("privileged").story()), none());
}

#[test]
fn what_is_held_is_not_in_the_principal_either() {
    let world = World::thoughtspot()
        .source([user("ada").mail("m").groups(["Administrator"])])
        .target([group("Administrator"), user("ada")]);
    let plan = bench(world).review().plan();
    assert_eq!(tell::lines(&plan)[0], r#"update user ada (changed) mail: null -> "m""#);
    let after = tell::json(plan.changes[0].after().unwrap(), &plan.names);
    assert!(!after.contains("Administrator"), "{after}");
}
