//! The state in PostgreSQL: what a person does from day to day, from several machines, also at once.

use rollcall::sandbox::{Fault, FaultKind};

use crate::support::{PASSWORD, Postgres, World, csv, people, user};

const RULES: &str = "ownership: managed, removeDeleted: true";

const CSV: &str = "csv: { users: people.csv, map: { name: name, displayName: displayName, mail: mail } }";

/// A company in a CSV file, a cluster with an account made by hand, and the state in `server`.
fn world(server: &Postgres) -> World {
    let world = World::new(&[], &[user("byhand", &[])], RULES);
    staff(&world, 12);
    world.configure(CSV, RULES);
    let config = world.app.read("rollcall.yaml");
    world.app.configure(&format!("state: {}\n{config}", server.url()));
    world
}

fn staff(world: &World, count: usize) {
    world.app.write("people.csv", csv(&people(count)));
}

#[test]
fn a_company_is_kept_equal_with_the_state_in_postgres() {
    let Some(server) = Postgres::start() else { return };
    let world = world(&server);
    world.run("plan --detailed-exitcode").exits(2);
    world.run("apply --yes").exits(0);
    world.is_settled();
    staff(&world, 11);
    assert_eq!(world.run("plan --format json").exits(0).document().changes(), ["delete user:u012"]);
    let said = world.run("apply --yes -vvv").exits(0);
    assert!(!said.err.contains(PASSWORD) && !said.out.contains(PASSWORD), "{said}");
    world.is_settled();
    assert!(world.cluster.find("byhand").is_some() && world.cluster.find("u012").is_none());
    assert!(!world.app.path("rollcall.db").exists(), "nothing is kept beside it");
    let runs = server.ask("SELECT command || ' ' || exit_code FROM run ORDER BY id");
    let expected = ["plan 2", "apply 0", "plan 0", "plan 0", "apply 0", "plan 0"];
    assert_eq!(runs.lines().collect::<Vec<_>>(), expected);
}

fn slow(world: &World, applying: bool) {
    world.cluster.inject(Fault::once("user/sync", FaultKind::Latency { millis: 3000 }).when_applying(applying));
}

#[test]
fn of_two_who_apply_at_once_one_goes_away() {
    let Some(server) = Postgres::start() else { return };
    let world = world(&server);
    world.settle();
    staff(&world, 11);
    slow(&world, false);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    world.run("apply --yes").exits(6).fails_once().complains("another run holds target `bi`").complains("hint:");
    world.run("plan").exits(0);
    first.end().exits(0);
    assert_eq!(world.cluster.writes().len(), 1);
    // The first has given it back.
    world.run("apply --yes").exits(0).says("Nothing to do.");
}

#[test]
fn whoever_was_killed_holds_a_target_half_a_minute_more() {
    let Some(server) = Postgres::start() else { return };
    let world = world(&server);
    world.settle();
    staff(&world, 11);
    slow(&world, false);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    first.kill();
    world.run("apply --yes").exits(6).complains("30 s");
    // Nobody renews it: that is what time does.
    let left =
        server.ask("UPDATE lease SET expires = expires - interval '30 seconds' RETURNING expires < clock_timestamp()");
    assert_eq!(left, "t");
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn a_server_that_goes_away_in_the_middle_costs_nothing_but_another_run() {
    let Some(mut server) = Postgres::start() else { return };
    let world = world(&server);
    world.settle();
    staff(&world, 11);
    slow(&world, true);
    let first = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 2);
    server.kill();
    let address = server.address();
    first.end().exits(1).complains("it was applied, and could not be written down").complains(&address);
    world.run("plan").exits(1).fails_once().complains(&format!("postgres {address}/postgres")).complains("hint:");
    server.start_again();
    server.ask("UPDATE lease SET expires = clock_timestamp()");
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn several_machines_may_be_the_first() {
    let Some(server) = Postgres::start() else { return };
    let on_server = world(&server);
    let in_file = World::new(&people(12), &[], RULES);
    for world in [&on_server, &in_file] {
        let plans: Vec<_> = (0..4).map(|_| world.app.begin("plan --format json")).collect();
        for plan in plans {
            plan.end().exits(0).document();
        }
    }
    assert_eq!(server.ask("SELECT count(*) FROM run"), "4");
}

#[test]
fn the_address_may_be_kept_elsewhere() {
    let Some(server) = Postgres::start() else { return };
    let world = world(&server);
    let config = world.app.read("rollcall.yaml").replace(&server.url(), "{ file: state-url }");
    world.app.configure(&config);
    world.app.write("state-url", server.url());
    world.run("check --offline").exits(0);
    world.run("apply --yes").exits(0);
    world.is_settled();
    world.app.write("state-url", "sqlite:rollcall.db");
    world.run("plan").exits(1).fails_once().complains("cannot use the address of the state");
}
