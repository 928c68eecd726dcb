//! What a monitor reads.

use std::collections::BTreeMap;
use std::time::Duration;

use insta::assert_snapshot;
use tempfile::TempDir;

use super::utc;
use crate::config::{Settings, load};
use crate::connector::{Calls, ConnectorError, FailureClass, Silent, Stop};
use crate::daemon::metrics::numbers::Glance;
use crate::daemon::metrics::process::{Process, resident};
use crate::daemon::{EndedRun, HookCall, Metrics};
use crate::report::{RequestedBy, Via};
use crate::run::{Ask, Begins, Conducted, Deed, Exit, Order, RunError, conduct};
use crate::store::Store;

const BOTH: &str = "\
sources: { people: { json: { path: people.json } } }
targets: { app: { file: { path: app.json } }, other: { file: { path: other.json } } }
syncs:
  people-to-app: { from: people, to: app, applyChanges: true, schedule: { cron: '0 * * * *' } }
  people-to-other: { from: people, to: other, webhook: { secret: { file: secret } } }
";

const ONE: &str = "\
sources: { people: { json: { path: people.json } } }
targets: { app: { file: { path: app.json } } }
syncs: { people-to-app: { from: people, to: app, applyChanges: true, schedule: { cron: '0 * * * *' } } }
";

struct Place {
    folder: TempDir,
    store: Store,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let people = r#"[{"name":"staff","principalTypeEnum":"LOCAL_GROUP"},
            {"name":"ada","principalTypeEnum":"LOCAL_USER","groupNames":["staff"]},
            {"name":"alan","principalTypeEnum":"LOCAL_USER"}]"#;
        std::fs::write(folder.path().join("people.json"), people).unwrap();
        std::fs::write(folder.path().join("secret"), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        let store = Store::open(&folder.path().join("rollcall.db")).await.unwrap();
        Self { folder, store }
    }

    fn settings(&self, config: &str) -> Settings {
        let path = self.folder.path().join("rollcall.yaml");
        std::fs::write(&path, config).unwrap();
        load(Some(&path)).unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// A run of `people-to-app` that applies.
    async fn apply(&self, settings: &Settings, unattended: bool) -> Conducted {
        let now = || utc("2026-03-01T08:00:05Z");
        let ask = Ask {
            id: format!("run-{unattended}"),
            requested_by: RequestedBy { via: Via::Api, who: "ops".into(), host: "here".into() },
            unattended,
            remove_deleted: None,
            only: Vec::new(),
            overrides: Vec::new(),
            given: None,
            clock: &now,
            progress: &Silent,
            stop: Stop::default(),
            lock: None,
        };
        let deed = Deed::Apply { begins: Begins::Sources, consent: &|_| true };
        let sync = &settings.syncs["people-to-app"];
        conduct(Order { settings, sync, store: &self.store, deed }, ask).await
    }
}

fn ended(conducted: &Conducted, via: Via) -> EndedRun<'_> {
    let at = utc("2026-03-01T08:00:05Z");
    EndedRun { sync: "people-to-app", via, whole: true, lasted: Duration::from_millis(1200), at, conducted }
}

/// An hour's first look, at a process that is told to hold what it holds.
fn glance() -> Glance {
    let due = BTreeMap::from([("people-to-app".to_owned(), utc("2026-03-01T09:00:00Z"))]);
    Glance { waiting: 2, running: 1, due, process: Process { memory: Some(15_360_000), files: Some(12) } }
}

/// The lines whose value is not zero, without the comments.
fn shown(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.ends_with(" 0"));
    let lines =
        lines.map(|line| if line.starts_with("rollcall_build_info") { "rollcall_build_info{…} 1" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_counter_of_a_sync_is_there_before_its_first_run() {
    let place = Place::new().await;
    let settings = place.settings(ONE);
    let metrics = Metrics::new(&settings, utc("2026-03-01T08:00:00Z"));
    let text = metrics.text(&settings, glance());
    let started = text.lines().filter(|line| line.contains("result=\"done\"") || line.contains("action=\"delete\""));
    assert_snapshot!(started.collect::<Vec<_>>().join("\n"), @r#"
    rollcall_runs_total{sync="people-to-app",via="api",result="done"} 0
    rollcall_runs_total{sync="people-to-app",via="schedule",result="done"} 0
    rollcall_changes_total{sync="people-to-app",kind="group",action="delete",outcome="done"} 0
    rollcall_changes_total{sync="people-to-app",kind="group",action="delete",outcome="failed"} 0
    rollcall_changes_total{sync="people-to-app",kind="user",action="delete",outcome="done"} 0
    rollcall_changes_total{sync="people-to-app",kind="user",action="delete",outcome="failed"} 0
    "#);
    assert_snapshot!(shown(&text), @r#"
    rollcall_run_duration_seconds_sum{sync="people-to-app"} 0.0
    rollcall_next_run_timestamp_seconds{sync="people-to-app"} 1772355600
    rollcall_queue_waiting 2
    rollcall_runs_running 1
    rollcall_build_info{…} 1
    process_resident_memory_bytes 15360000
    process_open_fds 12
    process_start_time_seconds 1772352000
    "#);
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn runs_are_told_as_they_ended() {
    let place = Place::new().await;
    let settings = place.settings(BOTH);
    let metrics = Metrics::new(&settings, utc("2026-03-01T08:00:00Z"));
    let refused = place.apply(&settings, true).await;
    assert_eq!(refused.exit, Exit::Refused, "the first apply is by hand");
    metrics.run_began("people-to-app", utc("2026-03-01T08:00:00Z"));
    assert!(
        shown(&metrics.text(&settings, glance()))
            .contains("run_started_timestamp_seconds{sync=\"people-to-app\"} 1772352000")
    );
    metrics.run_ended(&ended(&refused, Via::Schedule));
    let done = Conducted { calls: Calls { sent: 7, throttled: 2 }, ..place.apply(&settings, false).await };
    assert_eq!(done.exit, Exit::Done);
    metrics.run_ended(&ended(&done, Via::Api));
    assert_snapshot!(shown(&metrics.text(&settings, glance())), @r#"
    rollcall_runs_total{sync="people-to-app",via="api",result="done"} 1
    rollcall_runs_total{sync="people-to-app",via="schedule",result="refused"} 1
    rollcall_run_duration_seconds_sum{sync="people-to-app"} 2.4
    rollcall_run_duration_seconds_count{sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="2.5",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="5.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="15.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="60.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="300.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="900.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="3600.0",sync="people-to-app"} 2
    rollcall_run_duration_seconds_bucket{le="+Inf",sync="people-to-app"} 2
    rollcall_run_duration_seconds_sum{sync="people-to-other"} 0.0
    rollcall_changes_total{sync="people-to-app",kind="group",action="create",outcome="done"} 1
    rollcall_changes_total{sync="people-to-app",kind="user",action="create",outcome="done"} 2
    rollcall_guard_headroom_ratio{sync="people-to-app",limit="budget"} 1.0
    rollcall_guard_headroom_ratio{sync="people-to-app",limit="expect.min"} 1.0
    rollcall_guard_headroom_ratio{sync="people-to-app",limit="removals"} 1.0
    rollcall_guard_headroom_ratio{sync="people-to-app",limit="source.empty"} 2.0
    rollcall_last_run_timestamp_seconds{sync="people-to-app"} 1772352005
    rollcall_last_success_timestamp_seconds{sync="people-to-app"} 1772352005
    rollcall_next_run_timestamp_seconds{sync="people-to-app"} 1772355600
    rollcall_target_calls_total{target="app"} 7
    rollcall_target_throttled_total{target="app"} 2
    rollcall_queue_waiting 2
    rollcall_runs_running 1
    rollcall_build_info{…} 1
    process_resident_memory_bytes 15360000
    process_open_fds 12
    process_start_time_seconds 1772352000
    "#);
}

#[tokio::test]
async fn what_failed_is_told_by_its_class_and_what_never_began_takes_no_time() {
    let place = Place::new().await;
    let settings = place.settings(ONE);
    let metrics = Metrics::new(&settings, utc("2026-03-01T08:00:00Z"));
    let done = place.apply(&settings, false).await;
    let error = || ConnectorError::new(FailureClass::Denied, "reading", "the credentials of ada are refused");
    let ends = [
        RunError::Connector(error()),
        RunError::Source { name: "people".into(), error: error() },
        RunError::Store(crate::store::StoreError::Busy { target: "app".into() }),
        RunError::Stopped,
    ];
    for end in ends {
        let conducted = Conducted { exit: Exit::of_error(&end), error: Some(end), report: None, ..again(&done) };
        metrics.run_ended(&ended(&conducted, Via::Schedule));
    }
    let text = metrics.text(&settings, glance());
    assert!(!text.contains("ada"));
    let about = ["runs_total", "errors", "duration_seconds_count", "last_"];
    let lines = shown(&text);
    let lines = lines.lines().filter(|line| about.iter().any(|word| line.contains(word)));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    rollcall_runs_total{sync="people-to-app",via="schedule",result="busy"} 1
    rollcall_runs_total{sync="people-to-app",via="schedule",result="failed"} 2
    rollcall_runs_total{sync="people-to-app",via="schedule",result="stopped"} 1
    rollcall_run_duration_seconds_count{sync="people-to-app"} 3
    rollcall_last_run_timestamp_seconds{sync="people-to-app"} 1772352005
    rollcall_target_errors_total{target="app",class="denied"} 1
    rollcall_source_errors_total{source="people",class="denied"} 1
    "#);
}

fn again(done: &Conducted) -> Conducted {
    Conducted {
        stopped: false,
        exit: done.exit,
        report: None,
        error: None,
        declined: false,
        unwritten: None,
        warnings: Vec::new(),
        calls: done.calls,
    }
}

#[tokio::test]
async fn what_is_gone_is_told_no_more_and_nobody_outside_makes_a_series() {
    let place = Place::new().await;
    let before = place.settings(BOTH);
    let metrics = Metrics::new(&before, utc("2026-03-01T08:00:00Z"));
    for (sync, call) in [("people-to-other", HookCall::Accepted), ("x\" } 1\n", HookCall::Unauthentic)] {
        metrics.hook(sync, call);
    }
    let hooks = |text: &str| {
        let lines = text.lines().filter(|line| line.contains("webhook_calls_total") && !line.ends_with(" 0"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(hooks(&metrics.text(&before, glance())), @r#"
    rollcall_webhook_calls_total{sync="people-to-other",result="accepted"} 1
    rollcall_webhook_calls_total{sync="",result="unauthentic"} 1
    "#);
    let after = place.settings(ONE);
    metrics.hook("people-to-other", HookCall::Accepted);
    let text = metrics.text(&after, glance());
    assert!(!text.contains("other"), "{text}");
    // A run of it that ends now is nobody's.
    let done = place.apply(&after, false).await;
    metrics.run_ended(&EndedRun { sync: "people-to-other", ..ended(&done, Via::Webhook) });
    assert!(!metrics.text(&after, glance()).contains("other"));
}

#[tokio::test]
async fn the_last_success_is_known_after_a_restart() {
    let place = Place::new().await;
    let settings = place.settings(ONE);
    let success = |metrics: &Metrics| {
        let text = metrics.text(&settings, glance());
        text.lines().find(|line| line.starts_with("rollcall_last_success")).map(str::to_owned)
    };
    place.apply(&settings, true).await;
    let metrics = Metrics::new(&settings, utc("2026-03-01T08:10:00Z"));
    metrics.recall(&settings, &place.store).await.unwrap();
    assert_eq!(success(&metrics), None, "it was refused");
    place.apply(&settings, false).await;
    metrics.recall(&settings, &place.store).await.unwrap();
    let told = "rollcall_last_success_timestamp_seconds{sync=\"people-to-app\"} 1772352005";
    assert_eq!(success(&metrics).as_deref(), Some(told));
}

#[test]
fn memory_is_read_from_the_status_of_the_process() {
    let status = "Name:\trollcall\nVmHWM:\t   20000 kB\nVmRSS:\t   15000 kB\nThreads:\t3\n";
    assert_eq!(resident(status), Some(15_360_000));
    assert_eq!(resident("Name:\trollcall\nVmRSS:\tmuch\n"), None);
}
