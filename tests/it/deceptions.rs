//! What only looks right: answers that lie, plans that were written by hand, names and places that moved.

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{World, group, people, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true";
const HEIR: &str = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete, transferTo: u001 } }";

/// Twelve people, of whom the last is gone from the source.
fn leaving(rules: &str) -> World {
    let world = World::settled(&people(12), rules);
    world.source(&people(11));
    world.cluster.clear_journal();
    world
}

fn answered(body: &str) -> FaultKind {
    FaultKind::Status { code: 200, retry_after: None, body: Some(body.into()), content_type: None }
}

/// Writes `plan` with the digest that the documentation tells how to work out.
fn forge(world: &World, name: &str, mut plan: Value) {
    let mut told = plan.clone();
    for member in ["id", "digest", "created", "requestedBy"] {
        told.as_object_mut().unwrap().remove(member);
    }
    for source in told["sources"].as_array_mut().unwrap() {
        for member in ["readStarted", "readFinished", "dataAge"] {
            source.as_object_mut().unwrap().remove(member);
        }
    }
    let digits: Vec<String> = Sha256::digest(told.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    plan["digest"] = format!("sha256:{}", digits.concat()).into();
    world.app.write(name, plan.to_string());
}

#[test]
fn a_page_where_ownership_should_move_moves_nothing() {
    for fault in [FaultKind::Html, answered(""), answered("{}")] {
        let world = leaving(HEIR);
        world.cluster.set("u012", "owned", 3);
        let kept = !matches!(&fault, FaultKind::Status { body: Some(body), .. } if body.is_empty());
        world.cluster.fault("user/transfer/ownership", fault);
        let exit = world.run("apply --yes").code;
        if kept {
            assert_eq!((exit, world.cluster.lost_objects()), (Some(1), 0));
            assert_eq!(world.cluster.find("u012").unwrap().owned, 3);
        }
    }
}

#[test]
fn an_answer_that_nothing_stands_behind_is_no_deed() {
    let world = leaving(RULES);
    world.cluster.inject(Fault::once("user/sync", answered("{}")).when_applying(true));
    world.run("apply --yes").exits(1);
    assert!(world.cluster.find("u012").is_some());
    // The leaver is still known as ours, and goes in the next run.
    assert_eq!(world.run("plan --format json").exits(0).document().changes(), ["delete user:u012"]);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u012").is_none());
}

#[test]
fn a_plan_written_by_hand_is_asked_every_question_again() {
    let world = leaving(RULES);
    world.cluster.add(user("by-hand", &[]));
    world.run("plan --out p.json").exits(0);
    let plan = world.app.read_json("p.json");
    let delete = plan["changes"][0].clone();
    for name in ["by-hand", "guest"] {
        let mut forged = plan.clone();
        forged["changes"][0]["name"] = name.into();
        let listed = world.run("dump bi").exits(0).out;
        let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
        let mut before = listed.into_iter().find(|principal| principal["name"] == name).unwrap();
        for member in ["created", "modified", "activate"] {
            before.as_object_mut().unwrap().remove(member);
        }
        forged["changes"][0]["before"] = before;
        forge(&world, "forged.json", forged);
        world.run("apply --plan forged.json --yes");
        assert!(world.cluster.find(name).is_some(), "{name}");
    }
    let mut lifted = plan.clone();
    lifted["overrides"] = json!([{ "guard": "removals", "reason": "because" }]);
    forge(&world, "lifted.json", lifted);
    world.run("apply --plan lifted.json --yes").exits(1).complains("it carries overrides");
    let mut switched = plan;
    switched["changes"][0] = with(with(delete, "action", "update"), "reasonCode", "changed");
    switched["changes"][0]["fields"] = json!([{ "field": "active", "from": true, "to": false }]);
    forge(&world, "switched.json", switched);
    world.run("apply --plan switched.json --yes").exits(1);
    world.nothing_written();
}

#[test]
fn what_was_ours_in_one_place_is_not_in_another() {
    let world = World::settled(&people(12), RULES);
    let other = World::new(&people(12), &people(12), RULES);
    world.source(&people(11));
    world.app.configure(&world.app.read("rollcall.yaml").replace(&world.cluster.url(), &other.cluster.url()));
    other.cluster.clear_journal();
    world.run("apply --yes --unattended");
    assert!(other.cluster.find("u012").is_some(), "never matched there, so never removed there");
}

#[test]
fn ownership_ends_with_the_account() {
    let world = leaving(RULES);
    world.cluster.meddle(|principal| (principal["name"] != "u012").then_some(principal));
    world.run("apply --yes").exits(0);
    world.cluster.add(user("u012", &[]));
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u012").is_some(), "made by hand since, by whomever");
}

#[test]
fn one_id_for_two_people_is_nobodys() {
    let mut source = people(20);
    for (at, person) in source.iter_mut().enumerate() {
        person["id"] = format!("id-{at}").into();
    }
    let world = World::settled(&source, RULES);
    source[2]["id"] = "id-3".into();
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), Vec::<String>::new());
    assert_eq!(plan.names("rejected"), ["user:u002", "user:u003"]);
}

#[test]
fn a_group_does_not_become_privileged_by_its_name() {
    let mut source = people(3);
    source.push(with(group("staff", &[]), "id", "g1"));
    source.retain(|principal| principal["name"] != "staff" || principal["id"] == "g1");
    let rules = "ownership: managed, guard: { privileged: { groups: [Finance] } }";
    let world = World::settled(&source, rules);
    for principal in &mut source {
        let text = principal.to_string().replace("\"staff\"", "\"Finance\"");
        *principal = serde_json::from_str(&text).unwrap();
    }
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.held().iter().any(|held| held.contains("rename") || held.contains("Finance")), "{:?}", plan.held());
    assert!(!plan.changes().contains(&"rename group:staff".to_owned()));
}

#[test]
fn a_file_cut_in_its_last_value_takes_nobody_out_of_anything() {
    let world = World::new(&[], &[], RULES);
    let rows = "name,displayName,groupNames\nada,Ada,Analytics;Engineering\nbob,Bob,Analytics;Engineering\n";
    world.configure("csv: { users: people.csv }", RULES);
    world.app.write("people.csv", rows);
    world.run("apply --yes").exits(0);
    let in_the_last_value = rows.len() - "Engineering\n".len();
    for end in in_the_last_value..rows.len() {
        world.app.write("people.csv", &rows[..end]);
        let plan = world.run("plan --format json").document();
        assert!(plan["sources"][0]["complete"] == false, "{end}");
        assert_eq!(plan["summary"]["users"]["memberships"]["remove"], 0, "{end}");
    }
}
