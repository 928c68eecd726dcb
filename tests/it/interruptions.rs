//! Locks, kills, full disks: whatever happens, the next run is right.

use rollcall::sandbox::{Fault, FaultKind};

use crate::support::{World, people, user};

fn changed() -> World {
    let world = World::settled(&people(12), "ownership: managed, removeDeleted: true");
    world.source(&people(11));
    world
}

fn slow(world: &World, applying: bool) {
    world.cluster.inject(Fault::once("user/sync", FaultKind::Latency { millis: 3000 }).when_applying(applying));
}

#[test]
fn one_apply_per_target_at_a_time() {
    let world = changed();
    slow(&world, false);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    world.run("apply --yes").exits(6).fails_once().complains("another run holds target `bi`").complains("hint:");
    // Looking is free.
    world.run("plan").exits(0);
    first.end().exits(0);
    assert_eq!(world.cluster.writes().len(), 1);
    world.run("apply --yes").exits(0).says("Nothing to do.");
}

#[test]
fn killed_before_the_write_the_next_apply_does_all() {
    let world = changed();
    slow(&world, false);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    first.kill();
    world.nothing_written();
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("u012"), None);
    world.is_settled();
}

#[test]
fn killed_in_the_write_the_next_apply_finds_it_done() {
    let world = changed();
    let mut source = people(11);
    source.push(user("new", &["staff"]));
    world.source(&source);
    slow(&world, true);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 2);
    first.kill();
    world.cluster.await_that(|cluster| !cluster.writes().is_empty());
    assert!(world.cluster.find("new").is_some());
    let report = world.run("apply --yes --format json").exits(0).document();
    assert!(report.changes().is_empty(), "{report}");
    // The journal knew whom it made: it is this sync's own, and may leave again.
    assert!(report.names("adopted").is_empty(), "{report}");
    world.source(&people(11));
    assert_eq!(world.run("plan --format json").document().changes(), ["delete user:new"]);
}

#[test]
fn told_to_stop_a_call_under_way_is_finished_and_the_lock_is_free() {
    let world = changed();
    slow(&world, false);
    let mut first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    first.signal("TERM");
    first.end().exits(0).complains("Stopping:");
    world.run("apply --yes").exits(0).says("Nothing to do.");
    assert_eq!(world.cluster.writes().len(), 1);
}

#[test]
fn a_full_disk_is_said() {
    let world = changed();
    world.run("plan --out /dev/full").exits(1).complains("cannot write the plan to /dev/full").complains("No space");
    let kind = std::os::unix::fs::FileTypeExt::is_char_device(&std::fs::metadata("/dev/full").unwrap().file_type());
    assert!(kind, "/dev/full is still what it was");
    let mut plan = world.app.command("plan --format json");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = plan.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space"));
}

#[test]
fn a_plan_may_be_saved_to_a_pipe() {
    let world = changed();
    let run = world.run("plan --format diff --out /dev/stdout").exits(0);
    assert!(run.out.contains("\"schema\":\"rollcall.plan/v1\""), "{run}");
    world.run("plan --out nowhere/p.json").exits(1).complains("nowhere/p.json");
    world.run("plan --out .").exits(1);
}

#[test]
fn a_state_that_cannot_be_kept_is_said_before_anything_is_read() {
    let world = changed();
    let config = world.app.read("rollcall.yaml");
    world.app.configure(&format!("state: sqlite:password/rollcall.db\n{config}"));
    world.cluster.clear_journal();
    for command in ["plan", "apply --yes"] {
        world.run(command).exits(1).fails_once().complains("password/rollcall.db").complains("hint:");
    }
    world.app.write("broken.db", "this is no database, and it is long enough to look at: ".repeat(100));
    world.app.configure(&format!("state: sqlite:broken.db\n{config}"));
    world.run("plan").exits(1).fails_once().complains("broken.db");
    assert!(world.cluster.journal().is_empty());
}

#[test]
fn two_plans_and_an_apply_share_the_state() {
    let world = changed();
    let plans: Vec<_> = (0..4).map(|_| world.app.begin("plan --format json")).collect();
    world.run("apply --yes").exits(0);
    for plan in plans {
        plan.end().exits(0).document();
    }
}

#[test]
fn every_run_is_written_down_however_it_ends() {
    let world = World::new(&people(12), &[], "ownership: managed, removeDeleted: true");
    world.run("plan --detailed-exitcode").exits(2);
    world.run("apply --yes --unattended").exits(3);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    assert_eq!(world.app.command("apply --yes").stdout(full).status().unwrap().code(), Some(1), "nobody could be told");
    world.source(&people(11));
    slow(&world, false);
    let killed = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 3);
    killed.kill();
    world.app.write("people.json", "[");
    world.run("apply --yes").exits(1);
    let runs = [("plan", Some(2)), ("apply", Some(3)), ("apply", Some(0)), ("apply", None), ("apply", Some(1))];
    assert_eq!(world.app.runs(), runs.map(|(command, exit)| (command.to_owned(), exit)));
}
