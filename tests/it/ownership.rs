//! Who belongs to whom: other syncs, accounts made by hand, protected names.

use crate::support::{App, World, group, people, user};

const TWO: &str = "\
sources:
  left: { json: { path: left.json } }
  right: { json: { path: right.json } }
targets:
  bi:
    thoughtspot: { url: URL, username: tsadmin, password: { file: password } }
syncs:
  left-to-bi: { from: left, to: bi, ownership: managed, removeDeleted: true }
  right-to-bi: { from: right, to: bi, ownership: managed, removeDeleted: true }
";

fn two() -> World {
    let world = World::new(&[], &[user("byhand", &[])], "ownership: managed");
    world.app.configure(&TWO.replace("URL", &world.cluster.url()));
    world.app.write_json("left.json", &people(12));
    let right: Vec<_> = (1..=12).map(|number| user(&format!("r{number:02}"), &["right"])).collect();
    world.app.write_json("right.json", &[vec![group("right", &[])], right].concat());
    world.run("apply --yes").exits(0);
    world.cluster.clear_journal();
    world
}

#[test]
fn two_syncs_on_one_target_keep_out_of_each_others_way() {
    let world = two();
    world.run("plan --detailed-exitcode").exits(0);
    world.app.write_json("left.json", &people(11));
    let plans = world.run("plan --format json").exits(0).documents();
    assert_eq!((plans[0].changes(), plans[1].changes()), (vec!["delete user:u012".to_owned()], vec![]));
    world.run("apply left-to-bi --yes").exits(0);
    assert_eq!(world.cluster.residents().len(), 1 + 11 + 1 + 12 + 1);
    assert!(world.cluster.find("byhand").is_some() && world.cluster.find("r12").is_some());
}

#[test]
fn a_difference_on_the_others_principal_is_held_and_names_the_owner() {
    let world = two();
    let mut left = people(12);
    left.push(user("r01", &["staff"]));
    world.app.write_json("left.json", &left);
    let report = world.run("apply left-to-bi --yes --format json").exits(0).document();
    assert_eq!(report.held(), ["user:r01 update: other-owner"]);
    assert!(report["held"][0]["reason"].as_str().unwrap().contains("right-to-bi"));
    assert_eq!(world.cluster.groups_of("r01"), ["right"]);
    // When its owner lets go of it, it is removed by its owner alone.
    world.app.write_json("left.json", &people(12));
    world.run("plan left-to-bi --detailed-exitcode").exits(0);
}

#[test]
fn two_syncs_of_which_one_owns_all_are_a_mistake() {
    let app = App::with(&TWO.replace("URL", "http://localhost:1").replacen("ownership: managed", "ownership: all", 1));
    app.write("password", "admin");
    app.run("check --offline").exits(78).complains("ownership");
}

#[test]
fn under_ownership_all_whoever_is_not_listed_goes() {
    let seed: Vec<_> = people(30).into_iter().chain([user("byhand", &[]), group("handmade", &[])]).collect();
    let world = World::new(&people(30), &seed, "ownership: all, removeDeleted: true");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete group:handmade", "delete user:byhand"]);
    let system = world.cluster.system();
    world.run("apply --yes").exits(0);
    assert_eq!((world.cluster.residents().len(), world.cluster.system()), (31, system));
}

#[test]
fn protected_names_are_never_touched() {
    let mut seed = people(30);
    seed.extend([user("svc-backup", &[]), user("SVC-mail", &["keepers"]), group("keepers", &[])]);
    let world = World::new(&people(30), &seed, "ownership: all, removeDeleted: true");
    let protect = "protect: [\"user:svc-*\", \"group:keep*\"]";
    let rules = "ownership: all, removeDeleted: true";
    world.configure_target("json: { path: people.json }", protect, rules);
    world.is_settled();
    let mut source = people(30);
    source.extend([user("svc-backup", &["staff"]), user("svc-new", &["staff"])]);
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.held(), ["user:svc-backup update: protected", "user:svc-new create: protected"]);
    world.nothing_written();
    assert_eq!(world.cluster.groups_of("SVC-mail"), ["keepers"]);
}

#[test]
fn the_account_that_signs_in_is_protected() {
    let mut seed = people(30);
    seed.push(serde_json::json!({
        "name": "Robot", "principalTypeEnum": "LOCAL_USER", "groupNames": ["Administrator"], "password": "beep",
    }));
    let world = World::new(&people(30), &seed, "ownership: all, removeDeleted: true");
    let config = world.app.read("rollcall.yaml").replace("tsadmin", "robot");
    world.app.configure(&config);
    world.app.write("password", "beep");
    world.is_settled();
}

#[test]
fn what_a_sync_may_not_do_is_held() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    let allow = "allow: { users: [update], groups: [create, update] }";
    world.rules(&format!("ownership: managed, removeDeleted: true, {allow}"));
    let mut source = people(11);
    source[1]["displayName"] = "Changed".into();
    source.push(user("new", &["staff"]));
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.outcomes(), ["done user:u001"]);
    assert_eq!(report.held(), ["user:new create: not-allowed", "user:u012 delete: not-allowed"]);
}

#[test]
fn memberships_of_groups_that_no_source_defines_may_be_left_alone() {
    let seed = [group("handmade", &[]), group("staff", &[]), user("u001", &["handmade", "staff"])];
    let world = World::new(&people(3), &seed, "ownership: managed, memberships: managed");
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("u001"), ["handmade", "staff"]);
    world.rules("ownership: managed, memberships: exact");
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("u001"), ["staff"]);
}

#[test]
fn whoever_is_out_of_scope_is_a_leaver_of_those_that_were_in_it() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    world.rules("ownership: managed, removeDeleted: true, users: { exclude: [\"user:u012\"] }");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u012"]);
    assert_eq!(plan.change("user:u012")["reasonCode"], "out-of-scope");
    assert_eq!(plan["needsPerson"], true);
    world.run("apply --yes --unattended").exits(4);
    assert!(world.cluster.find("u012").is_some());
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("u012"), None);
}
