//! The same immutable id under a new name is a rename; the same name under a new id is somebody else.

use std::fmt::Write;

use crate::support::{App, World};

const RULES: &str = "ownership: managed, removeDeleted: true";
const SOURCE: &str = "csv: { users: people.csv, groups: groups.csv }";

/// Twelve people with ids; the third has this id and name.
fn csv(id: &str, name: &str) -> String {
    let mut text = String::from("id,name,displayName,mail,groupNames\n");
    for number in 1..=12 {
        let (id, name) = match number {
            3 => (id.to_owned(), name.to_owned()),
            _ => (format!("{number}"), format!("u{number:03}")),
        };
        writeln!(text, "{id},{name},Person {id},p{id}@example.org,staff").unwrap();
    }
    text
}

fn world() -> World {
    let world = World::new(&[], &[], RULES);
    world.app.write("people.csv", csv("3", "mary"));
    world.app.write("groups.csv", "id,name\n900,staff\n");
    world.configure(SOURCE, RULES);
    world.settle();
    world.cluster.set("mary", "owned", 5);
    world.cluster.clear_journal();
    world
}

#[test]
fn on_a_cluster_it_is_create_hand_over_remove() {
    let world = world();
    world.app.write("people.csv", csv("3", "mary-ann"));
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["rename user:mary"]);
    assert_eq!(
        (plan["summary"]["users"]["rename"].as_u64(), plan["summary"]["users"]["delete"].as_u64()),
        (Some(1), Some(0))
    );
    assert_eq!(plan.change("user:mary")["newName"], "mary-ann");
    assert_eq!(
        (plan.limit("removals", "users")["value"].as_u64(), plan.limit("updates", "users")["value"].as_u64()),
        (Some(0), Some(1))
    );
    world.run("apply --yes").exits(0);
    let renamed = world.cluster.find("mary-ann").unwrap();
    assert_eq!((renamed.owned, renamed.display_name.as_str(), renamed.has_password), (5, "Person 3", true));
    assert_eq!(world.cluster.groups_of("mary-ann"), ["staff"]);
    assert_eq!((world.cluster.find("mary"), world.cluster.lost_objects()), (None, 0));
    let writes: Vec<_> = world.cluster.writes().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(writes, ["user/sync", "user/transfer/ownership", "user/sync"]);
    world.is_settled();
    // The next name is found by the same id.
    world.app.write("people.csv", csv("3", "marian"));
    assert_eq!(world.run("plan --format json").document().changes(), ["rename user:mary-ann"]);
}

#[test]
fn a_hand_over_that_fails_leaves_both_and_loses_nothing() {
    let world = world();
    world.app.write("people.csv", csv("3", "mary-ann"));
    let refused = rollcall::sandbox::FaultKind::Status { code: 400, retry_after: None, body: None, content_type: None };
    world.cluster.fault("user/transfer/ownership", refused);
    world.run("apply --yes").exits(1);
    assert_eq!((world.cluster.find("mary").unwrap().owned, world.cluster.lost_objects()), (5, 0));
    // Both stand now: which is whose is for a person to say.
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!((report.changes(), report.held()), (vec![], vec!["user:mary-ann update: ambiguous-match".to_owned()]));
    world.cluster.meddle(|principal| (principal["name"] != "mary-ann").then_some(principal));
    world.run("apply --yes").exits(0);
    assert_eq!((world.cluster.find("mary"), world.cluster.find("mary-ann").unwrap().owned), (None, 5));
}

#[test]
fn a_reused_name_is_held() {
    let world = world();
    world.app.write("people.csv", csv("77", "mary"));
    let report = world.run("apply --yes --format json").exits(0).document();
    assert!(report.changes().is_empty(), "{report}");
    assert_eq!(report.held(), ["user:mary create: reused-name"]);
    assert_eq!(world.cluster.find("mary").unwrap().display_name, "Person 3");
    world.run("plan").exits(0).says("different person");
    world.nothing_written();
}

#[test]
fn a_leavers_name_that_comes_back_under_another_id_is_held_too() {
    let world = world();
    // Mary is renamed, and somebody new gets her old name.
    let text = csv("3", "mary-ann") + "99,mary,Another Mary,m@example.org,staff\n";
    world.app.write("people.csv", text);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["rename user:mary"]);
    assert_eq!(plan.held(), ["user:mary create: reused-name"]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("mary-ann").unwrap().owned, 5);
    // Her account has moved on: now the name is free.
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("mary").unwrap().display_name, "Another Mary");
    world.is_settled();
}

#[test]
fn a_new_name_in_other_case_is_the_same_account() {
    let world = world();
    world.app.write("people.csv", csv("3", "MARY"));
    world.is_settled();
}

#[test]
fn a_group_is_renamed_with_its_members() {
    let world = world();
    world.app.write("groups.csv", "id,name\n900,crew\n");
    world.app.write("people.csv", csv("3", "mary").replace(",staff\n", ",crew\n"));
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["rename group:staff"]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("mary"), ["crew"]);
    assert_eq!(world.cluster.find("staff"), None);
    world.is_settled();
}

#[test]
fn without_a_match_by_id_it_is_a_newcomer_and_a_leaver() {
    let world = world();
    world.configure(SOURCE, &format!("{RULES}, match: [name]"));
    world.app.write("people.csv", csv("3", "mary-ann"));
    assert_eq!(world.run("plan --format json").document().changes(), ["delete user:mary", "create user:mary-ann"]);
}

#[test]
fn in_a_file_it_is_done_in_place() {
    let app = App::with(
        "sources: { people: { csv: { users: people.csv } } }\ntargets: { copy: { file: { path: copy.json } } }\n\
         syncs: { people-to-copy: { from: people, to: copy, ownership: managed, removeDeleted: true } }\n",
    );
    app.write("people.csv", csv("3", "mary"));
    app.run("apply --yes").exits(0);
    let mut copy = app.read_json("copy.json");
    let mary = copy.as_array_mut().unwrap().iter_mut().find(|principal| principal["name"] == "mary").unwrap();
    mary["attributes"] = serde_json::json!({ "desk": 7 });
    app.write("copy.json", copy.to_string());
    app.write("people.csv", csv("3", "mary-ann"));
    let report = app.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.outcomes(), ["done user:mary"]);
    let copy = app.read_json("copy.json");
    let renamed = copy.as_array().unwrap().iter().find(|principal| principal["name"] == "mary-ann").unwrap();
    assert_eq!(renamed["attributes"]["desk"], 7);
    assert!(!app.read("copy.json").contains("\"mary\""));
    app.run("plan --detailed-exitcode").exits(0);
}
