//! An auditor has an export and a public key: what our binary says of it, and what a program says that is not ours.

use std::process::Command;

use serde_json::Value;

use crate::support::{App, Run, Trail, trail_key};

/// The independent verifier, without any package of the machine's. Nothing where there is no Python.
fn python(app: &App, arguments: &str) -> Option<Run> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify-audit.py");
    let mut command = Command::new("python3");
    let output = command.args(["-S", script]).args(arguments.split_whitespace()).current_dir(app.folder()).output();
    match output {
        Ok(output) => Some(Run::of(arguments, &output)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "there must be a Python: {error}");
            None
        }
    }
}

#[test]
fn an_export_that_was_left_alone_is_whole() {
    let app = App::new();
    Trail::export(&app, 200);
    let run = app.run("audit verify --trail trail.jsonl").exits(0);
    let run = run.says("The audit trail is whole: all 200 records").says("2 of 2 signed and fitting");
    let run = run.says("the key came with the trail").says("2026-05-28T20:26:40.000Z to 2026-05-28T20:29:59.000Z");
    assert!(run.err.is_empty(), "{run}");
    let told =
        app.run("audit verify --trail trail.jsonl --public-key trail.jsonl.vkey --format json").exits(0).document();
    assert_eq!(
        (&told["whole"], &told["size"], &told["keys"][0]["trust"]),
        (&true.into(), &200.into(), &"given".into())
    );
    let root = told["root"].as_str().unwrap();
    run.says(root);
    if let Some(run) = python(&app, "trail.jsonl") {
        run.exits(0).says("whole\nsize 200\n").says(&format!("root {root}\n"));
    }
}

/// What somebody does to the files.
type Deed = (&'static str, fn(&App, &mut Trail<'_>));

const DEEDS: [Deed; 9] = [
    ("changed", |_, trail| trail.lines[70] = trail.lines[70].replace("apply", "appIy")),
    ("missing", |_, trail| drop(trail.lines.remove(70))),
    ("displaced", |_, trail| trail.lines.swap(70, 71)),
    ("cut-short", |_, trail| trail.lines.truncate(70)),
    ("added", |_, trail| trail.lines.insert(70, "{\"event\":\"e\",\"seq\":70,\"time\":\"t\"}".into())),
    ("leaf-changed", |app, _| {
        let leaves = app.read("trail.jsonl.leaves");
        let (before, after) = leaves.split_at(70 * 65);
        let other = if after.starts_with('0') { '1' } else { '0' };
        app.write("trail.jsonl.leaves", format!("{before}{other}{}", &after[1..]));
    }),
    ("root", |_, trail| {
        trail.lines[70] = trail.lines[70].replace("apply", "appIy");
        // Its hash with it.
        trail.write();
    }),
    ("unproven", |app, _| {
        let key = rollcall::audit::SigningKey::new("recon.example.com/audit/prod", &[1; 32]).unwrap();
        app.write("trail.jsonl.vkey", key.public().to_string());
    }),
    ("unproven", |app, _| {
        let note = app.read("trail.jsonl.checkpoint");
        app.write("trail.jsonl.checkpoint", note.replace("\n200\n", "\n201\n"));
    }),
];

#[test]
fn damage_is_found_by_our_program_and_by_another() {
    for (code, deed) in DEEDS {
        let app = App::new();
        let mut trail = Trail::export(&app, 200);
        deed(&app, &mut trail);
        app.write("trail.jsonl", trail.lines.iter().flat_map(|line| [line, "\n"]).collect::<String>());
        app.run("audit verify --trail trail.jsonl").exits(1).says("The audit trail is broken").says(code).says("do: ");
        let told = app.run("audit verify --trail trail.jsonl --format json").exits(1).document();
        let fault = &told["faults"][0];
        assert_eq!((&told["whole"], &fault["code"]), (&Value::Bool(false), &Value::from(code)), "{fault}");
        if !matches!(code, "root" | "unproven") {
            assert_eq!(
                (&fault["line"], &fault["seq"].as_u64().unwrap_or(70)),
                (&71.into(), if code == "displaced" { &71 } else { &70 }),
                "{fault}"
            );
        }
        if let Some(run) = python(&app, "trail.jsonl") {
            run.exits(1).complains("broken: ");
        }
    }
}

#[test]
fn whoever_has_the_key_is_found_out_by_a_checkpoint_that_was_kept() {
    let app = App::new();
    let mut trail = Trail::export(&app, 200);
    app.write("kept.checkpoint", trail.note(150, &trail_key()));
    app.run("audit verify --trail trail.jsonl --checkpoint kept.checkpoint").exits(0).says("3 of 3 signed and fitting");
    trail.lines[120] = trail.lines[120].replace("apply", "plan");
    trail.write();
    let anew = [trail.note(100, &trail_key()), trail.note(200, &trail_key())];
    app.write("trail.jsonl.checkpoint", anew.join("\n"));
    app.run("audit verify --trail trail.jsonl").exits(0);
    let run = app.run("audit verify --trail trail.jsonl --checkpoint kept.checkpoint").exits(1);
    run.says("rewritten").says("two stories were signed");
}

#[test]
fn an_export_that_is_not_all_there() {
    let app = App::new();
    app.run("audit verify --trail trail.jsonl")
        .exits(1)
        .complains("trail.jsonl.vkey")
        .complains("FILE.leaves")
        .fails_once();
    app.run("audit verify").exits(78);
    let mut trail = Trail::export(&app, 200);
    std::fs::remove_file(app.path("trail.jsonl.leaves")).unwrap();
    app.run("audit verify --trail trail.jsonl").exits(0).complains("warning: there is no trail.jsonl.leaves");
    trail.lines[70] = trail.lines[70].replace("apply", "appIy");
    app.write("trail.jsonl", trail.lines.iter().flat_map(|line| [line, "\n"]).collect::<String>());
    app.run("audit verify --trail trail.jsonl").exits(1).says("something among seq 0 to 99 was changed");
    if let Some(run) = python(&app, "trail.jsonl") {
        run.exits(1).complains("something from seq 0 on was changed");
    }
    app.write("trail.jsonl.vkey", "no key");
    app.run("audit verify --trail trail.jsonl").exits(1).complains("cannot use the public key").fails_once();
    Trail::export(&app, 200);
    std::fs::remove_file(app.path("trail.jsonl.checkpoint")).unwrap();
    app.run("audit verify --trail trail.jsonl").exits(1).says("nothing is signed");
    if let Some(run) = python(&app, "trail.jsonl") {
        run.exits(1);
    }
}

/// The same key in the hands of another program, and the key of a stranger.
#[test]
fn a_key_that_the_auditor_has_counts_more_than_the_one_beside() {
    let app = App::new();
    Trail::export(&app, 20);
    let stranger = rollcall::audit::SigningKey::new("recon.example.com/audit/prod", &[1; 32]).unwrap();
    app.write("mine.vkey", stranger.public().to_string());
    app.run("audit verify --trail trail.jsonl --public-key mine.vkey")
        .exits(1)
        .says("signed by none of the known keys");
    if let Some(run) = python(&app, "trail.jsonl mine.vkey") {
        run.exits(1).complains("signed by no known key");
    }
}
