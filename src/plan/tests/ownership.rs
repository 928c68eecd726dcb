//! Contract 3.6 and 3.7: whom a sync may touch.

use super::build::{World, group, user};
use crate::plan::{First, LastSeen, Owner, Ownership};
use crate::principal::Kind;

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn under_managed_only_what_is_owned_can_leave() {
    let world = World::thoughtspot()
        .policy(|policy| policy.ownership = Ownership::Managed)
        .target([user("hand"), user("ours"), group("hand"), group("ours")])
        .owned("user:ours", "")
        .owned("group:ours", "");
    assert_eq!(
        world.told(),
        [
            "delete group ours (gone)",
            "delete user ours (gone)",
            "note not removed under `ownership: managed`: 1 user and 1 group that no source has; this sync neither \
             created them nor has once matched them (`adopt` takes one into its care)"
        ]
    );
    let bases = world.plan().bases;
    assert_eq!((bases.users.removable, bases.users.target), (1, 2));
    let all = world.policy(|policy| policy.ownership = Ownership::All);
    assert_eq!(all.plan().changes.len(), 4);
}

#[test]
fn who_is_matched_is_adopted_and_may_then_leave() {
    let world = World::thoughtspot().source([user("hand").mail("m")]).target([user("hand")]);
    assert_eq!(
        world.policy(|policy| policy.ownership = Ownership::Managed).told(),
        [r#"update user hand (changed) mail: null -> "m""#, "adopt user hand"]
    );
}

#[test]
fn a_removal_tells_what_is_remembered() {
    let mut plan = World::thoughtspot().source([user("ada")]).target([user("Eve")]).owned("user:eve", "9").plan();
    plan.trace(|kind, name| {
        assert_eq!((kind, name), (Kind::User, "Eve"), "only removals are traced");
        Some(LastSeen { origin: Some("people.csv:7".into()), time: Some("2026-01-01T00:00:00Z".into()) })
    });
    let change = &plan.changes[0];
    assert_eq!(change.owner, Owner::Created);
    assert_eq!(change.detail().last_origin.as_deref(), Some("people.csv:7"));
    assert_eq!(change.detail().last_seen.as_deref(), Some("2026-01-01T00:00:00Z"));
}

#[test]
fn another_sync_keeps_what_it_owns() {
    let world = World::thoughtspot()
        .source([user("ada").mail("new"), user("bob")])
        .target([user("ada"), user("bob"), user("eve"), group("theirs")])
        .owned_by("user:ada", "other")
        .owned_by("user:bob", "other")
        .owned_by("user:eve", "other")
        .owned_by("group:theirs", "other");
    assert_eq!(world.told(), ["hold user ada: update (other-owner)"], "no difference, nothing to say");
    assert!(world.plan().held[0].reason.contains("`other`"), "it names the owner");
    assert_eq!(world.plan().bases.users.removable, 0);
}

#[test]
fn system_and_protected_principals_are_never_touched() {
    let world = World::thoughtspot()
        .protect("user:svc-*")
        .protect("group:Finance")
        .source([
            user("TSADMIN").mail("x"),
            user("svc-a").mail("x"),
            user("svc-new"),
            group("Finance").display("x"),
            group("Administrator").display("x"),
            user("su"),
        ])
        .target([
            user("tsadmin"),
            user("su"),
            user("system"),
            user("guest"),
            user("svc-a"),
            user("SVC-b"),
            group("Finance"),
            group("Administrator"),
            group("System"),
            group("All"),
        ]);
    assert_eq!(
        world.told(),
        [
            "hold group Administrator: update (protected)",
            "hold group Finance: update (protected)",
            "hold user svc-a: update (protected)",
            "hold user svc-new: create (protected)",
            "hold user tsadmin: update (protected)",
        ]
    );
    assert_eq!((world.plan().bases.users.removable, world.plan().bases.groups.removable), (0, 0));
}

#[test]
fn a_record_that_would_remove_a_protected_or_foreign_one_is_held() {
    let world = World::thoughtspot()
        .source([user("su").active(false), user("ada").active(false)])
        .target([user("su"), user("ada")])
        .owned_by("user:ada", "other");
    assert_eq!(world.story(), ["hold user ada: delete (other-owner)", "hold user su: delete (protected)"]);
    let retained = world.policy(|policy| policy.remove_deleted = false);
    assert_eq!(retained.story(), nothing(), "where nothing would be removed nothing is held");
}

#[test]
fn membership_of_a_protected_group_is_a_change_of_the_user() {
    let world = World::thoughtspot()
        .source([user("ada").groups(["Administrator"])])
        .target([group("Administrator"), user("ada").groups([])]);
    assert_eq!(world.story(), ["update user ada (changed) +Administrator"]);
}

#[test]
fn who_receives_what_leavers_own_does_not_leave() {
    let world = World::thoughtspot()
        .policy(|policy| {
            policy.leavers.users = Some(First::Delete);
            policy.leavers.transfer_to = Some("BI-archive".into());
        })
        .target([user("bi-archive"), user("eve"), group("bi-archive")]);
    assert_eq!(
        world.story(),
        [
            "delete group bi-archive (gone)",
            "delete user eve (gone) to BI-archive",
            "retain user bi-archive: it receives what leavers own",
        ]
    );
}
