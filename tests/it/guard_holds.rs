//! Items that the guard holds while the rest goes on: exit 4.

use serde_json::json;

use crate::support::{World, group, people, user};

const MANAGED: &str = "ownership: managed, removeDeleted: true";

#[test]
fn a_group_that_would_lose_too_many_keeps_them() {
    let world = World::settled(&people(60), MANAGED);
    let mut source = people(60);
    for person in &mut source[1..=19] {
        person["groupNames"] = json!([]);
    }
    source[30]["displayName"] = "Changed".into();
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:u030"]);
    assert_eq!(report.held().len(), 19);
    assert_eq!(report.held()[0], "user:u001 leave staff: group-removals");
    let limit = report.limit("groupRemovals", "group staff");
    assert_eq!((&limit["limit"], &limit["value"], &limit["state"]), (&json!(18), &json!(19), &json!("held")));
    assert_eq!(world.cluster.groups_of("u001"), ["staff"]);
    world.run("plan --detailed-exitcode").exits(0).says("HELD");

    source[1]["groupNames"] = json!(["staff"]);
    world.source(&source);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.groups_of("u002").is_empty());
    world.is_settled();
}

#[test]
fn a_group_removal_may_be_lifted() {
    let world = World::settled(&people(60), MANAGED);
    let mut source = people(60);
    for person in &mut source[1..=19] {
        person["groupNames"] = json!([]);
    }
    world.source(&source);
    world.run("apply --yes --override groupRemovals --reason reorganised").exits(0).says("reorganised");
    assert!(world.cluster.groups_of("u019").is_empty());
}

#[test]
fn nobody_becomes_an_administrator_by_nesting() {
    let world = World::settled(&people(12), MANAGED);
    let mut source = people(12);
    source.push(group("ops", &["Administrator"]));
    source[1]["groupNames"] = json!(["ops", "staff"]);
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.held(), ["group:ops join Administrator: privileged"]);
    assert!(world.cluster.groups_of("ops").is_empty());
    assert_eq!(world.cluster.groups_of("u001"), ["ops", "staff"]);
}

#[test]
fn groups_may_be_named_privileged() {
    let mut source = people(12);
    source.push(group("payroll", &[]));
    let guard = "guard: { privileged: { groups: [payroll], allow: { payroll: [\"user:U002\"] } } }";
    let world = World::settled(&source, &format!("{MANAGED}, {guard}"));
    source[1]["groupNames"] = json!(["payroll"]);
    source[2]["groupNames"] = json!(["payroll"]);
    source.push(user("new", &["payroll", "staff"]));
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.held(), ["user:new join payroll: privileged", "user:u001 join payroll: privileged"]);
    assert_eq!(world.cluster.groups_of("u002"), ["payroll"]);
    assert_eq!(world.cluster.groups_of("new"), ["staff"]);
    assert!(world.cluster.groups_of("u001").is_empty());
    world.run("apply --yes --override privileged --reason promoted").exits(0);
    assert_eq!(world.cluster.groups_of("u001"), ["payroll"]);
}

#[test]
fn whoever_is_privileged_already_is_no_gain() {
    let mut source = people(12);
    source.push(user("boss", &["Administrator", "staff"]));
    let world = World::new(&source, &[user("boss", &["Administrator"])], MANAGED);
    let report = world.run("apply --yes --format json").exits(0).document();
    assert!(report.held().is_empty(), "{report}");
    assert_eq!(world.cluster.groups_of("boss"), ["Administrator", "staff"]);
}

#[test]
fn a_shielded_name_in_the_source_is_held_and_no_partial_success() {
    let mut source = people(12);
    source.push(user("TSADMIN", &["staff"]));
    source.push(user("guest", &["staff"]));
    source.push(group("System", &["staff"]));
    let world = World::new(&source, &[], MANAGED);
    let system = world.cluster.system();
    let report = world.run("apply --yes --format json").exits(0).document();
    let held = ["group:System update", "user:guest update", "user:tsadmin update"];
    assert_eq!(report.held(), held.map(|held| format!("{held}: protected")));
    assert_eq!(world.cluster.system(), system);
    world.is_settled();
}

/// Not even a gain that is on the list goes through while nobody has looked at the new rules.
#[test]
fn after_a_change_of_the_rules_privileged_gains_wait_for_a_person() {
    let allow = "guard: { privileged: { allow: { Administrator: [\"user:boss\"] } } }";
    let world = World::settled(&people(12), &format!("{MANAGED}, {allow}"));
    let mut source = people(12);
    source.push(user("boss", &["Administrator", "staff"]));
    world.source(&source);
    world.rules(&format!("{MANAGED}, {allow}, users: {{ exclude: [\"user:nobody\"] }}"));
    let report = world.run("apply --yes --unattended --format json").exits(4).document();
    assert_eq!(report.held(), ["user:boss join Administrator: config-change"]);
    assert_eq!(world.cluster.groups_of("boss"), ["staff"]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("boss"), ["Administrator", "staff"]);
}
