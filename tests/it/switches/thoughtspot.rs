//! What the pages of ThoughtSpot leave open.

use serde_json::{Value, json};

use super::story::ends_well;
use crate::conformance::V2;
use crate::support::{World, WorldV2, group, user, with};

/// Nobody is made a second time for being spelled otherwise, whatever the cluster would take.
#[test]
fn a_user_who_is_spelled_otherwise_is_the_same_one() {
    let world = World::new(&[user("ADA", &[])], &[user("ada", &[])], "ownership: managed");
    world.cluster.switch(|switches| switches.fold_users = false);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("ADA").is_none() && world.cluster.find("ada").unwrap().display_name == "The ADA");
    world.is_settled();
}

/// A token that is good for two calls is renewed before each of them.
#[test]
fn tokens_that_end_soon_are_renewed() {
    let world = WorldV2::new(&[group("eng", &[]), user("ada", &["eng"])], &[], "", "ownership: managed");
    world.switch(|switches| {
        switches.token_seconds = Some(120);
        switches.seconds_per_call = 50;
    });
    world.run("apply --yes").exits(0);
    assert!(world.cluster.count("auth/token/full") > 3);
    world.is_settled();
}

/// Every list is sent with the operation that it is for, so that an empty one says nothing.
#[test]
fn whether_an_empty_list_clears_does_not_matter() {
    for clears in [true, false] {
        ends_well(&V2, "", &json!({ "v2": { "emptyListClears": clears } }));
    }
}

/// In another org they look as if they were not there: nobody is made by their names.
#[test]
fn administrators_who_are_shown_in_the_primary_org_alone_are_not_made_again() {
    let seed = [
        with(user("root", &["Administrator"]), "orgs", json!([0, 1])),
        with(user("tsadmin", &["Administrator"]), "orgs", json!([0, 1])),
    ];
    let seed: Vec<Value> = seed.into_iter().map(|record| with(record, "password", Value::Null)).collect();
    let world = WorldV2::new(&[group("eng", &[]), user("root", &["eng"])], &seed, "org: 1", "ownership: managed");
    world.switch(|switches| switches.administrators_show_primary_only = true);
    let plan = world.plan();
    assert_eq!(plan.held(), ["user:root create: target-cannot"], "{plan}");
    assert_eq!(plan.changes(), ["create group:eng"]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.residents().iter().filter(|name| *name == "root").count(), 1);
}
