//! Six mistakes in one configuration are six problems at once, with their places and what to do.

use serde_json::Value;

use crate::support::{App, World, people};

const SIX: &str = "\
environment: prod
sources:
  corp:
    csv: { users: people.csv }
targets:
  bi:
    thoughtspot:
      url: https://ts.example.org
      username: rollcall
      password: { file: no-such-file }
    timeout: soon
syncs:
  corp-to-bi:
    from: corp
    to: bi
    ownership: all
    removeDeletd: true
  again-to-bi:
    from: [corp]
    to: bi
    ownership: managed
    applyChanges: [yes]
  elsewhere:
    from: corp
    to: bo
";

/// Line, column, way, a part of the message, a part of the hint.
const PROBLEMS: [(u64, u64, &str, &str, &str); 6] = [
    (10, 17, "targets.bi.thoughtspot.password", "no-such-file", "beside the configuration file"),
    (11, 14, "targets.bi.timeout", "`30s`, `15m` or `30d`", ""),
    (16, 16, "syncs.corp-to-bi.ownership", "also the target of `again-to-bi`", "ownership: managed"),
    (17, 5, "syncs.corp-to-bi.removeDeletd", "unknown key", "`removeDeleted`"),
    (22, 19, "syncs.again-to-bi.applyChanges", "expected true or false", ""),
    (25, 9, "syncs.elsewhere.to", "no target `bo`", "`bi`"),
];

#[test]
fn a_person_reads_all_six_from_every_command() {
    let app = App::with(SIX);
    for command in ["check", "check --offline", "plan", "apply --yes", "dump bi"] {
        let run = app.run(command).exits(78).complains("6 problems");
        assert!(run.out.is_empty(), "{run}");
        for (line, column, way, message, hint) in PROBLEMS {
            let told = run.err.contains(&format!("rollcall.yaml:{line}:{column}"));
            assert!(
                told && run.err.contains(way) && run.err.contains(message) && run.err.contains(hint),
                "{way}\n{run}"
            );
        }
    }
    assert!(!app.path("rollcall.db").exists(), "nothing was begun");
}

#[test]
fn a_program_reads_all_six_as_json() {
    let document = App::with(SIX).run("check --format json").exits(78).document();
    assert_eq!(document["ok"], false);
    let problems = document["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 6, "{document}");
    for (problem, (line, column, way, message, hint)) in problems.iter().zip(PROBLEMS) {
        assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(line), Some(column)), "{problem}");
        assert_eq!(problem["path"], way);
        assert!(problem["message"].as_str().unwrap().contains(message), "{problem}");
        assert!(problem["hint"].as_str().unwrap_or_default().contains(hint), "{problem}");
        assert!(problem["file"].as_str().unwrap().ends_with("rollcall.yaml"));
    }
}

#[test]
fn no_configuration_at_all() {
    let app = App::new();
    app.run("plan").exits(78).complains("rollcall.yaml");
    app.run("--config elsewhere.yaml plan").exits(78).complains("elsewhere.yaml");
    app.write("broken.yaml", "sources: [");
    app.run("--config broken.yaml check").exits(78).complains("broken.yaml:");
    let document = app.run("--config broken.yaml check --format json").exits(78).document();
    assert_eq!(document["problems"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_configuration_may_be_named_by_the_environment() {
    let world = World::new(&people(3), &[], "ownership: managed");
    std::fs::create_dir(world.app.path("etc")).unwrap();
    for name in ["rollcall.yaml", "people.json", "password"] {
        std::fs::rename(world.app.path(name), world.app.path("etc").join(name)).unwrap();
    }
    let output = world.app.command("plan --format json").env("ROLLCALL_CONFIG", "etc/rollcall.yaml").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(world.app.path("etc/rollcall.db").exists());
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let app = App::with(
        "sources: { people: { json: {} } }\ntargets: { bi: { thoughtspot: {} }, copy: { file: {} } }\nsyncs: { one: {} }\n",
    );
    let run = app.run("check").exits(78);
    for member in ["url", "username", "password", "path", "from", "to"] {
        assert!(run.err.contains(&format!("`{member}` is missing")), "{member}\n{run}");
    }
}

#[test]
fn a_sound_configuration_is_checked_for_real() {
    let world = World::new(&people(3), &[], "ownership: managed");
    world.run("check").exits(0).says("people").says("3 users").says("signed in as `tsadmin`");
    let document = world.run("check --format json").exits(0).document();
    assert_eq!(document["ok"], true);
    let checks: Vec<_> = document["checks"].as_array().unwrap().iter().map(|check| check["name"].clone()).collect();
    assert_eq!(checks, ["people", "bi"].map(Value::from));
    world.app.write("password", "wrong");
    world.run("check --offline").exits(0);
    world.run("check").exits(1);
    assert_eq!(world.run("check --format json").exits(1).document()["ok"], false);
    world.nothing_written();
}

#[test]
fn what_is_not_built_is_refused_and_not_ignored() {
    let world = World::new(&people(3), &[], "ownership: managed, approval: required");
    world.run("plan").exits(78).complains("approval");
}

#[test]
fn an_heir_whom_the_target_refuses_is_found_by_check() {
    let world = World::new(&people(3), &[], "ownership: managed, leavers: { users: { transferTo: tsadmin } }");
    world.run("check").exits(78).complains("transferTo");
}
