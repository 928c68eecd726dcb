use std::collections::{BTreeMap, BTreeSet};

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use super::kept::Kept;
use crate::support::{Document, WorldV2, group, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete } }, \
    guard: { removals: off, budget: off, creations: off, updates: off, groupRemovals: off }";

/// Passwords that the source gives, and that stand nowhere afterwards.
const CANARY: &str = "Canary-pa55word-";

fn before() -> Vec<Value> {
    let groups = (0..4).map(|number| group(&format!("g{number}"), &[]));
    groups.chain((0..100).map(|number| user(&format!("u{number:03}"), &[&format!("g{}", number % 4)]))).collect()
}

/// 30 gone, 40 renamed to the eye, 30 in another group, 100 new: 200 changes.
pub(super) fn after() -> Vec<Value> {
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
pub(super) struct Point {
    pub(super) on: String,
    pub(super) skip: u32,
}

/// A world before its 200 changes, to which it can be brought back.
pub(super) struct Story {
    pub(super) world: WorldV2,
    kept: Kept,
    cluster: Vec<Value>,
    pub(super) points: Vec<Point>,
    pub(super) wanted: BTreeMap<String, Value>,
}

impl Story {
    pub(super) fn in_a_file() -> Self {
        let world = WorldV2::new(&before(), &[], "", RULES);
        let kept = Kept::in_a_file(&world.app);
        Self::begin(world, kept)
    }

    pub(super) fn in_postgresql() -> Option<Self> {
        let world = WorldV2::new(&before(), &[], "", RULES);
        let kept = Kept::in_postgresql(&world.app)?;
        Some(Self::begin(world, kept))
    }

    fn begin(world: WorldV2, mut kept: Kept) -> Self {
        world.run("apply --yes").exits(0);
        kept.settle();
        world.cluster.clear_journal();
        let principals = world.cluster.principals();
        let cluster = principals.iter().map(|principal| serde_json::to_value(principal).unwrap()).collect();
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
        Self { world, kept, cluster, points, wanted }
    }

    pub(super) fn restore(&self) {
        let Self { world, kept, cluster, .. } = self;
        world.cluster.clear_faults();
        world.cluster.seed(serde_json::from_value(json!(cluster)).unwrap()).unwrap();
        kept.restore();
        world.cluster.clear_journal();
    }

    /// Kills an apply as soon as it has sent the request of `point`.
    pub(super) fn killed_at(&self, point: &Point, fault: FaultKind) {
        self.restore();
        self.world.cluster.inject(Fault::once(&point.on, fault).after(point.skip));
        let apply = self.world.app.begin("apply --yes");
        self.world.cluster.await_request(&point.on, point.skip as usize + 1);
        apply.kill();
        self.world.cluster.await_quiet();
        self.world.cluster.clear_faults();
        self.kept.end_the_leases();
    }

    pub(super) fn next_run_finishes(&self, point: &Point) {
        let world = &self.world;
        let report = world.run("apply --yes --format json").exits(0).document();
        assert_eq!(shown(world), self.wanted, "{point:?}\n{report}");
        world.is_settled();
        let runs = world.run("runs --format json --limit 3").exits(0).documents();
        let runs: Vec<_> = runs.into_iter().filter(|run| run["command"] == "apply").collect();
        let statuses: Vec<_> = runs.iter().rev().map(|run| run["status"].as_str().unwrap().to_owned()).collect();
        assert_eq!(statuses, ["interrupted", "done"], "{point:?}");
        let journal = self.kept.journal(&[runs[1]["id"].as_str().unwrap(), runs[0]["id"].as_str().unwrap()]);
        let mut done: BTreeMap<&str, usize> = BTreeMap::new();
        for (principal, state) in &journal {
            assert_ne!(state, "intent", "{point:?}: {principal} was left open");
            *done.entry(principal).or_default() += usize::from(state == "done");
        }
        let changed = self.kept.owned();
        for name in Self::changed() {
            let times = done.get(name.as_str()).copied().unwrap_or_default();
            assert_eq!(times, 1, "{point:?}: {name} is told {times} times\n{journal:?}");
            assert_eq!(changed.contains(&name), !is_gone(&name), "{point:?}: {name}");
        }
        self.kept.holds_nowhere(CANARY);
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
pub(super) fn shown(world: &WorldV2) -> BTreeMap<String, Value> {
    let principals = world.cluster.principals().into_iter().map(|principal| {
        let mut value = serde_json::to_value(&principal).unwrap();
        let members = value.as_object_mut().unwrap();
        members.retain(|name, _| ["name", "displayName", "mail", "groupNames"].contains(&name.as_str()));
        (principal.name, value)
    });
    principals.collect()
}
