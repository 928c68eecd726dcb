//! The daemon: what is due is done, once, and whatever happens to it the next one finishes.

use std::collections::BTreeMap;
use std::time::Duration;

use rollcall::sandbox::{Fault, FaultKind, Product as _};
use serde_json::Value;

use crate::support::{App, Daemon, Office, Postgres, clerk};

const EACH_SECOND: &str = "schedule: { cron: '* * * * * *' }";

fn people(names: &[&str]) -> String {
    names.iter().fold("name,displayName\n".to_owned(), |text, name| format!("{text}{name},{name} of the company\n"))
}

fn config(head: &str, rules: &str) -> String {
    format!(
        "{head}\nsources: {{ hr: {{ csv: {{ users: people.csv }} }} }}\ntargets: {{ out: {{ file: {{ path: out.json }} }} }}\n\
         syncs: {{ hr-to-out: {{ from: hr, to: out, ownership: managed, applyChanges: true, {rules} }} }}\n"
    )
}

/// A company in a CSV file and in a file target, by an apply by hand.
fn company(rules: &str) -> App {
    let app = App::with(&config("", rules));
    app.write("people.csv", people(&["ada", "bob", "cy"]));
    app.run("apply --yes").exits(0);
    app
}

fn has(app: &App, name: &str) -> bool {
    let people: Value = app.read_json("out.json");
    people.as_array().unwrap().iter().any(|person| person["name"] == name)
}

#[test]
fn what_changes_in_a_source_is_in_the_target_by_the_next_time() {
    let app = company(EACH_SECOND);
    let daemon = Daemon::start(&app, "log");
    assert!(daemon.log().contains("hr-to-out  applies to out: next on "), "{}", daemon.log());
    assert_eq!(daemon.get("/livez"), "200 ok");
    assert_eq!(daemon.get("/readyz"), "200 ok");
    app.write("people.csv", people(&["ada", "bob", "cy", "grace"]));
    daemon.await_that("grace is in the target", |_| has(&app, "grace"));
    daemon.stop().exits(0).complains("Stopping: nothing new is begun");
    // Each time is told with its run, and none has two.
    let runs = app.run("runs --limit 100 --format json").exits(0);
    let runs: Vec<Value> = runs.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let scheduled = runs.iter().filter(|run| run["requestedBy"]["via"] == "schedule");
    let ticks: Vec<&str> = scheduled.map(|run| run["requestedBy"]["who"].as_str().unwrap()).collect();
    let once: std::collections::BTreeSet<_> = ticks.iter().collect();
    assert!(!ticks.is_empty() && once.len() == ticks.len(), "{ticks:?}");
}

#[test]
fn a_sync_that_only_reports_writes_nothing_and_a_daily_one_waits() {
    let app = company(EACH_SECOND);
    app.configure(&config("", EACH_SECOND).replace("applyChanges: true", "applyChanges: false"));
    app.write("people.csv", people(&["ada", "bob", "cy", "grace"]));
    let daemon = Daemon::start(&app, "log");
    assert!(daemon.log().contains("only reports on out: next on "), "{}", daemon.log());
    daemon.await_log("A run has ended");
    daemon.stop().exits(0);
    assert!(!has(&app, "grace"));
    app.configure(&config("", "schedule: { cron: '@yearly' }"));
    let daemon = Daemon::start(&app, "log");
    let run = daemon.stop().exits(0);
    assert!(!run.err.contains("A run begins"), "{run}");
}

#[test]
fn another_configuration_is_taken_whole_or_not_at_all() {
    let app = company(EACH_SECOND);
    let mut daemon = Daemon::start(&app, "log");
    app.configure(&config("", "schedule: { cron: 'never' }, removeDelete: true"));
    daemon.signal("HUP");
    daemon.await_log("the new configuration is refused");
    let log = daemon.log();
    assert!(log.contains("removeDelete") && log.contains("expected 5 fields"), "every problem of it: {log}");
    // The old one goes on.
    app.write("people.csv", people(&["ada", "bob", "cy", "grace"]));
    daemon.await_that("grace is in the target", |_| has(&app, "grace"));
    app.configure(&config("state: sqlite:other.db", EACH_SECOND));
    daemon.signal("HUP");
    daemon.await_log("`state` was changed: that takes a restart");
    app.configure(&config("environment: new", "schedule: { cron: '@yearly' }"));
    daemon.signal("HUP");
    daemon.await_log("The configuration was read anew.");
    let log = daemon.log();
    assert!(log.rsplit("read anew.").next().unwrap().contains("01-01 00:00:00 UTC"), "{log}");
    daemon.stop().exits(0);
}

#[test]
fn told_to_stop_in_mid_apply_it_ends_in_time_and_the_next_one_finishes() {
    let names: Vec<String> = (10..50).map(|n| format!("u{n}")).collect();
    let clerks: Vec<Value> = names.iter().map(|name| clerk(name, &["Support"])).collect();
    let office = Office::new(&[], "", &format!("ownership: managed, applyChanges: true, {EACH_SECOND}"));
    office.source(&clerks[..2]);
    office.run("apply --yes").exits(0);
    office.source(&clerks);
    office.clear_journal();
    office.fault("POST users", 40, FaultKind::Latency { millis: 400 });
    let mut daemon = Daemon::start(&office.app, "log");
    daemon.await_that("an apply is under way", |_| office.count("POST", "users") >= 3);
    daemon.signal("TERM");
    daemon.await_log("one run is brought to an end");
    let run = daemon.end().exits(0);
    assert!(run.err.contains("exit=\"stopped\""), "{run}");
    let begun = office.count("POST", "users");
    assert!(begun < 38, "it begins nothing more");
    // Nothing is half done that is not written down.
    let runs = office.run("runs --status stopped --format json").exits(0);
    assert!(runs.out.contains("changes were not tried, the next run finds them again"), "{runs}");
    assert!(!office.run("runs --status running --format json").exits(0).out.contains("running"));
    office.clear_faults();
    let daemon = Daemon::start(&office.app, "log");
    daemon.await_that("everybody is there", |_| office.count("POST", "users") >= 38);
    daemon.await_log("changes=38".replace("38", &(38 - begun).to_string()).as_str());
    daemon.stop().exits(0);
    assert_eq!(office.count("POST", "users"), 38, "nobody was made twice");
    office.is_settled();
}

#[test]
fn replicas_share_the_times_of_schedules_and_outlive_each_other() {
    let Some(postgres) = Postgres::start() else { return };
    let app = App::new();
    let sync = |n| format!("  s{n}: {{ from: hr, to: t{n}, ownership: managed, applyChanges: true, {EACH_SECOND} }}\n");
    let syncs = (0..6).map(sync).collect::<Vec<_>>().concat();
    let target = |n| format!("  t{n}: {{ file: {{ path: t{n}.json }} }}\n");
    let targets = (0..6).map(target).collect::<Vec<_>>().concat();
    app.configure(&format!(
        "state: {}\nsources: {{ hr: {{ csv: {{ users: people.csv }} }} }}\ntargets:\n{targets}syncs:\n{syncs}",
        postgres.url()
    ));
    app.write("people.csv", people(&["ada", "bob", "cy"]));
    app.run("apply --yes").exits(0);
    let (one, two) = (Daemon::start(&app, "one"), Daemon::start(&app, "two"));
    for daemon in [&one, &two] {
        daemon.await_that("both have work", |daemon| daemon.log().matches("A run has ended").count() > 3);
    }
    one.kill();
    let killed = postgres.ask("SELECT max(tick) FROM schedule_tick");
    // What it was at is begun anew by the other, once its lease is over.
    let open = format!("SELECT count(*) FROM schedule_tick WHERE finished IS NULL AND tick <= '{killed}'");
    two.await_that("nothing is left of it", |_| postgres.ask(&open) == "0");
    let ends = "SELECT count(*) FROM schedule_tick WHERE finished IS NOT NULL";
    two.await_that("there is enough to look at", |_| postgres.ask(ends).parse::<usize>().unwrap() > 12);
    let run = two.stop().exits(0);
    // Each time has one run that ended; nobody was twice at one time.
    let ended = postgres.ask(
        "SELECT t.sync || ' ' || t.tick, r.exit_code FROM schedule_tick t LEFT JOIN run r ON r.id = t.run \
         WHERE t.finished IS NOT NULL",
    );
    let wrong: Vec<&str> = ended.lines().filter(|line| !line.ends_with("|0")).collect();
    assert!(wrong.is_empty() && ended.lines().count() > 12, "{wrong:?}\n{run}");
    let twice = postgres.ask(
        "SELECT sync, requested_by::json ->> 'who', count(*) FROM run WHERE exit_code = 0 \
         AND requested_by::json ->> 'via' = 'schedule' GROUP BY 1, 2 HAVING count(*) > 1",
    );
    assert_eq!(twice, "", "one run each");
    let gaps: BTreeMap<&str, usize> =
        ended.lines().filter_map(|line| line.split_once(' ')).fold(BTreeMap::new(), |mut counts, (sync, _)| {
            *counts.entry(sync).or_default() += 1;
            counts
        });
    assert_eq!(gaps.len(), 6, "every sync had its turn: {gaps:?}");
}

#[test]
fn a_replica_that_was_paused_past_its_lease_writes_nothing_more() {
    let Some(postgres) = Postgres::start() else { return };
    let rules = "ownership: managed, applyChanges: true, schedule: { cron: '* * * * * *' }";
    let office = Office::new(&[], "", rules);
    let names: Vec<String> = (10..40).map(|n| format!("u{n}")).collect();
    let clerks: Vec<Value> = names.iter().map(|name| clerk(name, &["Support"])).collect();
    let config = office.app.read("rollcall.yaml").replace("    timeout: 2s\n", "    timeout: 2s\n    concurrency: 1\n");
    office.app.configure(&format!("state: {}\n{config}", postgres.url()));
    office.source(&clerks[..2]);
    office.run("apply --yes").exits(0);
    office.source(&clerks);
    office.clear_journal();
    office.fault("POST users", 100, FaultKind::Latency { millis: 300 });
    let mut paused = Daemon::start(&office.app, "paused");
    paused.await_that("an apply is under way", |_| office.count("POST", "users") >= 2);
    paused.signal("STOP");
    std::thread::sleep(Duration::from_millis(700));
    let before = office.count("POST", "users");
    // Its leases are over, as they would be within half a minute, and another has the target.
    postgres.ask("UPDATE lease SET expires = clock_timestamp(); UPDATE schedule_tick SET expires = clock_timestamp()");
    postgres
        .ask("UPDATE lease SET holder = 'another', epoch = epoch + 1, expires = clock_timestamp() + interval '1 day'");
    paused.signal("CONT");
    paused.await_log("no longer holds target");
    let after = office.count("POST", "users");
    assert!(after <= before + 1, "{before} before, {after} after: one that was on its way");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(office.count("POST", "users"), after);
    paused.kill();
}

#[test]
fn the_demo_goes_on_by_itself_and_leaves_nothing_behind() {
    let app = App::new();
    let daemon = Daemon::start_line(&app, "log", "demo --listen 127.0.0.1:0");
    assert!(daemon.log().contains("company-to-scim         applies to scim: next on "), "{}", daemon.log());
    let folders = || std::fs::read_dir(app.folder()).unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    let folder = folders().find(|path| path.is_dir()).unwrap();
    let people = folder.join("people.csv");
    let text = std::fs::read_to_string(&people).unwrap();
    std::fs::write(&people, text.replacen("Ada Lovelace", "Ada King", 1)).unwrap();
    daemon.await_log("company-to-scim: done, 1 change");
    daemon.stop().exits(0);
    assert!(!folder.exists(), "it removes its folder");
}

#[test]
fn why_a_run_did_not_do_everything_stands_in_the_log_and_beside_it() {
    let office = Office::new(&[], "", &format!("ownership: managed, applyChanges: true, {EACH_SECOND}"));
    office.source(&[clerk("ada", &["Support"])]);
    office.run("apply --yes").exits(0);
    office.source(&[clerk("ada", &["Support"]), clerk("bob", &["Support"]), clerk("cy", &["Support"])]);
    let refusal = FaultKind::Status { code: 400, retry_after: None, body: None, content_type: None };
    office.inject(Fault::once("POST users", refusal));
    let daemon = Daemon::start(&office.app, "log");
    daemon.await_log("Not every change of a run was carried out");
    daemon.await_log("A run has ended");
    let log = daemon.stop().exits(0).err;
    let line = log.lines().find(|line| line.contains("Not every change")).unwrap();
    for part in ["WARN", "done=1", "failed=1", "class=\"rejected\"", "rollcall report"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains("bob") && !line.contains("cy"), "the log names nobody: {line}");
    let listed = office.run("runs --status partial").exits(0).out;
    assert!(listed.contains("1 of 2") && listed.contains("of 2 changes 1 failed; "), "{listed}");
    assert!(listed.contains("  schedule\n"), "who asked is no time: {listed}");
}

#[test]
fn a_database_that_only_reads_is_not_ready() {
    let Some(postgres) = Postgres::start() else { return };
    let app = App::with(&config(&format!("state: {}", postgres.url()), "schedule: { cron: '@yearly' }"));
    app.write("people.csv", people(&["ada"]));
    let daemon = Daemon::start(&app, "log");
    assert_eq!(daemon.get("/readyz"), "200 ok");
    postgres.ask("ALTER DATABASE postgres SET default_transaction_read_only = on");
    postgres.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall' AND pid <> pg_backend_pid()",
    );
    daemon.await_that("it is not ready", |daemon| daemon.get("/readyz").starts_with("503"));
    assert!(daemon.get("/readyz").contains("takes nothing that is written"), "{}", daemon.get("/readyz"));
    assert_eq!(daemon.get("/livez"), "200 ok", "no restart would help");
    let log = daemon.stop().exits(0).err;
    assert!(log.contains("read-only transaction"), "why is in the log: {log}");
}

#[test]
fn a_target_that_takes_nothing_is_told_as_one_that_failed() {
    let app = company(EACH_SECOND);
    app.configure(&config("", EACH_SECOND).replace("out.json", "folder/out.json"));
    std::fs::create_dir(app.path("folder")).unwrap();
    std::fs::rename(app.path("out.json"), app.path("folder/out.json")).unwrap();
    app.run("apply --yes").exits(0);
    let daemon = Daemon::start(&app, "log");
    std::fs::rename(app.path("folder"), app.path("away")).unwrap();
    daemon.await_log("Not every change of a run was carried out");
    let metrics = daemon.get("/metrics");
    let log = daemon.stop().exits(0).err;
    let line = log.lines().find(|line| line.contains("Not every change")).unwrap();
    for part in ["WARN", "exit=\"failed\"", "done=0", "failed=3", "target=\"out\""] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let counted = metrics
        .lines()
        .any(|line| line.starts_with("rollcall_target_errors_total{target=\"out\"") && line.ends_with(" 1"));
    assert!(counted, "{metrics}");
}
