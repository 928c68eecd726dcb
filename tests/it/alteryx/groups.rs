//! Groups: roles, and groups that go.

use rollcall::sandbox::Product;
use rollcall::sandbox::alteryx::Role;
use serde_json::json;

use super::world::{RULES, World, person, team, with};

const ALL: &str = "removeDeleted: true, ownership: all, leavers: { users: { first: report } }";

#[test]
fn the_role_of_a_group_is_left_unless_it_is_configured_or_given() {
    let world = World::settled(&[team("Finance"), team("Ops"), person("ana", &[])], "", RULES);
    let mut all = world.installation();
    all.groups.iter_mut().for_each(|group| group.role = Role::Member);
    world.seed(all).unwrap();
    world.is_settled();
    world.configure("groupRoles: { Finance: Artisan }", RULES);
    world.source(&[team("Finance"), with(&team("Ops"), "attributes.role", "viewer"), person("ana", &[])]);
    assert_eq!(world.plan().changes(), ["update group:Finance", "update group:Ops"]);
    world.apply();
    assert_eq!((world.team("Finance").role, world.team("Ops").role), (Role::Artisan, Role::Viewer));
    world.is_settled();
}

#[test]
fn a_group_that_goes_is_emptied_first_and_says_what_goes_with_it() {
    let seed = json!({"groups": [{"name": "Old", "credentialIds": ["c1", "c2"], "connectionIds": ["d1"]}, {"name": "New"}],
        "users": [{"email": "ana@example.org", "firstName": "ana", "lastName": "Example", "groups": ["Old"]},
            {"email": "joan@example.org", "firstName": "Joan", "lastName": "Clarke", "groups": ["Old"]}]});
    for force in [false, true] {
        let target = if force { "forceDelete: true" } else { "" };
        let world = World::with_target(&[team("New"), person("ana", &["New"])], &seed, target, ALL);
        let plan = world.plan();
        assert!(plan.changes().contains(&"delete group:Old".to_owned()), "{plan}");
        let notes = plan["notes"].to_string();
        assert!(notes.contains("credentialIds c1, c2, connectionIds d1") && notes.contains("`undo`"), "{notes}");
        assert_eq!(notes.contains("`forceDelete`"), force, "{notes}");
        world.apply();
        let taken_out = world.wrote().iter().filter(|write| *write == "DELETE usergroups/users").count();
        assert_eq!(taken_out, if force { 0 } else { 2 });
        assert!(world.group("Old").is_none() && world.groups_of("joan").is_empty());
        assert_eq!(world.groups_of("ana"), ["New"]);
        world.is_settled();
    }
}

#[test]
fn groups_are_not_put_into_groups() {
    let nested = with(&team("Finance"), "groupNames", json!(["Company"]));
    let world = World::new(&[team("Company"), nested, person("ana", &["Finance"])], &json!({}), RULES);
    let plan = world.plan();
    assert_eq!(plan.held(), ["group:Finance join Company: target-cannot"]);
    assert!(plan["held"][0]["reason"].as_str().unwrap().contains("flatten"), "{plan}");
    world.configure("", "groups: { nested: flatten }");
    world.apply();
    assert_eq!(world.groups_of("ana"), ["Company", "Finance"]);
}

#[test]
fn check_says_who_calls_and_what_there_is() {
    let world = World::new(&[person("ana", &[])], &json!({"groups": [{"name": "Finance"}]}), RULES);
    let check = world.run("check").exits(0);
    for text in ["is a Curator", "1 users and 1 groups"] {
        assert!(check.out.contains(text), "{check}");
    }
    let seed = json!({"groups": [{"name": "Curators", "role": "Curator"}],
        "users": [{"email": "admin@example.org", "isApiEnabled": true, "groups": ["Curators"]}]});
    world.put_state(seed).unwrap();
    let check = world.run("check").exits(0);
    assert!(check.out.contains("by a group only"), "{check}");
    world.switch(|switches| switches.base = "/elsewhere".into());
    world.run("check").exits(1).says("Web API address");
}

#[test]
fn a_key_whose_owner_lost_the_rights_is_told_so() {
    let world = World::settled(&[person("ana", &[])], "", RULES);
    world.meddle("admin", |admin| admin.role = Role::Viewer);
    let run = world.run("plan").exits(1).complains("may not administer this server");
    assert!(run.err.contains("an active Curator with API access"), "{run}");
    assert!(world.writes().is_empty());
}
