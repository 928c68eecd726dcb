//! Plans that go too far are refused: exit 3, the limit, its value and what to do are printed, nothing is written.

use serde_json::{Value, json};

use crate::support::{World, csv, group, people, user, with};

const MANAGED: &str = "ownership: managed, removeDeleted: true";

/// The reading alone may shrink as it likes: the plan is what is measured.
const SHRINKING: &str = "json: { path: people.json }, expect: { shrink: off }";

/// With a map, columns that it does not name are not read.
pub(crate) const CSV: &str = "csv: { users: people.csv, map: { name: name } }";

/// Everybody is there, and the sync has been applied once.
pub(crate) fn settled(people: &[Value], source: &str, rules: &str) -> World {
    let world = World::new(people, &[], rules);
    world.app.write("people.csv", csv(people));
    world.app.write_json("groups.json", people);
    world.configure(source, rules);
    world.settle();
    world
}

/// Plan and apply are both refused, both say why, and neither writes.
#[track_caller]
pub(crate) fn is_refused(world: &World, guard: &str, of: &str, limit: u64, value: u64) {
    let plan = world.run("plan --format json").exits(3).document();
    let state = plan.limit(guard, of);
    let measured = (&state["state"], &state["limit"], &state["value"]);
    assert_eq!(measured, (&json!("tripped"), &json!(limit), &json!(value)), "{state:#}");
    let (message, hint) = (state["message"].as_str().unwrap(), state["hint"].as_str().unwrap());
    assert_eq!(plan["guard"]["verdict"], "refused");
    world.run("plan --detailed-exitcode").exits(3).says("TRIPPED").says(message).says(hint);
    world.run("apply --yes").exits(3).says("TRIPPED").says(message).says(hint).says("Refused");
    world.nothing_written();
}

#[test]
fn twenty_one_of_a_hundred_gone() {
    let world = settled(&people(100), SHRINKING, MANAGED);
    world.source(&people(79));
    is_refused(&world, "removals", "users", 20, 21);
    let report = world.run("apply --yes --override removals --reason merger --format json").exits(0).document();
    assert_eq!(report["overrides"], json!([{ "guard": "removals", "reason": "merger" }]));
    assert_eq!(report.limit("removals", "users")["override"], "merger");
    assert_eq!(world.cluster.writes().len(), 1);
    assert_eq!(world.cluster.residents().len(), 80);
    world.is_settled();
}

#[test]
fn twenty_of_a_hundred_gone_is_not_too_many() {
    let world = settled(&people(100), "json: { path: people.json }", MANAGED);
    world.source(&people(80));
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.limit("removals", "users")["headroom"], 0);
    assert_eq!(report.limit("expect.shrink", "users of source people")["headroom"], 0);
    assert_eq!(world.cluster.residents().len(), 81);
}

#[test]
fn a_shrunken_reading_trips_beside_the_plan() {
    let world = settled(&people(100), "json: { path: people.json }", MANAGED);
    world.source(&people(79));
    is_refused(&world, "expect.shrink", "users of source people", 20, 21);
    world.run("apply --yes --override removals --reason merger").exits(3);
    world.nothing_written();
    world.run("apply --yes --override removals --override expect.shrink --reason merger").exits(0).says("lifted");
}

#[test]
fn two_of_five_gone() {
    let world = settled(&people(5), SHRINKING, MANAGED);
    world.source(&people(3));
    is_refused(&world, "removals", "users", 1, 2);
    world.source(&people(4));
    world.run("apply --yes").exits(0);
}

#[test]
fn the_last_one_gone() {
    let source = "json: { path: people.json }, expect: { shrink: off, users: { min: 0 } }";
    let world = settled(&people(1), source, MANAGED);
    world.source(&people(0));
    is_refused(&world, "removals", "users", 1, 1);
    world.run("plan").exits(3).says("the last of the 1 users");
}

#[test]
fn a_count_trips_whatever_the_share() {
    let rules = "ownership: managed, removeDeleted: true, guard: { removals: { count: 3 } }";
    let world = settled(&people(100), SHRINKING, rules);
    world.source(&people(96));
    is_refused(&world, "removals", "users", 3, 4);
}

#[test]
fn limits_that_are_off_say_so() {
    let off = "removals: off, budget: off, creations: off, updates: false, clears: off, admins: off, groupRemovals: off, privileged: off";
    let rules = format!("{MANAGED}, guard: {{ {off} }}");
    let world = settled(&people(100), SHRINKING, &rules);
    world.source(&people(79));
    let run = world.run("plan").exits(0);
    let line = |guard: &str| run.out.lines().find(|line| line.trim_start().starts_with(guard)).unwrap().to_owned();
    for guard in ["removals", "creations", "updates", "clears", "admins", "groupRemovals", "privileged", "budget"] {
        assert!(line(guard).contains("OFF"), "{run}");
    }
}

#[test]
fn a_map_that_makes_everybody_new() {
    let world = settled(&people(100), CSV, MANAGED);
    world.configure("csv: { users: people.csv, map: { name: alias } }", MANAGED);
    // The system's own four count as users of the target.
    is_refused(&world, "creations", "users", 52, 100);
}

#[test]
fn a_map_that_blanks_every_address() {
    let world = settled(&people(100), CSV, MANAGED);
    world.configure("csv: { users: people.csv, map: { mail: empty } }", MANAGED);
    is_refused(&world, "clears", "users", 20, 100);
}

#[test]
fn after_an_edit_of_the_map_removals_wait_for_a_person() {
    let mut everybody = people(30);
    let world = settled(&everybody, CSV, MANAGED);
    // Two are called otherwise in the column `alias`, the others the same.
    let mut text = csv(&everybody);
    for number in 3..=30 {
        text = text.replace(&format!("x-u{number:03}"), &format!("u{number:03}"));
    }
    world.app.write("people.csv", text);
    world.configure("csv: { users: people.csv, map: { name: alias } }", MANAGED);
    let report = world.run("apply --yes --unattended --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:x-u001", "done user:x-u002"]);
    assert_eq!(report.held(), ["user:u001 delete: config-change", "user:u002 delete: config-change"]);
    assert_eq!((report["needsPerson"].as_bool(), world.cluster.residents().len()), (Some(true), 33));
    // Nobody watches: it stays so.
    world.run("apply --yes --unattended").exits(4);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.residents().len(), 31);
    everybody.truncate(1);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan["needsPerson"], false);
    world.run("apply --yes --unattended").exits(0);
}

#[test]
fn updates_of_more_than_half() {
    let world = settled(&people(60), SHRINKING, MANAGED);
    let renamed: Vec<_> = people(60)
        .into_iter()
        .enumerate()
        .map(|(at, principal)| if (1..=33).contains(&at) { with(principal, "displayName", "X") } else { principal })
        .collect();
    world.source(&renamed);
    is_refused(&world, "updates", "users", 32, 33);
}

#[test]
fn administrators_that_must_stay() {
    let admins = |names: &[&str]| {
        let mut source = people(12);
        source.extend(names.iter().map(|name| user(name, &["Administrator", "staff"])));
        source
    };
    let seed = [group("staff", &[]), user("boss1", &["Administrator"]), user("boss2", &["Administrator"])];
    let rules = "ownership: managed, removeDeleted: true, guard: { admins: { keep: 4 } }";
    let world = World::new(&admins(&["boss1", "boss2"]), &seed, rules);
    world.settle();
    // `tsadmin` and `su` are two of the four.
    world.source(&admins(&["boss1"]));
    is_refused(&world, "admins", "", 4, 3);
    let mut moved = admins(&["boss1"]);
    moved.push(user("boss2", &["staff"]));
    world.source(&moved);
    is_refused(&world, "admins", "", 4, 3);
    world.run("apply --yes --override admins --reason moved").exits(0);
    assert_eq!(world.cluster.groups_of("boss2"), ["staff"]);
}

#[test]
fn overrides_need_a_guard_a_reason_and_a_limit_that_may_be_lifted() {
    let world = World::new(&people(5), &[], MANAGED);
    world.run("apply --yes --override source.empty --reason x").exits(64).complains("no override for an empty source");
    world.run("apply --yes --override everything --reason x").exits(64).complains("no guard is named");
    world.run("apply --yes --override removals").exits(64).complains("--reason");
    world.run("apply --yes --reason x").exits(64);
    world.nothing_written();
}
