//! What everybody in the daemon speaks to: whoever asks for a run, whoever carries it out, whoever watches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};

use super::metrics::Metrics;
use super::queue::{Lane, Queue};
use super::request::{Pushed, Start, Trigger, new_id};
use super::timer::Clock;
use crate::config::Settings;
use crate::connector::Stop;
use crate::store::{Store, StoreError};

/// How often it is tried to let go of what was answered, and how soon again.
const TRIES: usize = 3;
const AGAIN: Duration = Duration::from_secs(1);

/// Runs that ended and are still told of by heart; older ones are in the state.
const MOST_ENDED: usize = 1_000;

/// One for a process, in an `Arc`.
pub struct Desk {
    /// What is kept in the state for this process bears it.
    id: String,
    settings: RwLock<Arc<Settings>>,
    store: Arc<Store>,
    clock: Clock,
    metrics: Metrics,
    books: Mutex<Books>,
    /// Asked for once nothing new is begun: for what is no run of the queue.
    leaving: Stop,
    /// Told whenever the queue may have something to begin.
    changed: Notify,
    /// Rows of the state are renewed or let go of, never both at once: a database would see two who wait for each other.
    rows: tokio::sync::Mutex<()>,
}

struct Books {
    queue: Queue,
    /// Nothing new is begun, and nobody is taken in.
    stopping: bool,
    /// Rows of the state that a run answers, by its id.
    under_way: BTreeMap<String, Vec<String>>,
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
    /// What it does at the moment, such as `reading people.csv`, and how far that is; or why it waits to begin anew.
    pub step: Option<String>,
    pub done: u64,
    pub total: Option<u64>,
}

impl LiveRun {
    /// One that was asked for, and has not begun.
    #[must_use]
    pub fn waiting(sync: &str) -> Self {
        Self { sync: sync.to_owned(), stage: Stage::Waiting, step: None, done: 0, total: None }
    }
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
        let (runs, under_way) = (BTreeMap::new(), BTreeMap::new());
        let books = Books { queue, stopping: false, under_way, runs, due: BTreeMap::new() };
        let metrics = Metrics::new(&settings, clock());
        Self {
            id: new_id(),
            settings: RwLock::new(settings),
            store,
            clock,
            metrics,
            books: Mutex::new(books),
            leaving: Stop::default(),
            changed: Notify::new(),
            rows: tokio::sync::Mutex::default(),
        }
    }

    /// Of this process: another each time.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
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

    /// Nothing new is begun any more.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.books().stopping
    }

    /// Asked for once the daemon stops.
    #[must_use]
    pub fn leaving(&self) -> &Stop {
        &self.leaving
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
        let sync = trigger.sync.clone();
        let before = trigger.kept.clone().filter(|row| *row != trigger.id);
        let mut books = self.books();
        if books.stopping {
            return Err(DeskError::Stopping);
        }
        let pushed = books.queue.push(trigger, now).ok_or_else(|| DeskError::NoSuchSync(sync.clone()))?;
        // One that begins anew has another id by then, which nobody was told yet. What another process was asked for, it told.
        let why = books.queue.why(&sync, &pushed.run).map(String::from);
        for told in std::iter::once(&pushed.run).chain(&before) {
            books.open(told, &sync, why.as_deref());
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

    /// Ready when the queue may have something to begin.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// The run that is to begin now, if any.
    pub(super) fn begin(&self, now: Instant) -> Option<Start> {
        let mut books = self.books();
        if books.stopping {
            return None;
        }
        let start = books.queue.next(now)?;
        books.under_way.insert(start.run.clone(), start.kept.clone());
        books.tell(&start, |live| (live.stage, live.step) = (Stage::Running { run: start.run.clone() }, None));
        Some(start)
    }

    /// When [`Desk::begin`] is to be asked again, if nothing changes before.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.books().queue.wake_at()
    }

    /// Everybody who follows this run.
    pub(super) fn followers(&self, start: &Start) -> Vec<watch::Sender<LiveRun>> {
        let books = self.books();
        ids(start).filter_map(|id| books.runs.get(id).cloned()).collect()
    }

    /// The run has ended, or nobody will answer it.
    pub(super) fn ended(&self, start: &Start, stage: &Stage) {
        let mut books = self.books();
        books.queue.finished(&start.sync);
        books.under_way.remove(&start.run);
        books.tell(start, |live| (live.stage, live.step) = (stage.clone(), None));
        drop(books);
        self.changed.notify_one();
    }

    /// The run is to begin anew, not before `at`; as another one where it had `begun`. Whoever follows it is told why.
    pub(super) fn again(&self, mut start: Start, begun: bool, why: &str, at: Instant) {
        let mut books = self.books();
        books.under_way.remove(&start.run);
        if begun {
            let told = std::mem::replace(&mut start.run, new_id());
            // Nobody was told the id of another try.
            if books.runs.contains_key(&told) {
                start.also.push(told);
            }
        }
        books.tell(&start, |live| (live.stage, live.step) = (Stage::Waiting, Some(why.to_owned())));
        let dropped = books.queue.again(start, why, at);
        books.drop_all(&dropped);
        drop(books);
        self.changed.notify_one();
    }

    /// Takes another configuration: what runs goes on under the one that it began with.
    pub(super) fn configure(&self, settings: Arc<Settings>, most: usize) {
        self.metrics.configure(&settings);
        let mut books = self.books();
        let dropped = books.queue.configure(most, lanes(&settings));
        books.drop_all(&dropped);
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        drop(books);
        self.changed.notify_one();
    }

    /// Says when each sync is due next.
    pub(super) fn schedule(&self, due: BTreeMap<String, DateTime<Utc>>) {
        self.books().due = due;
    }

    /// From now on nothing new is begun, and nobody is taken in. Who waits is told so.
    pub(super) fn stop(&self) {
        self.leaving.ask();
        let mut books = self.books();
        books.stopping = true;
        books.due.clear();
        for live in books.runs.values() {
            live.send_if_modified(|live| {
                let waits = live.stage == Stage::Waiting;
                live.stage = if waits { Stage::Dropped } else { live.stage.clone() };
                waits
            });
        }
    }

    /// Keeps what was asked and has not ended.
    pub(super) async fn renew(&self) -> Result<(), StoreError> {
        let _turn = self.rows.lock().await;
        let kept: Vec<String> = self.books().kept().cloned().collect();
        self.store.renew_asked(&kept, &self.id).await
    }

    /// Whether a row of the state waits here, or is being answered.
    pub(super) fn carries(&self, row: &str) -> bool {
        self.books().kept().any(|kept| kept == row)
    }

    /// These rows of the state were answered. Once too often does no harm.
    pub(super) async fn let_go(&self, kept: &[String]) {
        let _turn = self.rows.lock().await;
        for left in (0..TRIES).rev() {
            match self.store.let_go_of_asked(kept).await {
                Ok(()) => return,
                Err(error) if left == 0 => tracing::warn!(%error, "what was answered will be carried out once more"),
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// From now on the run that was told by this id can be followed.
    fn open(&mut self, told: &str, sync: &str, why: Option<&str>) {
        if !self.runs.contains_key(told) {
            let live = LiveRun { step: why.map(String::from), ..LiveRun::waiting(sync) };
            self.runs.insert(told.to_owned(), watch::Sender::new(live));
            self.forget();
        }
    }

    /// Rows of the state that wait here, or are being answered.
    fn kept(&self) -> impl Iterator<Item = &String> {
        self.queue.kept().chain(self.under_way.values().flatten())
    }

    /// Forgets the oldest ends: ids sort by time.
    fn forget(&mut self) {
        let too_many = self.runs.len().saturating_sub(MOST_ENDED);
        let ended = |live: &watch::Sender<LiveRun>| matches!(live.borrow().stage, Stage::Ended { .. } | Stage::Dropped);
        let old = self.runs.iter().filter(|(_, live)| ended(live)).map(|(id, _)| id.clone());
        let old: Vec<_> = old.take(too_many).collect();
        for id in old {
            self.runs.remove(&id);
        }
    }

    /// Tells everybody who follows the run of `start`.
    fn tell(&mut self, start: &Start, change: impl Fn(&mut LiveRun)) {
        for id in ids(start) {
            if let Some(live) = self.runs.get(id) {
                live.send_modify(&change);
            }
        }
    }

    fn drop_all(&mut self, dropped: &[String]) {
        for live in dropped.iter().filter_map(|id| self.runs.get(id)) {
            live.send_modify(|live| live.stage = Stage::Dropped);
        }
    }
}

/// Every id that means this run.
fn ids(start: &Start) -> impl Iterator<Item = &String> {
    std::iter::once(&start.run).chain(&start.also)
}

/// Every sync and where it writes to.
#[must_use]
pub fn lanes(settings: &Settings) -> Vec<Lane> {
    let place = |target: &str| settings.targets.get(target).map_or_else(String::new, |target| target.place.clone());
    settings.syncs.values().map(|sync| Lane { sync: sync.name.clone(), target: place(&sync.target) }).collect()
}
