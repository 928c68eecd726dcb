//! People who change, move and go; groups that go.

use serde_json::{Value, json};

use crate::support::{World, group, people, user, with};

/// Ten people in `staff`, a group `sales`, and an account made by hand that no source knows.
fn company(rules: &str) -> World {
    let mut source = people(10);
    source.push(group("sales", &[]));
    let world = World::new(&source, &[user("byhand", &[])], rules);
    world.settle();
    world
}

/// One renamed in `displayName`, one moved between groups, one gone.
fn a_monday() -> Vec<Value> {
    let mut source = people(10);
    source[1]["displayName"] = "Newly Wed".into();
    source[2]["groupNames"] = json!(["sales"]);
    source.remove(3);
    source.push(group("sales", &[]));
    source
}

#[test]
fn without_remove_deleted_a_leaver_is_retained() {
    let world = company("ownership: managed, removeDeleted: false");
    world.source(&a_monday());
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001", "update user:u002"]);
    assert_eq!(plan.names("retained"), ["user:u003"]);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u003").is_some());
    assert_eq!(world.cluster.groups_of("u002"), ["sales"]);
    world.is_settled();
}

#[test]
fn with_remove_deleted_a_leaver_goes_and_nobody_else() {
    let world = company("ownership: managed, removeDeleted: true");
    let (system, byhand) = (world.cluster.system(), world.cluster.find("byhand"));
    world.source(&a_monday());
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001", "update user:u002", "delete user:u003"]);
    assert_eq!((plan.change("user:u003")["reasonCode"].as_str(), plan.names("retained").len()), (Some("gone"), 0));
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("u003"), None);
    assert_eq!(world.cluster.find("u001").unwrap().display_name, "Newly Wed");
    assert_eq!((world.cluster.system(), world.cluster.find("byhand")), (system, byhand));
    let writes = world.cluster.writes();
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].changes.users_deleted, ["u003".to_owned()].into());
    assert_eq!(writes[0].changes.users_updated, ["u001".to_owned(), "u002".to_owned()].into());
    world.is_settled();
}

#[test]
fn the_command_line_may_ask_for_the_leaver_policy() {
    let world = company("ownership: managed");
    world.source(&a_monday());
    let plan = world.run("plan --remove-deleted --format json").exits(0).document();
    assert_eq!(plan.changes().last().unwrap(), "delete user:u003");
    world.run("apply --yes --remove-deleted").exits(0);
    assert_eq!(world.cluster.find("u003"), None);
}

#[test]
fn whoever_is_not_active_is_a_leaver_and_never_created() {
    let world = company("ownership: managed, removeDeleted: true");
    let mut source = people(10);
    source.push(group("sales", &[]));
    source[4]["active"] = false.into();
    source.push(with(user("never", &["staff"]), "active", false));
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u004"]);
    assert_eq!(plan.change("user:u004")["reasonCode"], "inactive");
    assert_eq!(plan["notes"][0], "1 of the source are not active and not in the target: not created");
}

#[test]
fn a_group_that_goes_is_lost_by_its_members() {
    let mut source = people(10);
    source.push(group("sales", &["staff"]));
    source[1]["groupNames"] = json!(["sales", "staff"]);
    source[2]["groupNames"] = json!(["sales"]);
    source.push(group("region", &["sales"]));
    let world = World::settled(&source, "ownership: managed, removeDeleted: true");

    let mut source = people(10);
    source[2]["groupNames"] = json!([]);
    source.push(group("region", &[]));
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete group:sales"]);
    assert_eq!(plan.change("group:sales")["alsoUpdates"], json!(["group:region", "user:u001", "user:u002"]));
    world.run("plan").exits(0).says("3 members lose it");
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("u001"), ["staff"]);
    assert!(world.cluster.groups_of("u002").is_empty() && world.cluster.groups_of("region").is_empty());
    world.is_settled();
}

#[test]
fn a_group_that_is_still_named_stays() {
    let mut source = people(10);
    source.push(group("sales", &[]));
    source[1]["groupNames"] = json!(["sales"]);
    let world = World::settled(&source, "ownership: managed, removeDeleted: true");
    source.retain(|principal| principal["name"] != "sales");
    world.source(&source);
    world.is_settled();
}

#[test]
fn groups_in_groups_are_made_moved_and_taken_apart() {
    let mut source = people(10);
    source.push(group("emea", &["world"]));
    source.push(group("world", &[]));
    source.push(group("spain", &["emea"]));
    source[1]["groupNames"] = json!(["spain"]);
    let world = World::settled(&source, "ownership: managed, removeDeleted: true");
    assert_eq!(world.cluster.groups_of("spain"), ["emea"]);
    assert_eq!(world.cluster.groups_of("emea"), ["world"]);

    for principal in &mut source {
        match principal["name"].as_str() {
            Some("spain") => principal["groupNames"] = json!(["world"]),
            Some("emea") => principal["groupNames"] = json!(["spain"]),
            _ => {}
        }
    }
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update group:emea", "update group:spain"]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("spain"), ["world"]);
    assert_eq!(world.cluster.groups_of("emea"), ["spain"]);
    world.is_settled();
}

#[test]
fn a_circle_of_groups_is_refused_by_the_server_and_nothing_is_written() {
    let mut source = people(10);
    source.push(group("egg", &["hen"]));
    source.push(group("hen", &["egg"]));
    let world = World::new(&source, &[], "ownership: managed");
    world.run("apply --yes").exits(1).says("would contain itself");
    world.nothing_written();
}

#[test]
fn only_some_may_be_named() {
    let world = company("ownership: managed, removeDeleted: true");
    world.source(&a_monday());
    let plan = world.run("plan --only user:U003 --only group:sales --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u003"]);
    world
        .run("plan --only user:nobody --detailed-exitcode")
        .exits(0)
        .says(" · only user:nobody")
        .says("nobody else was looked at");
    world.run("plan --only u003").exits(64).complains("--only");
}
