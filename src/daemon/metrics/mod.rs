//! What a monitor is told of this process, in the text that Prometheus reads.
//!
//! Read [`table`] first (what there is), then [`numbers`] (what it is worked out of), then [`collect`] (how it is written).
//!
//! Promises: a value of a process, not a global; a label is a name of the configuration or a word of a closed list, and
//! never comes from a request or a directory; every counter of a configured sync is there from the start; what is no
//! longer configured is no longer told.

mod collect;
mod facts;
pub(super) mod numbers;
pub(super) mod process;
mod table;
mod words;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

pub use self::facts::{EndedRun, HookCall};
pub use self::table::{ALL as ALL_METRICS, Described};

use self::collect::Shelf;
use self::numbers::{Glance, Numbers};
use self::process::Process;
use super::Desk;
use crate::config::Settings;
use crate::report::Via;
use crate::store::{RunStatus, Store, StoreError, instant};

/// With what `GET /metrics` is answered.
pub const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Runs of the past that are looked at for the last one that succeeded.
const MOST_LOOKED_AT: usize = 50;

/// Everything that is counted. [`Desk`] holds one.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    numbers: Arc<Mutex<Numbers>>,
}

impl Metrics {
    /// Of a process that starts at `started`.
    #[must_use]
    pub fn new(settings: &Settings, started: DateTime<Utc>) -> Self {
        let mut numbers = Numbers::new(started);
        numbers.configure(settings);
        let numbers = Arc::new(Mutex::new(numbers));
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Shelf(Arc::clone(&numbers))));
        Self { registry, numbers }
    }

    /// Takes another configuration: what is new counts from zero, what is gone is told no more.
    pub fn configure(&self, settings: &Settings) {
        self.numbers().configure(settings);
    }

    /// Looks up when each sync last succeeded, before this process or elsewhere.
    ///
    /// # Errors
    /// When the database fails. Then it is told from the first run on.
    pub async fn recall(&self, settings: &Settings, store: &Store) -> Result<(), StoreError> {
        for sync in settings.syncs.values() {
            let runs = store.runs(Some(&sync.name), MOST_LOOKED_AT).await?;
            let counts = |command: &str| !sync.apply_changes || command != "plan";
            let succeeded = runs
                .into_iter()
                .find(|run| matches!(run.status, RunStatus::Done | RunStatus::Partial) && counts(&run.command));
            if let Some(at) = succeeded.and_then(|run| instant(&run.finished?)) {
                self.numbers().succeeded(&sync.name, at);
            }
        }
        Ok(())
    }

    /// A run of `sync` begins.
    pub fn run_began(&self, sync: &str, at: DateTime<Utc>) {
        self.numbers().began(sync, at);
    }

    /// A run has ended, however it did.
    pub fn run_ended(&self, run: &EndedRun<'_>) {
        self.numbers().ended(run);
    }

    /// A sync pauses, and so a run that was asked for by `via` does not begin.
    pub fn run_paused(&self, sync: &str, via: Via) {
        self.numbers().paused(sync, via);
    }

    /// What became of a call of the webhook of `sync`. Where no such sync is configured, it is told without a name.
    pub fn hook(&self, sync: &str, call: HookCall) {
        self.numbers().hook(sync, call);
    }

    /// All of it, of type [`METRICS_TYPE`].
    pub(super) fn text(&self, settings: &Settings, glance: Glance) -> String {
        let mut numbers = self.numbers();
        numbers.configure(settings);
        numbers.look(glance);
        drop(numbers);
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// What `GET /metrics` answers, of type [`METRICS_TYPE`].
    #[must_use]
    pub fn metrics_text(&self) -> String {
        let settings = self.settings();
        let (waiting, running) = self.load();
        let due = settings.syncs.keys().filter_map(|sync| Some((sync.clone(), self.due(sync)?)));
        let glance = Glance { waiting, running, due: due.collect(), process: Process::look() };
        self.metrics().text(&settings, glance)
    }
}
