//! A folder with a configuration, its sources and its state, and a clock that a test sets.

use std::path::Path;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::Value;
use tempfile::TempDir;

use crate::config::{Settings, load};
use crate::connector::{Silent, Stop};
use crate::guard::{GuardName, LimitState, Override, Verdict};
use crate::report::{Leavers, Report, RequestedBy, Via, leavers_text};
use crate::run::{Ask, Job, Planned, apply, leavers, plan};
use crate::store::Store;
use crate::targets::file::principal_lines;

/// One sync, `people-to-app`, and whoever applies it.
pub(super) struct Office {
    folder: TempDir,
    settings: Settings,
    store: Store,
    now: Mutex<DateTime<Utc>>,
    runs: Mutex<u32>,
}

/// A first morning: 2026-03-01 08:00 UTC.
pub(super) fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 8, 0, 0).unwrap()
}

const FILE: &str = "file: { path: app.json }";

fn configured(folder: &Path, target: &str, rules: &str) -> Settings {
    let removes = if rules.contains("removeDeleted") { "" } else { "removeDeleted: true, " };
    let config = format!(
        "sources: {{ people: {{ json: {{ path: people.json }}, expect: {{ shrink: off }} }} }}\ntargets: {{ app: {{ {target} }} }}\n\
         syncs: {{ people-to-app: {{ from: people, to: app, ownership: managed, {removes}{rules} }} }}\n"
    );
    let path = folder.join("rollcall.yaml");
    std::fs::write(&path, config).unwrap();
    load(Some(&path)).unwrap_or_else(|error| panic!("{error:?}"))
}

impl Office {
    /// `people` in the source; a target, and the rules of the sync, as members of YAML flow mappings.
    pub(super) async fn new(people: &[Value], target: &str, rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("people.json", &serde_json::to_string(people).unwrap());
        write("password", "admin\n");
        let settings = configured(folder.path(), target, rules);
        let store = Store::open(&folder.path().join("rollcall.db")).await.unwrap();
        Self { folder, settings, store, now: Mutex::new(morning()), runs: Mutex::new(0) }
    }

    /// The same with a file for a target.
    pub(super) async fn with_file(people: &[Value], rules: &str) -> Self {
        Self::new(people, FILE, rules).await
    }

    /// Other rules, from now on; with a file for a target.
    pub(super) fn configure(&mut self, rules: &str) {
        self.settings = configured(self.folder.path(), FILE, rules);
    }

    pub(super) fn source(&self, people: &[Value]) {
        std::fs::write(self.folder.path().join("people.json"), serde_json::to_string(people).unwrap()).unwrap();
    }

    pub(super) fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Somebody else changes the file.
    pub(super) fn meddle(&self, change: impl FnMut(&mut Value)) {
        let path = self.folder.path().join("app.json");
        let mut all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        all.iter_mut().for_each(change);
        std::fs::write(path, serde_json::to_string(&all).unwrap()).unwrap();
    }

    /// Somebody else adds to the file.
    pub(super) fn add(&self, principal: &Value) {
        let path = self.folder.path().join("app.json");
        let mut all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        all.push(principal.clone());
        std::fs::write(path, serde_json::to_string(&all).unwrap()).unwrap();
    }

    /// What `rollcall dump app` prints.
    pub(super) async fn dump(&self) -> String {
        let target = self.settings.targets["app"].build().unwrap();
        let mut out = Vec::new();
        principal_lines(&mut out, &target.read(&Silent).await.unwrap().set).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The line of one principal in the dump; none where it is not there.
    pub(super) async fn line(&self, name: &str) -> Option<String> {
        let needle = format!("\"name\":\"{name}\"");
        self.dump().await.lines().find(|line| line.contains(&needle)).map(|line| line.trim_end_matches(',').to_owned())
    }

    /// What a plan would do, by hand or on a schedule.
    pub(super) async fn plan(&self, unattended: bool) -> Told {
        self.run(unattended, &[], false).await
    }

    /// `rollcall apply --yes`.
    pub(super) async fn by_hand(&self) -> Told {
        self.run(false, &[], true).await
    }

    /// `rollcall apply --yes --unattended`.
    pub(super) async fn on_schedule(&self) -> Told {
        self.run(true, &[], true).await
    }

    /// `rollcall apply --yes --unattended --override GUARD --reason …`.
    pub(super) async fn overriding(&self, guard: GuardName) -> Told {
        self.run(true, &[Override { guard, reason: "a person knows".into() }], true).await
    }

    async fn run(&self, unattended: bool, overrides: &[Override], applies: bool) -> Told {
        let id = {
            let mut runs = self.runs.lock().unwrap();
            *runs += 1;
            format!("run-{:04}", *runs)
        };
        let now = || *self.now.lock().unwrap();
        let ask = Ask {
            id,
            requested_by: RequestedBy { via: Via::Cli, who: "tester".into(), host: "here".into() },
            unattended,
            remove_deleted: None,
            only: Vec::new(),
            overrides: overrides.to_vec(),
            given: None,
            clock: &now,
            progress: &Silent,
            stop: Stop::default(),
            lock: None,
        };
        let job = Job::new(&self.settings, &self.settings.syncs["people-to-app"], &self.store).await.unwrap();
        let Planned { report, approved, after } = plan(&job, &ask, &self.store).await.unwrap();
        let report = match approved.filter(|_| applies) {
            Some(approved) => apply(&job, &ask, &self.store, report, approved, after).await.unwrap(),
            None => report,
        };
        Told(report)
    }

    pub(super) async fn leavers(&self) -> Leavers {
        let now = *self.now.lock().unwrap();
        leavers(&self.settings, &self.settings.syncs["people-to-app"], &self.store, now).await.unwrap()
    }

    /// The table of `rollcall leavers`, without colours.
    pub(super) async fn table(&self) -> String {
        anstream::adapter::strip_str(&leavers_text(&self.leavers().await)).to_string()
    }
}

/// The cells of one row of the table of `rollcall leavers`.
pub(super) fn cells<'a>(table: &'a str, who: &str) -> Vec<&'a str> {
    let row = table.lines().find(|line| line.trim_start().starts_with(who));
    let row = row.unwrap_or_else(|| panic!("no row of {who} in {table}"));
    row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// What a run had to tell.
pub(super) struct Told(pub(super) Report);

impl Told {
    /// `disable user:eve`, in the order of the plan.
    pub(super) fn changes(&self) -> Vec<String> {
        self.0.plan.changes.iter().map(|change| format!("{} {}", change.action().word(), change.id())).collect()
    }

    /// `user:eve: absent for …`.
    pub(super) fn retained(&self) -> Vec<String> {
        let plan = &self.0.plan;
        plan.retained.iter().map(|item| format!("{}:{}: {}", item.kind, item.name, item.reason)).collect()
    }

    /// Limits that stop it.
    pub(super) fn stopped_by(&self) -> Vec<&'static str> {
        let stops: Vec<_> = self.0.limits.iter().filter(|limit| limit.stops()).map(|limit| limit.name.text()).collect();
        assert_eq!(stops.is_empty(), self.0.verdict != Verdict::Refused);
        stops
    }

    pub(super) fn limit(&self, name: GuardName, of: &str) -> &LimitState {
        let mut limits = self.0.limits.iter();
        limits.find(|limit| limit.name == name && limit.of.as_deref() == Some(of)).unwrap()
    }
}
