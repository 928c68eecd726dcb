//! A file as a target: everything a cluster is told, and what only a file can hold.

use serde_json::json;

use crate::support::{App, World, group, people, user, with};

fn app(rules: &str) -> App {
    App::with(&format!(
        "sources: {{ people: {{ json: {{ path: people.json }} }} }}\ntargets: {{ copy: {{ file: {{ path: copy.json }} }} }}\n\
         syncs: {{ people-to-copy: {{ from: people, to: copy, {rules} }} }}\n"
    ))
}

#[test]
fn a_file_that_is_not_there_is_made_by_the_first_apply() {
    let app = app("ownership: managed, removeDeleted: true");
    app.write_json("people.json", &people(12));
    assert_eq!(app.run("plan --format json").exits(0).document().changes().len(), 13);
    assert!(!app.path("copy.json").exists());
    app.run("apply --yes").exits(0);
    assert_eq!(app.read_json("copy.json").as_array().map(Vec::len), Some(13));
    app.run("plan --detailed-exitcode").exits(0);
    let before = app.read("copy.json");
    app.run("apply --yes").exits(0);
    assert_eq!(app.read("copy.json"), before);
}

/// A file can switch users off: that is how leavers leave unless the rules say otherwise.
#[test]
fn leavers_are_switched_off_and_on_again() {
    let app = app("ownership: managed, removeDeleted: true");
    app.write_json("people.json", &people(12));
    app.run("apply --yes").exits(0);
    app.write_json("people.json", &people(11));
    assert_eq!(app.run("plan --format json").document().changes(), ["disable user:u012"]);
    app.run("apply --yes").exits(0);
    app.run("plan --detailed-exitcode").exits(0);
    assert!(app.read("copy.json").contains("\"active\":false"));
    app.write_json("people.json", &people(12));
    assert_eq!(app.run("plan --format json").document().changes(), ["enable user:u012"]);
    app.run("apply --yes").exits(0);
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn attributes_are_written_changed_and_cleared() {
    let app = app("ownership: managed");
    let ada = with(user("ada", &["staff"]), "attributes", json!({ "room": "1.01", "tags": ["a"], "since": 1833 }));
    app.write_json("people.json", &[group("staff", &[]), ada]);
    app.run("apply --yes").exits(0);
    let ada = with(user("ada", &["staff"]), "attributes", json!({ "room": "2.02", "tags": [], "since": 1833 }));
    app.write_json("people.json", &[group("staff", &[]), ada]);
    let plan = app.run("plan --format json").exits(0).document();
    let fields: Vec<_> =
        plan.change("user:ada")["fields"].as_array().unwrap().iter().map(|field| field["field"].clone()).collect();
    assert_eq!(fields, ["attributes.room", "attributes.tags"]);
    app.run("apply --yes").exits(0);
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn members_of_somebody_else_are_carried_through() {
    let app = app("ownership: managed");
    app.write(
        "copy.json",
        "[{\"name\": \"u001\", \"principalTypeEnum\": \"SAML_USER\", \"x-theirs\": {\"deep\": [1, 2.50]}}]",
    );
    app.write_json("people.json", &people(2));
    app.run("apply --yes").exits(0);
    let copy = app.read("copy.json");
    assert!(copy.contains("\"x-theirs\":{\"deep\": [1, 2.50]}") && copy.contains("SAML_USER"), "{copy}");
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn a_target_that_cannot_be_read_to_its_end_is_an_error() {
    let app = app("ownership: managed, removeDeleted: true");
    app.write_json("people.json", &people(2));
    for broken in ["[{\"name\": \"u001\"}", "", "{}", "[{\"name\": 1}]", "[{\"name\": \"a\"}, {\"name\": \"a\"}]"] {
        app.write("copy.json", broken);
        app.run("apply --yes").exits(1).fails_once().complains("copy.json");
        assert_eq!(app.read("copy.json"), broken);
    }
}

#[test]
fn no_password_is_ever_written() {
    let app = app("ownership: managed");
    app.write_json("people.json", &[with(user("ada", &[]), "password", "Canary-4711")]);
    app.run("apply --yes").exits(0);
    assert!(!app.read("copy.json").contains("Canary"));
}

#[test]
fn what_is_dumped_is_a_usable_source() {
    let mut source = people(12);
    source.push(group("sales", &["staff"]));
    let world = World::settled(&source, "ownership: all, removeDeleted: true");
    let dump = world.run("dump bi").exits(0).out;
    assert_eq!(dump.lines().count(), 2 + 14 + 7);
    world.app.write("people.json", &dump);
    let plan = world.run("plan --format json --detailed-exitcode").exits(0).document();
    assert!(plan.changes().is_empty() && plan.held().is_empty() && plan.names("rejected").is_empty(), "{plan}");
    assert_eq!(world.run("dump bi").exits(0).out, dump);
}

#[test]
fn what_a_file_holds_is_a_usable_source_too() {
    let app = app("ownership: managed");
    app.write_json("people.json", &people(12));
    app.run("apply --yes").exits(0);
    app.write("people.json", app.run("dump copy").exits(0).out);
    app.run("plan --detailed-exitcode").exits(0);
}
