//! Sources that cannot be believed: refused, or not even read.

use crate::guard::{CSV, is_refused, settled};
use crate::support::{World, csv, people};

const MANAGED: &str = "ownership: managed, removeDeleted: true";
const JSON: &str = "json: { path: people.json }";

#[test]
fn an_empty_source() {
    let world = settled(&people(5), JSON, MANAGED);
    world.source(&[]);
    is_refused(&world, "source.empty", "", 1, 0);
    let all = "--override removals --override expect.min --override expect.shrink --reason sure";
    world.run(&format!("apply --yes {all}")).exits(3).says("source.empty");
    world.nothing_written();
}

#[test]
fn an_empty_source_of_an_empty_target() {
    let world = World::new(&[], &[], "ownership: all, removeDeleted: true");
    is_refused(&world, "source.empty", "", 1, 0);
}

#[test]
fn a_csv_file_of_a_header_alone() {
    let world = settled(&people(5), CSV, MANAGED);
    world.app.write("people.csv", csv(&[]));
    is_refused(&world, "source.empty", "", 1, 0);
}

#[test]
fn fewer_users_than_expected() {
    let world = settled(&people(12), "json: { path: people.json }, expect: { users: { min: 12 } }", MANAGED);
    world.source(&people(11));
    is_refused(&world, "expect.min", "users of source people", 12, 11);
    world.run("apply --yes --override expect.min --reason known").exits(0);
}

#[test]
fn no_groups_where_one_is_expected() {
    let world =
        settled(&people(12), "json: { path: people.json }, expect: { groups: { min: 1 }, shrink: off }", MANAGED);
    let users: Vec<_> = people(12).into_iter().skip(1).collect();
    world.source(&users);
    is_refused(&world, "expect.min", "groups of source people", 1, 0);
}

#[test]
fn a_sentinel_is_missing() {
    let source = "json: { path: people.json }, expect: { sentinels: [\"user:U003\", \"group:staff\"] }";
    let world = settled(&people(12), source, MANAGED);
    let others: Vec<_> = people(12).into_iter().filter(|principal| principal["name"] != "u003").collect();
    world.source(&others);
    is_refused(&world, "expect.sentinels", "source people", 0, 1);
    world.run("plan").exits(3).says("source `people` lacks user:U003");
}

#[test]
fn data_that_is_too_old() {
    let world = settled(&people(12), "json: { path: people.json }, expect: { maxAge: 1h }", MANAGED);
    let old = std::fs::File::options().write(true).open(world.app.path("people.json")).unwrap();
    let hours = std::time::Duration::from_hours(3);
    let modified = old.metadata().unwrap().modified().unwrap();
    old.set_modified(modified - hours).unwrap();
    world.run("plan").exits(3).says("expect.maxAge").says("TRIPPED").says("is 3h");
    world.run("apply --yes").exits(3);
    world.nothing_written();
}

#[test]
fn a_json_file_cut_in_the_middle() {
    let world = settled(&people(12), JSON, MANAGED);
    let text = world.app.read("people.json");
    world.app.write("people.json", &text[..text.len() / 2]);
    let lines = text[..text.len() / 2].lines().count();
    for command in ["plan", "plan --format json", "apply --yes"] {
        let run = world.run(command).exits(1).fails_once();
        run.complains(&format!("people.json:{lines}:")).complains("ends before its closing bracket");
    }
    world.run("apply --yes --override removals --reason x").exits(1);
    world.nothing_written();
}

#[test]
fn a_csv_file_cut_inside_quotes() {
    let world = settled(&people(12), CSV, MANAGED);
    let text = csv(&people(12)).replace("The u008", "\"The u008\"");
    let cut = text.find("The u008").unwrap() + 5;
    world.app.write("people.csv", &text[..cut]);
    for command in ["plan", "apply --yes"] {
        world.run(command).exits(1).fails_once().complains("people.csv:9").complains("quote");
    }
    world.nothing_written();
}

#[test]
fn a_file_that_is_not_there() {
    let world = settled(&people(12), JSON, MANAGED);
    std::fs::remove_file(world.app.path("people.json")).unwrap();
    world.run("apply --yes").exits(1).fails_once().complains("people.json");
    world.nothing_written();
}

/// A record without a readable name could be anybody: nobody is removed, the rest is done.
#[test]
fn an_unproven_reading_removes_nobody_and_cannot_be_overridden() {
    let world = settled(&people(12), JSON, MANAGED);
    let mut source = people(10);
    source[1]["displayName"] = "Changed".into();
    source[2]["groupNames"] = serde_json::json!([]);
    source.push(serde_json::json!({ "displayName": "Who?", "principalTypeEnum": "LOCAL_USER" }));
    world.source(&source);
    let report = world.run("apply --yes --override removals --reason x --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:u001"]);
    let held = ["user:u002 leave staff", "user:u011 delete", "user:u012 delete"];
    assert_eq!(report.held(), held.map(|held| format!("{held}: unproven-source")));
    assert_eq!(report["sources"][0]["complete"], false);
    assert!(world.cluster.find("u011").is_some());
    assert_eq!(world.cluster.groups_of("u002"), ["staff"]);
    // Nothing else is left: only what is withheld.
    world.run("apply --yes").exits(3).says("NOT PROVEN WHOLE");
}

/// One that can be read by name is set aside alone.
#[test]
fn a_record_that_cannot_be_used_never_removes_its_owner() {
    let world = settled(&people(12), JSON, MANAGED);
    let mut source = people(12);
    source[5]["visibility"] = "SOMETIMES".into();
    source[6]["nickname"] = "six".into();
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.changes().is_empty(), "{plan}");
    assert_eq!(plan.names("rejected"), ["user:u005", "user:u006"]);
    world.run("plan").exits(0).says("SOMETIMES").says("nickname").says("people.json:");
}
