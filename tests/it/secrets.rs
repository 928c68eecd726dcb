//! Canaries: secrets that must be nowhere but where they belong.

use crate::support::{App, World, people, user, with};

const SIGN_IN: &str = "Canary-sign-in-1";
const INLINE: &str = "Canary-inline-2";
const COLUMN: &str = "Canary-column-3";
const SHARED: &str = "Canary-shared-4";
const CANARIES: [&str; 4] = [SIGN_IN, INLINE, COLUMN, SHARED];

/// No canary in any output, nor in any file but those that they were written to.
fn is_silent(app: &App, outputs: &[String], homes: &[&str]) {
    for output in outputs {
        for canary in CANARIES {
            assert!(!output.contains(canary), "{canary} in {output}");
        }
    }
    for entry in std::fs::read_dir(app.folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if homes.contains(&name.as_str()) {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for canary in CANARIES {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} in {name}");
        }
    }
}

fn said(app: &App, lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .flat_map(|line| {
            let run = app.run(&format!("{line} -vvv"));
            [run.out, run.err]
        })
        .collect()
}

#[test]
fn no_secret_is_told_or_kept() {
    let mut seed = people(0);
    seed.push(serde_json::json!({
        "name": "robot", "principalTypeEnum": "LOCAL_USER", "groupNames": ["Administrator"], "password": SIGN_IN,
    }));
    let world = World::new(&people(12), &seed, "ownership: managed, password: { file: shared }");
    let app = &world.app;
    app.configure(&app.read("rollcall.yaml").replace("tsadmin", "robot"));
    app.write("password", SIGN_IN);
    app.write("shared", SHARED);
    let mut source = people(12);
    source.push(with(user("ada", &["staff"]), "password", COLUMN));
    world.source(&source);
    let mut outputs = said(
        app,
        &[
            "check",
            "check --format json",
            "plan",
            "plan --format json",
            "plan --format diff",
            "plan --out p.json",
            "dump bi",
            "apply --plan p.json --yes --format json",
        ],
    );
    assert!(world.cluster.find("ada").unwrap().has_password);
    world.source(&people(11));
    world.cluster.fault("user/list", rollcall::sandbox::FaultKind::ExpireSession);
    outputs.extend(said(app, &["plan", "apply --yes", "--log-format json apply --yes"]));
    app.write("password", "wrong");
    outputs.extend(said(app, &["plan", "check"]));
    is_silent(app, &outputs, &["password", "shared", "people.json"]);
    assert!(app.path("rollcall.db").exists() && app.path("p.json").exists());
}

#[test]
fn nor_is_one_that_stands_in_the_configuration() {
    let world = World::new(&people(3), &[], "ownership: managed");
    let app = &world.app;
    app.configure(&app.read("rollcall.yaml").replace("{ file: password }", INLINE));
    let mut outputs = said(app, &["plan", "check", "check --format json", "apply --yes", "dump bi"]);
    // A mistake on the very line.
    app.configure(&app.read("rollcall.yaml").replace("password:", "pasword:"));
    outputs.extend(said(app, &["plan", "check", "check --format json"]));
    app.configure(&app.read("rollcall.yaml").replace("pasword:", "password: [").replace(INLINE, &format!("{INLINE}]")));
    outputs.extend(said(app, &["plan", "check", "check --format json"]));
    app.configure(&app.read("rollcall.yaml").replace("password: [", "password: {"));
    outputs.extend(said(app, &["plan", "check", "check --format json"]));
    is_silent(app, &outputs, &["rollcall.yaml"]);
}

#[test]
fn nor_is_one_in_a_column_or_a_broken_record() {
    let app = App::with(
        "sources: { people: { csv: { users: people.csv } } }\ntargets: { copy: { file: { path: copy.json } } }\n\
         syncs: { people-to-copy: { from: people, to: copy, ownership: managed } }\n",
    );
    app.write("people.csv", format!("name,password,active\nada,{COLUMN},\nbob,{COLUMN},perhaps\n,{COLUMN},\n"));
    let commands = ["plan", "plan --format json", "plan --format diff", "plan --out p.json", "apply --yes", "check"];
    let mut outputs = said(&app, &commands);
    app.write("people.csv", format!("name,password\nada,\"{COLUMN}\n"));
    outputs.extend(said(&app, &commands));
    app.write("people.csv", format!("name,pasword\nada,{COLUMN}\n"));
    outputs.extend(said(&app, &commands));
    app.configure(&app.read("rollcall.yaml").replace("csv: { users: people.csv }", "json: { path: people.json }"));
    for broken in [
        "[{\"name\": \"ada\", \"password\": [\"C\"]}]",
        "[{\"name\": \"ada\", \"passwort\": \"C\"}]",
        "[{\"name\": \"ada\", \"password\": \"C\"",
    ] {
        app.write("people.json", broken.replace("\"C\"", &format!("\"{COLUMN}\"")));
        outputs.extend(said(&app, &commands));
    }
    is_silent(&app, &outputs, &["people.csv", "people.json"]);
}

#[test]
fn what_is_kept_is_its_owners_alone() {
    let world = World::settled(&people(3), "ownership: managed");
    world.run("plan --out p.json").exits(0);
    for name in ["rollcall.db", "p.json"] {
        let found = std::fs::metadata(world.app.path(name)).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions());
        assert_eq!(mode & 0o077, 0, "{name} {mode:o}");
    }
}

#[test]
fn a_secret_may_come_from_the_environment_or_a_program() {
    let world = World::new(&people(3), &[], "ownership: managed");
    let config = world.app.read("rollcall.yaml");
    world.app.configure(&config.replace("{ file: password }", "{ command: [cat, password] }"));
    world.run("plan").exits(0);
    world.app.configure(&config.replace("{ file: password }", "{ env: TS_PASSWORD }"));
    world.run("plan").exits(78).complains("TS_PASSWORD");
    let output = world.app.command("plan").env("TS_PASSWORD", "admin").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    world.app.configure(&config.replace("{ file: password }", "admin"));
    world.run("plan").exits(0).complains("warning").complains("stands in the configuration");
}
