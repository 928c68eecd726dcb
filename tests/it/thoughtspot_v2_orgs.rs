//! Clusters with several orgs: a sync means one of them, and touches no other.

use rollcall::sandbox::Product;
use serde_json::{Value, json};

use crate::support::{WorldV2, group, user, with};

const RULES: &str = "ownership: all, removeDeleted: true, guard: { removals: off, budget: off, admins: off }";

/// Ada in both orgs, Bob in the primary one, Zoe in the other; a group `eng` in each.
fn seed() -> Vec<Value> {
    let far = |groups: &[&str]| {
        let keys: Vec<Value> = groups.iter().map(|name| json!({"org": 1, "name": name})).collect();
        json!(keys)
    };
    vec![
        group("eng", &[]),
        with(group("eng", &[]), "orgs", json!([1])),
        with(with(user("ada", &["eng"]), "orgs", json!([0, 1])), "groupsElsewhere", far(&["eng"])),
        user("bob", &["eng"]),
        with(with(user("zoe", &[]), "orgs", json!([1])), "groupsElsewhere", far(&["eng"])),
        with(user("tsadmin", &["Administrator"]), "orgs", json!([0, 1])),
    ]
}

fn world(people: &[Value], keys: &str) -> WorldV2 {
    let seed: Vec<Value> = seed().into_iter().map(|record| with(record, "password", Value::Null)).collect();
    let world = WorldV2::new(people, &seed, keys, RULES);
    world.cluster.clear_journal();
    world
}

fn elsewhere(world: &WorldV2, name: &str) -> Vec<String> {
    let groups = world.cluster.find(name).unwrap().groups_elsewhere;
    groups.into_iter().map(|key| key.name).filter(|name| name != "All").collect()
}

#[test]
fn a_sync_sees_its_own_org_alone() {
    let world = world(&[group("eng", &[]), user("ada", &["eng"]), user("zoe", &["eng"])], "org: 1");
    world.is_settled();
    world.run("check").exits(0).says("API v2, org 1");
    world.configure("org: 0", RULES);
    assert_eq!(world.plan().changes(), ["delete user:bob"], "{}", world.plan());
    assert_eq!(world.plan().held(), ["user:zoe create: target-cannot"], "a name is one for all orgs");
}

#[test]
fn what_is_made_is_made_in_the_org_that_is_meant() {
    let people = [
        group("eng", &[]),
        group("new", &["eng"]),
        user("ada", &["eng"]),
        user("zoe", &["new"]),
        user("max", &["new"]),
    ];
    let world = world(&people, "org: 1");
    world.run("apply --yes").exits(0);
    let max = world.cluster.find("max").unwrap();
    assert_eq!((max.orgs, max.group_names.is_empty()), (vec![1], true));
    assert_eq!(elsewhere(&world, "max"), ["new"]);
    assert_eq!(elsewhere(&world, "zoe"), ["new"]);
    assert_eq!(world.cluster.groups_of("bob"), ["eng"], "the other org is as it was");
    world.was_well_spoken();
    world.is_settled();
}

#[test]
fn who_is_in_other_orgs_too_leaves_this_one_and_stays_in_the_others() {
    let world = world(&[group("eng", &[]), user("zoe", &["eng"])], "org: 1");
    let run = world.run("plan --format json").exits(0);
    assert_eq!(run.document().changes(), ["delete user:ada"]);
    assert!(run.out.contains("the account stays"), "{run}");
    world.run("apply --yes").exits(0);
    let ada = world.cluster.find("ada").unwrap();
    assert_eq!((ada.orgs, ada.group_names), (vec![0], vec!["All".to_owned(), "eng".to_owned()]));
    assert_eq!(world.writes(), ["users/*/update"]);
    world.is_settled();
    world.source(&[group("eng", &[]), user("max", &["eng"])]);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("zoe").is_none(), "whoever is in this org alone is deleted");
}

#[test]
fn who_is_there_in_another_org_is_added_where_the_setting_says_so() {
    let people = [group("eng", &[]), user("ada", &["eng"]), user("zoe", &["eng"]), user("bob", &["eng"])];
    let world = world(&people, "org: 1");
    let run = world.run("plan --format json").exits(0);
    assert_eq!(run.document().held(), ["user:bob create: target-cannot"]);
    assert!(run.out.contains("attachExisting: true"), "{run}");
    world.configure("org: 1, attachExisting: true", RULES);
    world.run("apply --yes").exits(0);
    let bob = world.cluster.find("bob").unwrap();
    assert_eq!((bob.orgs, elsewhere(&world, "bob")), (vec![0, 1], vec!["eng".to_owned()]));
    assert_eq!(bob.group_names, ["All", "eng"]);
    world.is_settled();
}

/// Without `org` a token lands where the account was last: that must be the primary org, or nothing is done.
#[test]
fn a_sign_in_that_lands_in_another_org_is_refused() {
    let world = world(&[group("eng", &[]), user("ada", &["eng"]), user("zoe", &["eng"])], "org: 1");
    world.is_settled();
    world.configure("", RULES);
    world.cluster.clear_journal();
    let run = world.run("apply --yes").exits(1);
    assert!(run.err.contains("the sign-in is for org 1 `Second`, and org 0 is meant"), "{run}");
    assert_eq!(world.cluster.count("users/search"), 0);
    world.configure("org: 0", RULES);
    world.run("plan").exits(0);
    world.configure("org: 9", RULES);
    world.run("plan").exits(1).complains("may not enter org 9");
}

#[test]
fn a_cluster_without_orgs_needs_no_org_and_has_none_to_name() {
    let world = WorldV2::new(&[group("eng", &[]), user("ada", &["eng"])], &[], "", RULES);
    let single = json!({"orgs": [{"id": 0, "name": "Primary"}], "principals": []});
    Product::put_state(&*world.cluster, single).unwrap();
    world.switch(|switches| switches.orgs = false);
    world.run("apply --yes").exits(0);
    world.is_settled();
    world.configure("org: 0", RULES);
    world.run("plan").exits(1).complains("for no org");
}
