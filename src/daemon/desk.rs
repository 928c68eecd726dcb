//! What everybody in the daemon speaks to: whoever asks for a run, whoever carries it out, whoever watches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};

use super::metrics::Metrics;
use super::queue::Queue;
use super::request::{Pushed, Start, Trigger};
use super::timer::Clock;
use crate::config::Settings;
use crate::store::Store;

/// Runs that ended and are still told of by heart; older ones are in the state.
const MOST_ENDED: usize = 1_000;

/// One for a process, in an `Arc`.
pub struct Desk {
    settings: RwLock<Arc<Settings>>,
    store: Arc<Store>,
    clock: Clock,
    metrics: Metrics,
    books: Mutex<Books>,
    /// Told whenever the queue may have something to begin.
    changed: Notify,
}

struct Books {
    queue: Queue,
    /// Nothing new is begun, and nobody is taken in.
    stopping: bool,
    /// By the id that was told.
    runs: BTreeMap<String, watch::Sender<LiveRun>>,
    /// When each sync is due next.
    due: BTreeMap<String, DateTime<Utc>>,
}

/// A run that was asked for, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRun {
    pub sync: String,
    pub stage: Stage,
    /// What it does at the moment, such as `reading people.csv`, and how far that is.
    pub step: Option<String>,
    pub done: u64,
    pub total: Option<u64>,
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Waiting,
    /// By this id: another's where it answers several.
    Running {
        run: String,
    },
    /// By this id, with this exit code of the command line.
    Ended {
        run: String,
        exit: u8,
        error: Option<String>,
    },
    /// Nobody will answer it: the sync is no longer configured, or the daemon stops.
    Dropped,
}

/// Why nobody is taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    #[error("no sync is named `{0}`")]
    NoSuchSync(String),
    #[error("the daemon is stopping")]
    Stopping,
}

impl Desk {
    /// Of a process that begins with `queue`.
    #[must_use]
    pub fn new(settings: Arc<Settings>, store: Arc<Store>, clock: Clock, queue: Queue) -> Self {
        let books = Books { queue, stopping: false, runs: BTreeMap::new(), due: BTreeMap::new() };
        let metrics = Metrics::new(&settings, clock());
        Self {
            settings: RwLock::new(settings),
            store,
            clock,
            metrics,
            books: Mutex::new(books),
            changed: Notify::new(),
        }
    }

    /// The configuration as it is now. Whoever needs it twice for one answer keeps this.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Takes a trigger in.
    ///
    /// # Errors
    /// When there is no such sync, or the daemon stops.
    pub fn ask(&self, trigger: Trigger, now: Instant) -> Result<Pushed, DeskError> {
        let (sync, id) = (trigger.sync.clone(), trigger.id.clone());
        let mut books = self.books();
        if books.stopping {
            return Err(DeskError::Stopping);
        }
        let pushed = books.queue.push(trigger, now).ok_or_else(|| DeskError::NoSuchSync(sync.clone()))?;
        if !pushed.merged {
            let live = LiveRun { sync, stage: Stage::Waiting, step: None, done: 0, total: None };
            books.runs.insert(id, watch::Sender::new(live));
            books.forget();
        }
        drop(books);
        self.changed.notify_one();
        Ok(pushed)
    }

    /// Follows a run that this process was asked for; none where it knows no such run, which may still be in the state.
    #[must_use]
    pub fn follow(&self, run: &str) -> Option<watch::Receiver<LiveRun>> {
        self.books().runs.get(run).map(watch::Sender::subscribe)
    }

    /// When a sync is due next by its schedule.
    #[must_use]
    pub fn due(&self, sync: &str) -> Option<DateTime<Utc>> {
        self.books().due.get(sync).copied()
    }

    /// How many requests wait, and how many runs are under way.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let books = self.books();
        (books.queue.waiting(), books.queue.running())
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// Forgets the oldest ends: ids sort by time.
    fn forget(&mut self) {
        let too_many = self.runs.len().saturating_sub(MOST_ENDED);
        let ended = |live: &watch::Sender<LiveRun>| matches!(live.borrow().stage, Stage::Ended { .. } | Stage::Dropped);
        let old: Vec<_> = self.runs.iter().filter(|(_, live)| ended(live)).map(|(id, _)| id.clone()).collect();
        old.into_iter().take(too_many).for_each(|id| drop(self.runs.remove(&id)));
    }

    #[expect(dead_code, reason = "the loop of `serve` asks for it")]
    fn begin(&mut self, now: Instant) -> Option<Start> {
        if self.stopping { None } else { self.queue.next(now) }
    }
}
