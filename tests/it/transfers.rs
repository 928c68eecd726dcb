//! What leavers own goes to an heir before they go.

use rollcall::sandbox::FaultKind;
use serde_json::Value;

use crate::support::{World, people, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete, transferTo: heir } }";

/// Twelve people and an heir; the first two own something and are gone from the source.
fn leaving() -> World {
    let mut source = people(12);
    source.push(user("heir", &["staff"]));
    let world = World::new(&source, &[], RULES);
    world.settle();
    world.cluster.set("u001", "owned", 3);
    world.cluster.set("u002", "owned", 4);
    world.cluster.clear_journal();
    source.drain(1..3);
    world.source(&source);
    world
}

fn owned(world: &World, name: &str) -> Option<u64> {
    world.cluster.find(name).map(|principal| principal.owned)
}

fn bad_request() -> FaultKind {
    FaultKind::Status { code: 400, retry_after: None, body: None, content_type: None }
}

#[test]
fn ownership_moves_before_the_account_goes() {
    let world = leaving();
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u001", "delete user:u002"]);
    assert_eq!(plan.change("user:u001")["transferTo"], "heir");
    world.run("plan").exits(0).says("what it owns goes to heir first");
    world.run("apply --yes").exits(0);
    assert_eq!((owned(&world, "u001"), owned(&world, "u002"), owned(&world, "heir")), (None, None, Some(7)));
    assert_eq!(world.cluster.lost_objects(), 0);
    let writes: Vec<_> = world.cluster.writes().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(writes, ["user/transfer/ownership", "user/transfer/ownership", "user/sync"]);
    world.is_settled();
}

#[test]
fn a_transfer_that_fails_keeps_the_account() {
    let world = leaving();
    world.cluster.fault("user/transfer/ownership", bad_request());
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["failed user:u001", "done user:u002"]);
    assert_eq!((owned(&world, "u001"), owned(&world, "u002"), owned(&world, "heir")), (Some(3), None, Some(4)));
    assert_eq!(world.cluster.lost_objects(), 0);
    world.run("apply --yes").exits(0);
    assert_eq!((owned(&world, "u001"), owned(&world, "heir"), world.cluster.lost_objects()), (None, Some(7), 0));
}

#[test]
fn newcomers_and_changes_come_first_and_are_done_whatever_becomes_of_transfers() {
    let world = leaving();
    let mut source = people(12);
    source.drain(1..3);
    source.push(user("heir", &["staff"]));
    source.push(user("new", &["staff"]));
    source[1] = with(source[1].clone(), "displayName", "Changed");
    world.source(&source);
    for _ in 0..2 {
        world.cluster.fault("user/transfer/ownership", bad_request());
    }
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:new", "failed user:u001", "failed user:u002", "done user:u003"]);
    assert!(world.cluster.find("new").is_some());
    assert_eq!(world.cluster.find("u003").unwrap().display_name, "Changed");
    assert_eq!(world.cluster.lost_objects(), 0);
}

#[test]
fn an_heir_who_is_not_there_keeps_everybody() {
    let world = leaving();
    world.configure("json: { path: people.json }, expect: { shrink: off }", RULES);
    world.cluster.meddle(|principal| (principal["name"] != "heir").then_some(principal));
    let source: Vec<Value> =
        people(12).into_iter().enumerate().filter(|(at, _)| !(1..3).contains(at)).map(|(_, p)| p).collect();
    world.source(&source);
    world.run("apply --yes").exits(4).says("there is no user heir");
    assert_eq!((owned(&world, "u001"), owned(&world, "u002")), (Some(3), Some(4)));
    assert_eq!(world.cluster.lost_objects(), 0);
}
