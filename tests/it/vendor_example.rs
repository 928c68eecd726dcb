//! The five principals of the vendor's User API page, into a cluster that has only its own.

use serde_json::Value;

use crate::support::World;

const PRINCIPALS: &str = include_str!("../fixtures/vendor-principals.json");

fn fresh(rules: &str) -> World {
    let principals: Vec<Value> = serde_json::from_str(PRINCIPALS).unwrap();
    World::new(&principals, &[], rules)
}

#[test]
fn the_plan_makes_two_groups_and_two_users_and_leaves_all_alone() {
    let world = fresh("applyChanges: true");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(
        plan.changes(),
        ["create group:Customer Success", "create group:Marketing", "create user:test1", "create user:test2"]
    );
    assert_eq!(plan.held(), ["user:test2 join Administrator: privileged"]);
    assert_eq!(plan.change("user:test1")["after"]["groupNames"], serde_json::json!(["Customer Success", "Marketing"]));
    world.run("plan --detailed-exitcode").exits(2).says("join Administrator").says("guard.privileged.allow");
    world.nothing_written();
}

#[test]
fn the_membership_of_administrators_waits_for_the_list() {
    let world = fresh("removeDeleted: false");
    let system = world.cluster.system();
    world.run("apply --yes").exits(4).says("1 held by the guard").says("Verified.");
    assert_eq!(world.cluster.residents(), ["Customer Success", "Marketing", "test1", "test2"]);
    assert_eq!(world.cluster.groups_of("test1"), ["Customer Success", "Marketing"]);
    assert!(world.cluster.groups_of("test2").is_empty());

    world.rules("guard: { privileged: { allow: { Administrator: [\"user:test2\"] } } }");
    world.cluster.clear_journal();
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!((plan.changes(), plan.held()), (vec!["update user:test2".to_owned()], Vec::new()));
    assert_eq!(plan.change("user:test2")["privileged"], true);
    world.nothing_written();

    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("test2"), ["Administrator"]);
    let test1 = world.cluster.find("test1").unwrap();
    assert_eq!((test1.display_name.as_str(), test1.mail.as_str()), ("test one", "test1@test.com"));
    assert!(test1.has_password);
    assert_eq!(world.cluster.find("Marketing").unwrap().description, "Marketing Group");
    assert_eq!(world.cluster.system(), system);

    world.cluster.clear_journal();
    world.is_settled();
    world.nothing_written();
}

#[test]
fn one_apply_is_enough_where_the_list_has_her() {
    let world = fresh("guard: { privileged: { allow: { Administrator: [\"user:test2\"] } } }");
    world.run("apply --yes").exits(0).says("PRIVILEGED");
    assert_eq!(world.cluster.groups_of("test2"), ["Administrator"]);
    assert_eq!(world.cluster.writes().len(), 1);
    world.is_settled();
}
