//! `kill -9` at every step of an apply of 200 changes: the next run finishes, the target ends right, this sync still
//! owns everybody whom it made, and the journal tells of each change once.
//!
//! Every write of the apply is a crash point, once with the write lost and once with its answer lost. `tests/run` takes
//! some of them; `ROLLCALL_CRASH_POINTS=all` takes all.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{Document, Postgres, WorldV2, group, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete } }, \
    guard: { removals: off, budget: off, creations: off, updates: off, groupRemovals: off }";

/// Passwords that the source gives, and that stand nowhere afterwards.
const CANARY: &str = "Canary-pa55word-";

fn before() -> Vec<Value> {
    let groups = (0..4).map(|number| group(&format!("g{number}"), &[]));
    groups.chain((0..100).map(|number| user(&format!("u{number:03}"), &[&format!("g{}", number % 4)]))).collect()
}

/// 30 gone, 40 renamed to the eye, 30 in another group, 100 new: 200 changes.
fn after() -> Vec<Value> {
    let groups = (0..4).map(|number| group(&format!("g{number}"), &[]));
    let stayed = (30..100).map(|number: usize| {
        let (name, moved) = (format!("u{number:03}"), usize::from(number >= 70));
        let person = user(&name, &[&format!("g{}", (number + moved) % 4)]);
        if number < 70 { with(person, "displayName", format!("Changed {name}")) } else { person }
    });
    let new = (0..100).map(|number| {
        let person = user(&format!("n{number:03}"), &[&format!("g{}", number % 4)]);
        with(person, "password", format!("{CANARY}{number:03}"))
    });
    groups.chain(stayed).chain(new).collect()
}

/// One crash point: the request, and how many of the same go before it.
#[derive(Debug, Clone)]
struct Point {
    on: String,
    skip: u32,
}

/// A world before its 200 changes, to which it can be brought back.
struct Story {
    world: WorldV2,
    cluster: Vec<Value>,
    state: Vec<u8>,
    points: Vec<Point>,
    wanted: BTreeMap<String, Value>,
}

impl Story {
    fn begin() -> Self {
        let world = WorldV2::settled(&before(), "", RULES);
        let principals = world.cluster.principals();
        let cluster = principals.iter().map(|principal| serde_json::to_value(principal).unwrap()).collect();
        let state = std::fs::read(world.app.path("rollcall.db")).unwrap();
        world.source(&after());
        let report = world.run("apply --yes --format json").exits(0).document();
        assert_eq!(report.changes().len(), 200, "{report}");
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let points = world.cluster.writes().into_iter().map(|entry| {
            let times = seen.entry(entry.operation.clone()).or_default();
            *times += 1;
            Point { on: entry.operation, skip: *times - 1 }
        });
        let points: Vec<Point> = points.collect();
        assert!(points.len() > 150, "{} writes", points.len());
        let wanted = shown(&world);
        Self { world, cluster, state, points, wanted }
    }

    fn restore(&self) {
        let Self { world, cluster, state, .. } = self;
        world.cluster.clear_faults();
        world.cluster.seed(serde_json::from_value(json!(cluster)).unwrap()).unwrap();
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(world.app.path(&format!("rollcall.db{end}")));
        }
        world.app.write("rollcall.db", state);
        world.cluster.clear_journal();
    }

    /// Kills an apply as soon as it has sent the request of `point`.
    fn killed_at(&self, point: &Point, fault: FaultKind) {
        self.restore();
        self.world.cluster.inject(Fault::once(&point.on, fault).after(point.skip));
        let apply = self.world.app.begin("apply --yes");
        self.world.cluster.await_request(&point.on, point.skip as usize + 1);
        apply.kill();
        self.world.cluster.await_quiet();
        self.world.cluster.clear_faults();
    }

    fn next_run_finishes(&self, point: &Point) {
        let world = &self.world;
        let report = world.run("apply --yes --format json").exits(0).document();
        assert_eq!(shown(world), self.wanted, "{point:?}\n{report}");
        world.is_settled();
        let runs = world.run("runs --format json --limit 3").exits(0).documents();
        let runs: Vec<_> = runs.into_iter().filter(|run| run["command"] == "apply").collect();
        let statuses: Vec<_> = runs.iter().rev().map(|run| run["status"].as_str().unwrap().to_owned()).collect();
        assert_eq!(statuses, ["interrupted", "done"], "{point:?}");
        let journal = world.app.journal(&[runs[1]["id"].as_str().unwrap(), runs[0]["id"].as_str().unwrap()]);
        let mut done: BTreeMap<&str, usize> = BTreeMap::new();
        for (principal, state) in &journal {
            assert_ne!(state, "intent", "{point:?}: {principal} was left open");
            *done.entry(principal).or_default() += usize::from(state == "done");
        }
        let changed = world.app.owned();
        for name in Self::changed() {
            let times = done.get(name.as_str()).copied().unwrap_or_default();
            assert_eq!(times, 1, "{point:?}: {name} is told {times} times\n{journal:?}");
            assert_eq!(changed.contains(&name), !is_gone(&name), "{point:?}: {name}");
        }
        world.app.holds_nowhere(CANARY);
        self.trail_tells_each_once(point, &runs);
    }

    /// The audit trail is whole, and has one true word on how each change ended.
    fn trail_tells_each_once(&self, point: &Point, runs: &[Document]) {
        let world = &self.world;
        world.run("audit verify").exits(0).says("The audit trail is whole");
        world.run("audit export --out trail.jsonl").exits(0);
        world.run("audit verify --trail trail.jsonl").exits(0);
        let trail = world.app.read("trail.jsonl");
        let entries: Vec<Value> = trail.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        // The apply that was killed, and the one that finished it.
        let of_both = entries.iter().filter(|entry| runs.iter().any(|run| run["id"] == entry["run"]));
        let of_both: Vec<Value> = of_both.cloned().collect();
        told_once(&of_both, &Self::changed(), &format!("{point:?}"));
        let interrupted = entries.iter().filter(|entry| entry["event"] == "run.interrupted");
        let interrupted: Vec<_> = interrupted.map(|entry| &entry["run"]).collect();
        assert_eq!(interrupted, [&runs[1]["id"]], "{point:?}");
    }

    fn changed() -> Vec<String> {
        let stayed = (0..100).map(|number| format!("user:u{number:03}"));
        stayed.chain((0..100).map(|number| format!("user:n{number:03}"))).collect()
    }
}

/// Of each change one outcome is `done`, and whatever was announced has ended.
fn told_once(entries: &[Value], changed: &[String], place: &str) {
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    let mut open: BTreeSet<u64> = BTreeSet::new();
    for entry in entries {
        match entry["event"].as_str().unwrap() {
            "change.intent" => assert!(open.insert(entry["seq"].as_u64().unwrap())),
            "change.outcome" => {
                let name = format!("{}:{}", entry["kind"].as_str().unwrap(), entry["name"].as_str().unwrap());
                *done.entry(name).or_default() += usize::from(entry["outcome"] == "done");
                if let Some(intent) = entry["intent"].as_u64() {
                    assert!(open.remove(&intent), "{place}: two ends of {entry}");
                }
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{place}: {open:?} never ended");
    for name in changed {
        assert_eq!(done.get(name), Some(&1), "{place}: {name}");
    }
}

fn is_gone(name: &str) -> bool {
    name.strip_prefix("user:u").and_then(|number| number.parse::<usize>().ok()).is_some_and(|number| number < 30)
}

/// Everybody in the cluster by name, without what each cluster counts for itself.
fn shown(world: &WorldV2) -> BTreeMap<String, Value> {
    let principals = world.cluster.principals().into_iter().map(|principal| {
        let mut value = serde_json::to_value(&principal).unwrap();
        let members = value.as_object_mut().unwrap();
        members.retain(|name, _| ["name", "displayName", "mail", "groupNames"].contains(&name.as_str()));
        (principal.name, value)
    });
    principals.collect()
}

fn points(all: &[Point]) -> Vec<Point> {
    #[expect(clippy::disallowed_methods, reason = "the tester says how long the story may be")]
    let asked = std::env::var("ROLLCALL_CRASH_POINTS");
    let every = if asked.is_ok_and(|which| which == "all") { 1 } else { all.len() / 7 };
    all.iter().step_by(every).chain(all.last()).cloned().collect()
}

#[test]
fn killed_with_a_write_lost_the_next_run_finishes() {
    let story = Story::begin();
    for point in points(&story.points) {
        story.killed_at(&point, FaultKind::CutBefore);
        story.next_run_finishes(&point);
    }
}

#[test]
fn killed_with_an_answer_lost_the_next_run_finishes() {
    let story = Story::begin();
    for point in points(&story.points) {
        story.killed_at(&point, FaultKind::CutAfter);
        story.next_run_finishes(&point);
    }
}

#[test]
fn whoever_left_between_the_crash_and_the_next_run_is_a_leaver() {
    let story = Story::begin();
    let last_create = story.points.iter().rfind(|point| point.on.ends_with("users/create")).unwrap().clone();
    story.killed_at(&last_create, FaultKind::CutAfter);
    let made: Vec<String> = story.world.cluster.residents().into_iter().filter(|name| name.starts_with('n')).collect();
    assert!(!made.is_empty());
    // None of the new ones is in the source any more.
    let without: Vec<Value> =
        after().into_iter().filter(|person| !person["name"].as_str().unwrap().starts_with('n')).collect();
    story.world.source(&without);
    story.world.run("apply --yes").exits(0);
    let left: Vec<String> = story.world.cluster.residents().into_iter().filter(|name| name.starts_with('n')).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_call_that_fails_is_told_and_the_next_run_finishes() {
    let story = Story::begin();
    for point in points(&story.points) {
        story.restore();
        let refusal = FaultKind::Status { code: 500, retry_after: None, body: None, content_type: None };
        story.world.cluster.inject(Fault::once(&point.on, refusal).after(point.skip));
        let report = story.world.run("apply --yes --format json").document();
        let failed = report.outcomes().iter().filter(|outcome| outcome.starts_with("failed")).count();
        let again = story.world.run("apply --yes --format json").exits(0).document();
        assert_eq!(shown(&story.world), story.wanted, "{point:?}: {failed} failed\n{report}\n{again}");
        story.world.is_settled();
    }
}

#[test]
fn told_to_stop_it_finishes_what_is_under_way_and_the_next_run_does_the_rest() {
    let story = Story::begin();
    story.restore();
    let pause = FaultKind::Latency { millis: 400 };
    story.world.cluster.inject(Fault::once("users/create", pause).times(100));
    let mut apply = story.world.app.begin("apply --yes --format json");
    story.world.cluster.await_request("users/create", 1);
    apply.signal("TERM");
    let run = apply.end().exits(4).complains("Stopping:");
    let report = run.document();
    let done = report.outcomes().iter().filter(|outcome| outcome.starts_with("done")).count();
    let left = report.outcomes().iter().filter(|outcome| outcome.starts_with("not-tried")).count();
    assert!(done > 0 && left > 100 && done + left == 200, "{done} done, {left} left\n{report}");
    story.world.cluster.clear_faults();
    let report = story.world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.changes().len(), left);
    assert_eq!(shown(&story.world), story.wanted);
    story.world.is_settled();
}

#[test]
fn with_the_state_in_postgresql_too() {
    let Some(postgres) = Postgres::start() else { return };
    let story = Story::begin();
    for (number, point) in story.points.iter().step_by(story.points.len() / 3).enumerate() {
        let (world, database) = (&story.world, format!("crash{number}"));
        postgres.ask(&format!("CREATE DATABASE {database}"));
        story.restore();
        let config = world
            .app
            .read("rollcall.yaml")
            .lines()
            .filter(|line| !line.starts_with("state:"))
            .fold(format!("state: {}\n", postgres.url_of(&database)), |text, line| text + line + "\n");
        world.app.configure(&config);
        // Everybody is matched anew by the first apply, which is by hand.
        world.source(&before());
        world.run("apply --yes").exits(0);
        world.source(&after());
        world.cluster.clear_journal();
        let fault = if number % 2 == 0 { FaultKind::CutBefore } else { FaultKind::CutAfter };
        world.cluster.inject(Fault::once(&point.on, fault).after(point.skip));
        let apply = world.app.begin("apply --yes");
        world.cluster.await_request(&point.on, point.skip as usize + 1);
        apply.kill();
        world.cluster.await_quiet();
        world.cluster.clear_faults();
        // Nobody renews the lease any more: it is over, as it would be within half a minute.
        postgres.ask_in(&database, "UPDATE lease SET expires = clock_timestamp()");
        let report = world.run("apply --yes --format json").exits(0).document();
        assert_eq!(shown(world), story.wanted, "{point:?}\n{report}");
        world.is_settled();
        let open = postgres.ask_in(&database, "SELECT count(*) FROM journal WHERE state = 'intent'");
        assert_eq!(open, "0", "{point:?}");
        let entries = postgres.ask_in(&database, "SELECT entry FROM trail ORDER BY seq");
        let entries: Vec<Value> = entries.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        told_once(&entries, &Story::changed(), &format!("{point:?}"));
        let whole = postgres.ask_in(&database, "SELECT string_agg(entry, '') FROM trail");
        assert!(!whole.contains(CANARY));
    }
}
