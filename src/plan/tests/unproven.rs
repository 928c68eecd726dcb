//! Contract 3.11: a reading that is not proven complete removes nobody and takes nobody out of a group.

use super::build::{World, group, user};
use crate::plan::{Coverage, First};

fn world() -> World {
    World::file().unproven()
}

#[test]
fn removals_and_leaves_are_held_and_the_rest_goes_on() {
    let world = world()
        .source([
            user("new").groups(["x"]),
            user("bob").mail("m").groups(["x"]),
            user("cy").groups([]),
            user("dee").active(false).mail("m").groups([]),
            group("x"),
        ])
        .target([
            group("x"),
            group("y"),
            user("bob").groups(["y"]),
            user("cy").groups(["x"]),
            user("dee").groups(["x"]),
            user("eve"),
        ]);
    assert_eq!(
        world.story(),
        [
            r#"update user bob (changed) mail: null -> "m" +x"#,
            "create user new (new) +x",
            "hold group y: delete (unproven-source)",
            "hold user bob: leave y (unproven-source)",
            "hold user cy: leave x (unproven-source)",
            "hold user dee: disable (unproven-source)",
            "hold user dee: leave x (unproven-source)",
            "hold user eve: disable (unproven-source)",
        ]
    );
    let after = world.plan().changes[0].after().unwrap().clone();
    assert_eq!(after.group_refs().len(), 2, "it stays in y and joins x");
}

#[test]
fn every_kind_of_leaver_is_held() {
    for first in [First::Delete, First::Disable, First::Strip] {
        let world = world()
            .policy(|policy| policy.leavers.users = Some(first))
            .source([group("x")])
            .target([group("x"), user("eve").groups(["x"])]);
        let story = world.story();
        assert!(story.len() == 1 && story[0].ends_with("(unproven-source)"), "{story:?}");
    }
    let inactive = World::thoughtspot().unproven().source([user("ada").active(false)]).target([user("ada")]);
    assert_eq!(inactive.story(), ["hold user ada: delete (unproven-source)"]);
}

#[test]
fn renames_go_on() {
    let world = world().source([user("robert").id("1")]).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(world.story(), ["rename user bob (renamed) -> robert"]);
}

#[test]
fn without_remove_deleted_leavers_are_simply_retained() {
    let world = world().policy(|policy| policy.remove_deleted = false).target([user("eve")]);
    assert_eq!(world.story(), ["retain user eve: `removeDeleted` is false"]);
}

#[test]
fn one_missing_proof_makes_the_whole_unproven() {
    let mut coverage = Coverage::proved("a");
    assert!(coverage.is_whole() && coverage.whole().is_some());
    coverage.join(Coverage::proved("b"));
    assert!(coverage.is_whole());
    coverage.join(Coverage { proofs: Vec::new(), missing: vec!["page 2".into()] });
    assert!(!coverage.is_whole() && coverage.whole().is_none());
    assert_eq!((coverage.proofs.len(), coverage.missing.len()), (2, 1));
}
