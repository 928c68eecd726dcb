//! Wakes us at a time. The only file that knows tokio-cron-scheduler, which is given nothing but jobs that run once.
//!
//! What is armed is kept here, and a job of the scheduler does no more than look whether something is due. So none of its
//! ways does harm (version 0.15.1): it may run a job late, twice, or after it was shut down; it cuts a time to whole
//! seconds; it forgets a job whose code it has not stored yet when it is due; and it stops for good when two hundred jobs
//! are added or end at once, of which there are never so many, as one waits for all that is armed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// How often we look whether something is due that no job has told of.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub name: String,
    /// When it was to be. It is now, or was a moment ago.
    pub at: DateTime<Utc>,
}

/// Wakes whoever holds its [`Ticks`]. One is enough for a process: its tasks end with the runtime.
pub struct Timer {
    state: Arc<State>,
    scheduler: JobScheduler,
}

/// What a [`Timer`] tells.
pub struct Ticks {
    receiver: mpsc::UnboundedReceiver<Tick>,
    state: Arc<State>,
}

/// Why a timer does not go.
#[derive(Debug, thiserror::Error)]
pub enum TimerError {
    #[error("the timer could not be started: {0}")]
    Start(JobSchedulerError),
    #[error("the timer could not be set: {0}")]
    Arm(JobSchedulerError),
}

struct State {
    clock: Clock,
    armed: Mutex<Armed>,
    /// One job is added at a time.
    adding: tokio::sync::Mutex<()>,
}

struct Armed {
    times: BTreeMap<String, DateTime<Utc>>,
    /// When a job of the scheduler will look.
    looks: BTreeSet<DateTime<Utc>>,
    /// None once it was stopped. Whoever gets a tick arms anew, so no more ticks wait than there are names.
    sender: Option<mpsc::UnboundedSender<Tick>>,
}

impl Timer {
    /// Starts a timer in the runtime of tokio that this is called in.
    ///
    /// # Errors
    /// When the scheduler cannot be started.
    pub async fn start(clock: Clock) -> Result<(Self, Ticks), TimerError> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let armed = Armed { times: BTreeMap::new(), looks: BTreeSet::new(), sender: Some(sender) };
        let state = Arc::new(State { clock, armed: Mutex::new(armed), adding: tokio::sync::Mutex::default() });
        let scheduler = JobScheduler::new().await.map_err(TimerError::Start)?;
        let looking = Arc::clone(&state);
        let heartbeat = Job::new_repeated_async(HEARTBEAT, move |_, scheduler| look(Arc::clone(&looking), scheduler));
        scheduler.add(heartbeat.map_err(TimerError::Start)?).await.map_err(TimerError::Start)?;
        scheduler.start().await.map_err(TimerError::Start)?;
        Ok((Self { state: Arc::clone(&state), scheduler }, Ticks { receiver, state }))
    }

    /// Tells of `name` once, when `at` has come: a second later at most, where the machine is not busy. Replaces what was
    /// armed of that name.
    ///
    /// # Errors
    /// When the scheduler takes no more. It is told of then within the next ten seconds after.
    pub async fn arm(&self, name: &str, at: DateTime<Utc>) -> Result<(), TimerError> {
        self.state.armed().times.insert(name.to_owned(), at);
        set(&self.state, &self.scheduler).await.map_err(TimerError::Arm)
    }

    /// Forgets what was armed of `name`.
    pub fn disarm(&self, name: &str) {
        self.state.armed().times.remove(name);
    }

    /// How late the latest of what is armed is, where one is: it grows where the scheduler does not go.
    #[must_use]
    pub fn late(&self) -> Option<TimeDelta> {
        self.state.late()
    }

    /// The same for somebody else to ask.
    pub fn lateness(&self) -> impl Fn() -> Option<TimeDelta> + Send + Sync + use<> {
        let state = Arc::clone(&self.state);
        move || state.late()
    }

    /// Stops. After this no tick is told, also none that was due before.
    pub async fn stop(mut self) {
        self.state.end();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(%error, "the timer's scheduler was not shut down");
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Timer({:?})", self.state.armed().times)
    }
}

impl Ticks {
    /// The next tick; none once the timer was stopped. Nothing is lost where this is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Tick> {
        let tick = self.receiver.recv().await?;
        let stopped = self.state.armed().sender.is_none();
        (!stopped).then_some(tick)
    }
}

impl State {
    fn armed(&self) -> MutexGuard<'_, Armed> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn late(&self) -> Option<TimeDelta> {
        let now = (self.clock)();
        self.armed().times.values().min().map(|at| now - *at).filter(|late| *late > TimeDelta::zero())
    }

    /// From now on nothing is told.
    fn end(&self) {
        let mut armed = self.armed();
        armed.sender = None;
        armed.times.clear();
    }

    /// Tells of everything that is due.
    fn ring(&self) {
        let now = (self.clock)();
        let mut armed = self.armed();
        let Some(sender) = armed.sender.clone() else { return };
        armed.looks.retain(|at| *at > now);
        let mut due: Vec<_> = armed.times.extract_if(.., |_, at| *at <= now).collect();
        due.sort_by_key(|(_, at)| *at);
        for (name, at) in due {
            // Nobody listens any more: then nobody is to be told.
            let _ = sender.send(Tick { name, at });
        }
    }

    /// For how many seconds a job is to wait for what is armed first; none where one waits already.
    fn wait(&self) -> Option<(DateTime<Utc>, Duration)> {
        let now = (self.clock)();
        let mut armed = self.armed();
        armed.sender.as_ref()?;
        let first = *armed.times.values().min()?;
        // A whole second from a whole second is never early; what is over may be told at the next.
        let at = DateTime::from_timestamp(first.max(now).timestamp(), 0)?;
        let at = if at < first.max(now) { at + TimeDelta::seconds(1) } else { at };
        // One that should have looked already may never do.
        if armed.looks.range(now..=at).next().is_some() {
            return None;
        }
        armed.looks.insert(at);
        let left = u64::try_from((at - now).num_milliseconds()).unwrap_or(0);
        Some((at, Duration::from_secs(left.div_ceil(1_000))))
    }
}

/// What every job does. It names its type, as it makes jobs that do the same.
fn look(state: Arc<State>, scheduler: JobScheduler) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        // Stopped ones ring for nobody.
        state.ring();
        if let Err(error) = set(&state, &scheduler).await {
            tracing::warn!(%error, "the timer could not be set; it looks again in ten seconds");
        }
    })
}

/// Adds a job for what is armed first, unless one waits for it.
async fn set(state: &Arc<State>, scheduler: &JobScheduler) -> Result<(), JobSchedulerError> {
    let _alone = state.adding.lock().await;
    let Some((at, wait)) = state.wait() else { return Ok(()) };
    let looking = Arc::clone(state);
    let job = Job::new_one_shot_async(wait, move |_, scheduler| look(Arc::clone(&looking), scheduler));
    let added = match job {
        Ok(job) => scheduler.add(job).await.map(drop),
        Err(error) => Err(error),
    };
    if added.is_err() {
        state.armed().looks.remove(&at);
    }
    added
}
