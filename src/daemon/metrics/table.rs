//! What is told, by the naming conventions of Prometheus: one row a metric.

use prometheus_client::metrics::MetricType;

/// One metric.
#[derive(Debug)]
pub struct Described {
    /// Without its unit and without what its sort adds.
    pub(super) name: &'static str,
    pub(super) unit: Option<&'static str>,
    pub(super) sort: MetricType,
    pub labels: &'static [&'static str],
    pub help: &'static str,
}

impl Described {
    /// The name to ask for.
    #[must_use]
    pub fn name(&self) -> String {
        let unit = self.unit.map(|unit| format!("_{unit}")).unwrap_or_default();
        let suffix = match self.sort {
            MetricType::Counter => "_total",
            MetricType::Info => "_info",
            MetricType::Gauge | MetricType::Histogram | MetricType::Unknown => "",
        };
        format!("{}{unit}{suffix}", self.name)
    }

    /// `counter`, `gauge`, `histogram` or `info`.
    #[must_use]
    pub fn sort(&self) -> &str {
        self.sort.as_str()
    }
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Described {
    Described { name, unit: None, sort: MetricType::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Described {
    Described { name, unit: None, sort: MetricType::Gauge, labels, help }
}

const fn seconds(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Described {
    Described { name, unit: Some("seconds"), sort: MetricType::Gauge, labels, help }
}

pub(super) const RUNS: Described = counter(
    "rollcall_runs",
    &["sync", "via", "result"],
    "Runs that ended, by who asked (`schedule`, `webhook`, `api`) and how they ended.",
);

pub(super) const RUN_DURATION: Described = Described {
    sort: MetricType::Histogram,
    ..seconds("rollcall_run_duration", &["sync"], "How long runs took, from the first reading to the report.")
};

pub(super) const RUN_STARTED: Described = seconds(
    "rollcall_run_started_timestamp",
    &["sync"],
    "When the run that is under way began; only while there is one.",
);

pub(super) const CHANGES: Described = counter(
    "rollcall_changes",
    &["sync", "kind", "action", "outcome"],
    "Changes of applied plans: done, failed, set-aside (moved in the meantime) or not-tried.",
);

pub(super) const HEADROOM: Described = Described {
    unit: Some("ratio"),
    ..gauge(
        "rollcall_guard_headroom",
        &["sync", "limit"],
        "What the last run left of a limit, as a share of it: 0 nothing, below 0 exceeded.",
    )
};

pub(super) const HELD: Described =
    gauge("rollcall_held", &["sync"], "Changes that the guard held in the last run: they wait for a person.");

pub(super) const LAST_RUN: Described =
    seconds("rollcall_last_run_timestamp", &["sync"], "When a run of everybody last ended in this process.");

pub(super) const LAST_SUCCESS: Described =
    seconds("rollcall_last_success_timestamp", &["sync"], "When a run of everybody last ended as done or partial.");

pub(super) const NEXT_RUN: Described =
    seconds("rollcall_next_run_timestamp", &["sync"], "When the sync is due next by its schedule.");

pub(super) const TARGET_CALLS: Described =
    counter("rollcall_target_calls", &["target"], "Requests to targets, repeated ones too; counted when a run ends.");

pub(super) const TARGET_THROTTLED: Described =
    counter("rollcall_target_throttled", &["target"], "Requests that targets refused with status 429.");

pub(super) const TARGET_ERRORS: Described =
    counter("rollcall_target_errors", &["target", "class"], "Runs that failed because of the target.");

pub(super) const SOURCE_ERRORS: Described =
    counter("rollcall_source_errors", &["source", "class"], "Runs that failed because of a source.");

pub(super) const QUEUE_WAITING: Described = gauge("rollcall_queue_waiting", &[], "Requests for runs that wait.");

pub(super) const RUNNING: Described = gauge("rollcall_runs_running", &[], "Runs that are under way.");

pub(super) const WEBHOOKS: Described = counter(
    "rollcall_webhook_calls",
    &["sync", "result"],
    "Calls of webhooks; without a name where no such sync is configured.",
);

pub(super) const BUILD: Described = Described {
    sort: MetricType::Info,
    ..gauge("rollcall_build", &["version", "commit"], "The build of this process.")
};

pub(super) const MEMORY: Described =
    Described { unit: Some("bytes"), ..gauge("process_resident_memory", &[], "Memory that this process holds.") };

pub(super) const FILES: Described =
    gauge("process_open_fds", &[], "Files and connections that this process holds open.");

pub(super) const STARTED: Described =
    seconds("process_start_time", &[], "When this process started, by its own clock.");

/// All of them, in the order in which they are told.
pub const ALL: [&Described; 20] = [
    &RUNS,
    &RUN_DURATION,
    &RUN_STARTED,
    &CHANGES,
    &HEADROOM,
    &HELD,
    &LAST_RUN,
    &LAST_SUCCESS,
    &NEXT_RUN,
    &TARGET_CALLS,
    &TARGET_THROTTLED,
    &TARGET_ERRORS,
    &SOURCE_ERRORS,
    &QUEUE_WAITING,
    &RUNNING,
    &WEBHOOKS,
    &BUILD,
    &MEMORY,
    &FILES,
    &STARTED,
];
