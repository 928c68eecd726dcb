use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, SemaphorePermit};

use super::failures::Failures;
use super::gateway::Sessions;
use super::keyring::Keyring;
use super::problem::{Code, Problem};
use super::ready::Ready;
use crate::daemon::Desk;

/// Why the daemon is not ready, if it is not: besides the database, which is asked.
pub type Readiness = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// What every route stands on.
pub(super) struct Api {
    pub(super) desk: Arc<Desk>,
    pub(super) readiness: Readiness,
    pub(super) ready: Ready,
    pub(super) failures: Failures,
    pub(super) keyring: Keyring,
    pub(super) sessions: Sessions,
    /// By source: of those who bring a list one goes after the other.
    turns: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Large bodies under way at once.
    large: tokio::sync::Semaphore,
}

pub(super) type Shared = Arc<Api>;

/// How long one waits for others to bring their lists.
const TURN: Duration = Duration::from_secs(30);

/// Bodies of many megabytes that are read at once.
const MOST_LARGE: usize = 2;

impl Api {
    pub(super) fn new(desk: Arc<Desk>, readiness: Readiness) -> Self {
        Self {
            desk,
            readiness,
            ready: Ready::default(),
            failures: Failures::default(),
            keyring: Keyring::default(),
            sessions: Sessions::default(),
            turns: Mutex::default(),
            large: tokio::sync::Semaphore::new(MOST_LARGE),
        }
    }

    /// Waits for one's turn to bring a list to `source`, which is one of the configuration.
    ///
    /// # Errors
    /// When that takes too long.
    pub(super) async fn turn(&self, source: &str) -> Result<OwnedMutexGuard<()>, Problem> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(source.to_owned()).or_default())
        };
        let busy = |_| Problem::new(Code::Busy, "another list is being worked on").after(10);
        tokio::time::timeout(TURN, turn.lock_owned()).await.map_err(busy)
    }

    /// Waits for the place that a large body takes while it comes and is checked.
    ///
    /// # Errors
    /// When others take too long.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let busy = || Problem::new(Code::Busy, "other lists are still coming").after(10);
        let place = tokio::time::timeout(TURN, self.large.acquire()).await.map_err(|_| busy())?;
        place.map_err(|_| busy())
    }
}
