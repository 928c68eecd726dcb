//! Contract 3.1, 3.2, 3.12, 3.15: create, update, retain, delete.

use super::build::{World, group, user};
use crate::plan::{Abilities, Ability, Allow, AllowedAction, First, summary};
use crate::principal::{Kind, PrincipalId};

fn world() -> World {
    World::thoughtspot()
        .source([
            user("ada").display("Ada").at("people.csv:2"),
            user("bob").display("Robert"),
            user("cy").display("Cy"),
        ])
        .target([user("bob").display("Bob"), user("cy").display("Cy"), user("eve").display("Eve")])
}

#[test]
fn who_is_new_is_created_who_differs_updated_who_is_gone_deleted() {
    assert_eq!(
        world().story(),
        [
            "create user ada (new)",
            r#"update user bob (changed) displayName: "Bob" -> "Robert""#,
            "delete user eve (gone)",
        ]
    );
    let plan = world().plan();
    assert_eq!(plan.changes[0].origin.as_ref().unwrap().to_string(), "people.csv:2");
    let counts = summary(&plan, [Kind::Group]);
    assert_eq!((counts.users.create, counts.users.update, counts.users.delete), (1, 1, 1));
    assert_eq!((counts.users.unchanged, counts.users.rejected, counts.groups.rejected), (1, 0, 1));
    assert_eq!((plan.bases.users.target, plan.bases.users.removable), (3, 3));
}

#[test]
fn without_remove_deleted_a_leaver_is_listed_as_retained() {
    let story = world().policy(|policy| policy.remove_deleted = false).story();
    assert_eq!(story[2], "retain user eve: `removeDeleted` is false");
}

#[test]
fn a_user_and_a_group_of_one_name_are_two_principals() {
    let story = World::file().source([group("x").display("x")]).target([user("x").display("x")]).story();
    assert_eq!(story, ["create group x (new)", "disable user x (gone)"]);
}

#[test]
fn groups_come_before_users_and_names_are_in_order() {
    let story = World::file().source([user("b"), user("a"), group("z"), group("y")]).story();
    assert_eq!(story, ["create group y (new)", "create group z (new)", "create user a (new)", "create user b (new)"]);
}

#[test]
fn what_allow_leaves_out_is_held() {
    let none = |policy: &mut crate::plan::Policy| policy.allow = Allow { users: Vec::new(), groups: Vec::new() };
    assert_eq!(
        world().policy(none).story(),
        [
            "hold user ada: create (not-allowed)",
            "hold user bob: update (not-allowed)",
            "hold user eve: delete (not-allowed)",
        ]
    );
    let world = World::file()
        .source([user("ada").id("1"), user("bob").active(true), user("cy").active(false)])
        .target([user("adele"), user("bob").active(false), user("cy"), user("dan")])
        .owned("user:adele", "1");
    let only_disable = world.clone().policy(|policy| policy.allow.users = vec![AllowedAction::Disable]);
    assert_eq!(
        only_disable.story(),
        [
            "disable user cy (inactive)",
            "disable user dan (gone)",
            "hold user adele: rename (not-allowed)",
            "hold user bob: enable (not-allowed)",
        ]
    );
    let only_update = world.policy(|policy| policy.allow.users = vec![AllowedAction::Update]);
    assert_eq!(
        only_update.story(),
        [
            "rename user adele (renamed) -> ada",
            "enable user bob (returned)",
            "hold user cy: disable (not-allowed)",
            "hold user dan: disable (not-allowed)",
        ]
    );
}

#[test]
fn what_the_target_cannot_do_is_held() {
    let world = world().can(|can| {
        can.users = Abilities::none();
        can.groups = Abilities::none();
    });
    assert_eq!(
        world.story(),
        [
            "hold user ada: create (target-cannot)",
            "hold user bob: update (target-cannot)",
            "hold user eve: delete (target-cannot)",
        ]
    );
    let rename = World::file()
        .can(|can| can.users = Abilities::of(&[Ability::Update, Ability::Join]))
        .source([user("robert").id("1"), user("cy").active(true)])
        .target([user("bob"), user("cy").active(false)])
        .owned("user:bob", "1");
    assert_eq!(rename.story(), ["hold user bob: rename (target-cannot)"], "and active is not managed there");
}

#[test]
fn an_empty_world_plans_nothing() {
    assert!(World::file().story().is_empty());
    assert!(World::thoughtspot().policy(|policy| policy.leavers.users = Some(First::Report)).plan().is_empty());
}

#[test]
fn a_plan_is_narrowed_to_the_named() {
    let world = World::thoughtspot()
        .source([user("ada"), user("robert").id("1"), group("x")])
        .target([user("bob"), user("Eve"), user("hand")])
        .protect("user:hand")
        .owned("user:bob", "1");
    let only = |ids: &[&str]| {
        let mut plan = world.plan();
        let ids: Vec<_> = ids.iter().map(|id| PrincipalId::parse(id).unwrap()).collect();
        plan.narrow(&ids, world.can.rules);
        super::tell::lines(&plan)
    };
    assert_eq!(only(&[]).len(), 4);
    assert_eq!(only(&["user:EVE"]), ["delete user Eve (gone)"]);
    assert_eq!(only(&["user:robert"]), ["rename user bob (renamed) -> robert"], "by the new name or the old");
    assert_eq!(only(&["user:bob", "group:x"]), ["create group x (new)", "rename user bob (renamed) -> robert"]);
    assert!(only(&["group:ada"]).is_empty());
}

#[test]
fn whoever_is_named_brings_along_the_new_groups_they_are_to_be_in() {
    let world = World::thoughtspot().source([
        user("ada").groups(["staff"]),
        user("bob").groups(["other"]),
        group("staff").groups(["all-of-us"]),
        group("all-of-us"),
        group("other"),
    ]);
    let mut plan = world.plan();
    plan.back = vec![(Kind::User, "ada".into()), (Kind::User, "bob".into())];
    plan.narrow(&[PrincipalId::parse("user:ada").unwrap()], world.can.rules);
    let changed: Vec<_> = plan.changes.iter().map(|change| change.id().to_string()).collect();
    assert_eq!(changed, ["group:all-of-us", "group:staff", "user:ada"]);
    assert_eq!(plan.back, [(Kind::User, "ada".into())], "nothing is settled of the others");
}
