//! The command line itself: what it refuses, what it generates, how it ends.

use std::process::Command;

use crate::support::{App, Run, World, people, user};

#[test]
fn apply_asks_and_on_a_pipe_there_is_nobody_to_ask() {
    let world = World::new(&people(3), &[], "ownership: managed");
    world.run("apply").exits(64).complains("--yes");
    world.run("apply people-to-bi").exits(64);
    assert_eq!(world.cluster.journal().len(), 0);
}

/// At a terminal, which `script` pretends to be, a person is shown the plan and asked.
#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_only_yes_is_yes() {
    let world = World::new(&people(3), &[], "ownership: managed");
    let answered = |answer: &str| {
        let line = format!("printf '{answer}\\n' | script -qec '{} apply' /dev/null", env!("CARGO_BIN_EXE_rollcall"));
        let output = Command::new("bash").args(["-c", &line]).current_dir(world.app.folder()).output().unwrap();
        Run::of(&line, &output)
    };
    for answer in ["n", "", "yess", "no"] {
        answered(answer).exits(0).says("Apply 4 changes to `bi`? [y/N]").says("Nothing was written.");
    }
    world.nothing_written();
    answered("y").exits(0).says("4 done").says("Verified.");
    assert!(world.cluster.find("u003").is_some());
    answered("n").exits(0).says("Nothing to do.");
    // What is held is shown, though there is nothing to ask.
    world.source(&[people(3), vec![user("tsadmin", &[])]].concat());
    answered("n").exits(0).says("Nothing can be done now.").says("1 item is held: see above.");
}

#[test]
fn where_all_that_is_left_is_held_apply_says_so_too() {
    let world = World::settled(&people(3), "ownership: managed");
    world.source(&[people(3), vec![user("tsadmin", &[])]].concat());
    for command in ["plan", "apply --yes"] {
        world.run(command).exits(0).says("Nothing can be done now. 1 item is held: see above.");
    }
    world.nothing_written();
}

#[test]
fn names_that_do_not_exist() {
    let world = World::new(&people(3), &[], "ownership: managed");
    world.run("plan nobody-to-bi").exits(64).complains("no sync is named `nobody-to-bi`").complains("people-to-bi");
    world.run("apply nobody-to-bi --yes").exits(64);
    world.run("dump nowhere").exits(64).complains("bi");
    world.run("fly").exits(64);
    world.run("plan --format html").exits(64);
    world.run("").exits(64);
    world.run("--help").exits(0).says("apply");
    world.run("--version").exits(0).says("rollcall 0.");
}

#[test]
fn of_several_syncs_the_worst_counts_and_each_is_told() {
    let world = World::new(&people(12), &[], "ownership: managed, removeDeleted: true");
    let config = world.app.read("rollcall.yaml");
    let more = "  a-broken: { from: broken, to: copy }\n  z-copy: { from: people, to: copy2 }\n";
    let config = config.replace("\ntargets:", "\n  broken: { json: { path: broken.json } }\ntargets:").replace(
        "\nsyncs:",
        "\n  copy: { file: { path: copy.json } }\n  copy2: { file: { path: copy2.json } }\nsyncs:",
    );
    world.app.configure(&format!("{config}{more}"));
    world.app.write("broken.json", "[{");
    let run = world.run("plan --format json --detailed-exitcode").exits(1).complains("sync `a-broken`");
    let syncs: Vec<_> = run.documents().iter().map(|plan| plan["sync"].clone()).collect();
    assert_eq!(syncs, ["people-to-bi", "z-copy"]);
    world.run("apply --yes").exits(1);
    assert!(world.app.path("copy2.json").exists() && world.cluster.find("u012").is_some());
    world.run("plan people-to-bi z-copy --detailed-exitcode").exits(0);

    world.app.write("broken.json", "[]");
    world.run("plan --detailed-exitcode").exits(3);
    world.app.write_json("broken.json", &[user("ada", &[])]);
    world.run("plan --detailed-exitcode").exits(2);
    world.run("plan z-copy people-to-bi --detailed-exitcode").exits(0);
}

#[test]
fn whoever_stops_reading_sees_no_panic() {
    let world = World::new(&people(2000), &[], "ownership: managed");
    for line in
        ["plan -v", "plan --format json", "plan --format diff", "dump bi", "schema plan", "man", "completions bash"]
    {
        let run = world.app.begin(line).unheard().end().exits(0);
        assert!(run.err.lines().all(|line| line.contains(" INFO run{")), "{run}");
    }
}

#[test]
fn an_apply_ends_as_it_ends_whoever_reads_it() {
    let mut source = people(3);
    source.push(user("boss", &["Administrator"]));
    let world = World::new(&source, &[], "ownership: managed");
    // Something was held.
    world.app.begin("apply --yes").unheard().end().exits(4);
    assert!(world.cluster.find("u003").is_some());
}

#[test]
fn what_is_generated_is_valid() {
    let app = App::new();
    let script = app.run("completions bash").exits(0).says("complete -F");
    app.write("completion.bash", &script.out);
    let checked = Command::new("bash").args(["-n", "completion.bash"]).current_dir(app.folder()).status().unwrap();
    assert!(checked.success());
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        app.run(&format!("completions {shell}")).exits(0).says("rollcall");
    }
    let page = app.run("man").exits(0).says(".TH rollcall 1").says(".SH NAME").says("detailed").out;
    assert!(["plan", "apply", "dump", "check"].iter().all(|command| page.contains(&format!("rollcall\\-{command}"))));
    app.run("completions tcsh").exits(64);
}

#[test]
fn colours_are_for_terminals() {
    let world = World::new(&people(3), &[], "ownership: managed");
    for arguments in ["plan", "--no-color plan", "plan --format diff"] {
        let output = world.app.command(arguments).env_remove("NO_COLOR").output().unwrap();
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{arguments}");
    }
    let output =
        world.app.command("--no-color plan").env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn the_log_goes_to_stderr_and_may_be_json() {
    let world = World::new(&people(3), &[], "ownership: managed");
    world.cluster.fault("user/list", rollcall::sandbox::FaultKind::CutBefore);
    let run = world.run("--log-format json plan --format json").exits(0);
    assert_eq!(run.documents().len(), 1);
    for line in run.err.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(entry["level"], "WARN", "{line}");
    }
    assert!(run.err.contains("tried again"), "{run}");
}

#[test]
fn the_sandbox_serves_until_it_is_told_to_stop() {
    let app = App::new();
    app.write_json("seed.json", &people(2));
    let mut sandbox = app.begin("sandbox --listen 127.0.0.1:0 --seed seed.json");
    let line = sandbox.first_line();
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    app.write("password", "admin");
    app.configure(&format!(
        "targets: {{ bi: {{ thoughtspot: {{ url: \"{url}\", username: tsadmin, password: {{ file: password }} }} }} }}\n"
    ));
    app.run("dump bi").exits(0).says("u002");
    sandbox.signal("INT");
    sandbox.end().exits(0);
    app.run("sandbox --seed nowhere.json").exits(1).complains("nowhere.json");
}
