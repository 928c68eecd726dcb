//! Contract 3.8: how leavers leave, and how they come back.

use super::build::{World, group, user};
use crate::plan::First;

fn nothing() -> Vec<String> {
    Vec::new()
}

fn leaving(world: World, users: Option<First>, groups: Option<First>) -> Vec<String> {
    let world = world.target([group("g"), user("eve").groups(["g"]), user("off").active(false), user("alone")]);
    world
        .policy(|policy| {
            policy.leavers.users = users;
            policy.leavers.groups = groups;
        })
        .story()
}

#[test]
fn a_user_is_disabled_where_the_target_can_and_deleted_elsewhere() {
    assert_eq!(
        leaving(World::file(), None, None),
        [
            "delete group g (gone) touches user:eve",
            "disable user alone (gone)",
            "disable user eve (gone)",
            "retain user off: disabled already",
        ]
    );
    assert_eq!(
        leaving(World::thoughtspot(), None, None),
        ["delete group g (gone)", "delete user alone (gone)", "delete user eve (gone)", "delete user off (gone)"]
    );
}

#[test]
fn each_first_step_does_what_it_says() {
    assert_eq!(
        leaving(World::file(), Some(First::Delete), Some(First::Report)),
        [
            "delete user alone (gone)",
            "delete user eve (gone)",
            "delete user off (gone)",
            "retain group g: `leavers` says to report only",
        ]
    );
    assert_eq!(
        leaving(World::file(), Some(First::Strip), Some(First::Report)),
        [
            "strip user eve (gone)",
            "retain group g: `leavers` says to report only",
            "retain user alone: in no group already",
            "retain user off: in no group already",
        ]
    );
    let report = leaving(World::file(), Some(First::Report), Some(First::Delete));
    assert_eq!(report.len(), 4, "{report:?}");
    assert_eq!(report[1], "retain user alone: `leavers` says to report only");
}

#[test]
fn a_step_that_the_target_cannot_take_is_held() {
    let held = leaving(World::thoughtspot(), Some(First::Disable), Some(First::Report));
    assert_eq!(
        held,
        [
            "retain group g: `leavers` says to report only",
            "retain user off: disabled already",
            "hold user alone: disable (target-cannot)",
            "hold user eve: disable (target-cannot)",
        ]
    );
}

#[test]
fn whoever_is_only_in_the_implicit_group_is_stripped_already() {
    let world = World::thoughtspot()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .target([group("All"), group("x"), user("eve").groups(["All"]), user("bob").groups(["All", "x"])])
        .policy(|policy| policy.leavers.groups = Some(First::Report));
    assert_eq!(
        world.story(),
        [
            "strip user bob (gone)",
            "retain group x: `leavers` says to report only",
            "retain user eve: in no group already",
        ]
    );
}

#[test]
fn what_a_deleted_user_owned_is_handed_over() {
    let world = World::thoughtspot()
        .policy(|policy| policy.leavers.transfer_to = Some("archive".into()))
        .source([user("archive")])
        .target([user("archive"), user("eve"), group("g")]);
    assert_eq!(world.story(), ["delete group g (gone)", "delete user eve (gone) to archive"]);
    let file = World::file().policy(|policy| policy.leavers.transfer_to = Some("archive".into()));
    assert_eq!(file.target([user("eve")]).story(), ["disable user eve (gone)"], "a disabled user keeps it");
}

#[test]
fn a_leaver_left_out_by_the_rules_says_so() {
    let world = World::thoughtspot().target([user("TEST-1"), user("eve")]).out_of_scope("user:test-1");
    assert_eq!(world.story(), ["delete user TEST-1 (out-of-scope)", "delete user eve (gone)"]);
}

#[test]
fn a_name_that_was_set_aside_is_never_removed() {
    let world =
        World::thoughtspot().target([user("Ada"), user("eve"), group("x")]).set_aside("user:ada").set_aside("group:x");
    assert_eq!(world.story(), ["delete user eve (gone)"]);
}

#[test]
fn an_inactive_user_of_the_source_is_disabled_where_the_target_can() {
    let world = World::file()
        .source([user("ada").active(false).mail("new"), user("bob").active(false)])
        .target([user("ada"), user("bob").active(false)])
        .policy(|policy| policy.remove_deleted = false);
    assert_eq!(world.story(), [r#"disable user ada (inactive) mail: null -> "new""#]);
    assert_eq!(world.plan().changes[0].after().unwrap().active, Some(false));
    assert!(world.plan().changes[0].action().removes(), "it counts as a removal");
}

#[test]
fn elsewhere_an_inactive_user_is_a_leaver() {
    let world = World::thoughtspot().source([user("ada").active(false)]).target([user("ada")]);
    assert_eq!(world.story(), ["delete user ada (inactive)"]);
    let retained = world.clone().policy(|policy| policy.remove_deleted = false);
    assert_eq!(retained.story(), ["retain user ada: `removeDeleted` is false"]);
}

#[test]
fn an_inactive_user_is_never_created() {
    for world in [World::file(), World::thoughtspot()] {
        let world = world.source([user("ada").active(false), user("bob").active(false), user("cy").active(true)]);
        assert_eq!(
            world.story(),
            ["create user cy (new)", "note 2 of the source are not active and not in the target: not created"]
        );
    }
}

#[test]
fn active_is_a_word_about_users() {
    let world = World::thoughtspot()
        .source([group("new").active(false), group("old").active(false), user("ada").groups(["new", "old"])])
        .target([group("old"), user("ada").groups(["old"])]);
    assert_eq!(world.story(), ["create group new (new)", "update user ada (changed) +new"]);
}

#[test]
fn whoever_rollcall_disabled_is_enabled_on_return() {
    let disabled = || World::file().target([user("ada").active(false)]);
    let back = disabled().source([user("ada")]);
    assert_eq!(back.story(), nothing(), "somebody else disabled it, and the source says nothing");
    let ours = back.remember("user:ada", "", |owned| owned.disabled = true);
    assert_eq!(ours.story(), ["enable user ada (returned)"]);
    assert_eq!(ours.plan().changes[0].after().unwrap().active, Some(true));
    let said = disabled().source([user("ada").active(true)]);
    assert_eq!(said.story(), ["enable user ada (returned)"]);
}
