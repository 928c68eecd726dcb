//! Contract 3.4, 3.5, and groups that no source defines (section 8).

use super::build::{World, group, user};
use crate::plan::Memberships;

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn exact_memberships_are_made_equal() {
    let world = World::file().source([group("a"), group("b"), user("ada").groups(["a", "b"])]).target([
        group("a"),
        group("b"),
        group("hand"),
        user("ada").groups(["a", "hand"]),
    ]);
    assert_eq!(
        world.policy(|policy| policy.remove_deleted = false).story(),
        ["update user ada (changed) +b -hand", "retain group hand: `removeDeleted` is false"]
    );
}

#[test]
fn managed_memberships_leave_groups_alone_that_no_source_defines() {
    let world = World::file()
        .policy(|policy| {
            policy.memberships = Memberships::Managed;
            policy.remove_deleted = false;
        })
        .source([group("a"), group("b"), user("ada").groups(["b"])])
        .target([group("a"), group("b"), group("hand"), user("ada").groups(["a", "hand"])]);
    assert_eq!(world.story(), ["update user ada (changed) +b -a", "retain group hand: `removeDeleted` is false"]);
}

#[test]
fn no_groups_and_unmanaged_groups_are_two_things() {
    let target = || [group("a"), user("ada").groups(["a"])];
    let unmanaged = World::file().source([group("a"), user("ada")]).target(target());
    assert_eq!(unmanaged.story(), nothing());
    let none = World::file().source([group("a"), user("ada").groups([])]).target(target());
    assert_eq!(none.story(), ["update user ada (changed) -a"]);
}

#[test]
fn groups_are_members_of_groups() {
    let world = World::file()
        .source([group("all bi"), group("sub").groups(["all bi"])])
        .target([group("all bi"), group("sub").groups(["old"]), group("old")])
        .policy(|policy| policy.remove_deleted = false);
    assert_eq!(
        world.story(),
        ["update group sub (changed) +all bi -old", "retain group old: `removeDeleted` is false"]
    );
}

#[test]
fn the_implicit_group_never_shows() {
    let world = World::thoughtspot()
        .source([user("ada").groups(["All"]), user("bob").groups([]), user("cy").groups(["All"]), group("All")])
        .target([group("All"), user("ada").groups([]), user("bob").groups(["All"])]);
    assert_eq!(world.story(), ["create user cy (new)"]);
    let unlisted = World::thoughtspot().source([user("bob").groups([])]).target([user("bob").groups(["All"])]);
    assert_eq!(unlisted.story(), nothing(), "even where the target does not list the group itself");
    let created = World::thoughtspot().source([group("All"), user("ada").groups(["All"])]);
    assert_eq!(created.story(), ["create user ada (new)"], "and it is never made");
}

#[test]
fn an_existing_group_that_no_source_defines_is_used_as_it_is() {
    let world = World::file().source([user("ada").groups(["hand"])]).target([
        group("hand").display("By hand"),
        group("other"),
        user("ada").groups([]),
    ]);
    assert_eq!(world.story(), ["delete group other (gone)", "update user ada (changed) +hand"]);
}

#[test]
fn a_group_that_nobody_defines_and_the_target_lacks_is_left_out_and_listed() {
    let world = World::file()
        .source([user("ada").groups(["x", "y"]), user("bob").groups(["y"]), group("x")])
        .target([user("bob").groups([])]);
    assert_eq!(
        world.story(),
        [
            "create group x (new)",
            "create user ada (new) +x",
            "note group `y` is named by 2 of the source, but no source defines it and the target lacks it: left out",
        ]
    );
}

#[test]
fn a_held_creation_takes_its_memberships_with_it() {
    let world = World::file().policy(|policy| policy.allow.groups = Vec::new());
    let story = world.source([group("x"), user("ada").groups(["x"])]).story();
    assert_eq!(story.len(), 3, "{story:?}");
    assert_eq!(story[..2], ["create user ada (new)", "hold group x: create (not-allowed)"]);
    assert!(!story[2].contains("no source defines it"), "{}", story[2]);
}

#[test]
fn a_deleted_group_takes_its_memberships_with_it() {
    let world = World::file()
        .source([group("keep"), user("ada").groups(["keep"]), user("bob").groups([]), group("sub").groups([])])
        .target([
            group("keep"),
            group("old"),
            group("sub").groups(["old"]),
            user("ada").groups(["keep", "old"]),
            user("bob").groups(["keep", "old"]),
            user("eve").groups(["old"]),
        ]);
    assert_eq!(
        world.story(),
        [
            "delete group old (gone) touches group:sub user:ada user:bob user:eve",
            "update user bob (changed) -keep",
            "disable user eve (gone)",
        ]
    );
}

#[test]
fn who_is_deleted_too_is_not_touched() {
    let world = World::thoughtspot().target([group("old"), user("eve").groups(["old"])]);
    assert_eq!(world.story(), ["delete group old (gone)", "delete user eve (gone)"]);
}

#[test]
fn a_group_is_named_under_whatever_spelling_the_target_uses() {
    let world = World::file()
        .source([group("caf\u{e9}"), user("ada").groups(["cafe\u{301}"])])
        .target([group("cafe\u{301}"), user("ada").groups(["cafe\u{301}"])]);
    assert_eq!(world.story(), nothing());
}

#[test]
fn a_group_that_only_a_record_set_aside_names_is_no_leaver() {
    let world = World::file().target([group("x"), group("y")]);
    let mut desired = world.desired();
    let mut names = crate::principal::GroupNames::new();
    names.intern("x");
    desired.set = crate::principal::PrincipalSet::build(Vec::new(), names, world.can.rules).0;
    let plan = crate::plan::diff(desired, &world.current(), &world.policy, &world.can, &world.ledger);
    assert_eq!(super::tell::lines(&plan), ["delete group y (gone)"]);
}
