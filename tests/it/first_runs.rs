//! The demo, first applies, and what is left when everything remembered is lost.

use rollcall::sandbox::{Fault, FaultKind};

use crate::support::{App, World, people, user};

#[test]
fn the_demo_plans_applies_and_plans_nothing() {
    let app = App::new();
    let run = app.run("demo --once").exits(0);
    let parts: Vec<_> = run.out.split("rollcall ").collect();
    assert!(parts.len() > 3, "{run}");
    let heading = |number: &str| run.out.lines().any(|line| line.starts_with(number));
    assert!(heading("1. ") && heading("2. ") && heading("3. "), "{run}");
    let (first, rest) = run.out.split_once("\n2. ").unwrap();
    let (second, third) = rest.split_once("\n3. ").unwrap();
    assert!(first.contains("planned."), "{run}");
    let (third, table) = third.split_once("\n4. ").unwrap();
    for sync in ["thoughtspot", "alteryx", "b2core", "curator", "scim"] {
        let line =
            |part: &str| part.lines().find(|line| line.contains(&format!("company-to-{sync}"))).unwrap().to_owned();
        assert!(line(second).contains("changes done, verified"), "{run}");
        assert!(line(third).contains("Nothing to do."), "{run}");
        assert!(
            table.lines().any(|line| line.trim_start().starts_with(sync) && line.trim_end().ends_with(" 0")),
            "{run}"
        );
    }
    assert!(table.contains("could not 8 × create user"), "{run}");
    let left: Vec<_> = std::fs::read_dir(app.folder()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn nobody_watches_the_first_apply() {
    let world = World::new(&people(5), &[], "ownership: managed");
    world.run("plan").exits(0).says("A person must apply it");
    world.run("apply --yes --unattended").exits(3).says("firstRun").says("TRIPPED").says("without `--unattended`");
    world.nothing_written();
    world.run("apply --yes").exits(0);
    world.source(&people(6));
    world.run("apply --yes --unattended").exits(0);
    assert!(world.cluster.find("u006").is_some());
}

#[test]
fn a_first_apply_that_finds_nothing_to_do_may_be_unattended() {
    let world = World::new(&people(5), &people(5), "ownership: managed");
    world.run("apply --yes --unattended").exits(0).says("Nothing to do.");
}

#[test]
fn the_hold_on_first_applies_may_be_off() {
    let world = World::new(&people(5), &[], "ownership: managed, guard: { firstRun: off }");
    world.run("apply --yes --unattended").exits(0);
    assert!(world.cluster.find("u005").is_some());
}

#[test]
fn what_is_adopted_is_listed_first() {
    let world = World::new(&people(5), &people(3), "ownership: managed");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.names("adopted"), ["group:staff", "user:u001", "user:u002", "user:u003"]);
    world.run("apply --yes").exits(0).says("Adopts, matched by name: group staff, user u001");
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.names("adopted").is_empty(), "{plan}");
}

/// Creations do not count until one apply has ended with exit 0, not merely in part.
#[test]
fn creations_begin_to_count_after_the_first_full_success() {
    let seed: Vec<_> = (0..30).map(|number| user(&format!("hand{number}"), &[])).collect();
    let mut source = people(40);
    source.push(user("boss", &["Administrator"]));
    let world = World::new(&source, &seed, "ownership: managed");
    world.run("apply --yes").exits(4);
    source.extend((0..80).map(|number| user(&format!("more{number}"), &[])));
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.limit("creations", "users")["limit"], serde_json::Value::Null);
    source.retain(|principal| principal["name"] != "boss");
    world.source(&source);
    world.run("apply --yes").exits(0);
    source.extend((0..90).map(|number| user(&format!("last{number}"), &[])));
    world.source(&source);
    world.run("apply --yes").exits(3).says("creations");
}

#[test]
fn a_refused_run_and_a_plan_move_nothing_that_is_remembered() {
    let world = World::settled(&people(100), "ownership: managed, removeDeleted: true");
    world.source(&people(70));
    for command in ["plan", "apply --yes", "plan", "apply --yes --unattended"] {
        world.run(command).exits(3);
    }
    let plan = world.run("plan --format json").exits(3).document();
    assert_eq!(plan.limit("expect.shrink", "users of source people")["value"], 30);
    world.cluster.inject(Fault::once("user/sync", FaultKind::CutBefore).when_applying(true));
    world.source(&people(85));
    world.run("apply --yes").exits(1);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.limit("expect.shrink", "users of source people")["value"], 15);
}

#[test]
fn a_lost_state_costs_convenience_and_removes_nobody() {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    let mut source = people(11);
    source[1]["displayName"] = "Changed".into();
    world.source(&source);
    assert_eq!(world.run("plan --format json").document().changes(), ["update user:u001", "delete user:u012"]);
    for name in ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm"] {
        let _ = std::fs::remove_file(world.app.path(name));
    }
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001"]);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u012").is_some());
    world.is_settled();
    // What it adopts again it may remove again.
    world.source(&people(10));
    assert_eq!(world.run("plan --format json").document().changes(), ["update user:u001", "delete user:u011"]);
}

#[test]
fn where_everybody_is_owned_a_lost_state_changes_nothing_of_the_plan() {
    let world = World::settled(&people(12), "ownership: all, removeDeleted: true");
    world.source(&people(11));
    std::fs::remove_file(world.app.path("rollcall.db")).unwrap();
    assert_eq!(world.run("plan --format json").exits(0).document().changes(), ["delete user:u012"]);
}
