use async_trait::async_trait;
use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::{Chapter, ConnectorError, FailureClass, Judgement, Performed, Progress, SendError, Site};
use crate::plan::{Capabilities, Change, Current, Step};
use crate::principal::{GroupNames, Password, Principal};

/// What `check` found out about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Good(String),
    /// Works, but a person should know.
    Warning(String),
}

/// What became of one change.
#[derive(Debug, Clone)]
pub enum Outcome {
    Done,
    Failed(ConnectorError),
    /// Its precondition no longer holds; the text says what moved.
    SetAside(String),
    NotTried(String),
}

/// Requests that a target was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Repeated ones included.
    pub sent: u64,
    /// Those of them that were refused because there were too many (status 429).
    pub throttled: u64,
}

/// By name, the passwords of new users.
pub type Passwords = FxHashMap<CompactString, Password>;

/// Changes to carry out, on a target read just now.
pub struct Work<'a> {
    pub changes: &'a [&'a Change],
    /// The group names that the changes refer to.
    pub names: &'a GroupNames,
    pub current: &'a Current,
    /// By name, the passwords of new users that the source gives none for.
    pub passwords: &'a Passwords,
    pub progress: &'a dyn Progress,
    /// Speaks of `changes` by their places there.
    pub journal: Chapter<'a>,
}

/// A system whose principals are to match.
///
/// Laws:
/// - `project` is pure and idempotent, and bends only values that the product cannot hold;
/// - after `apply`, `read` gives `project(desired)`: the second plan is empty;
/// - `read` never makes a whole of a part: what may lack something is an error;
/// - a step that may have been done is never sent again;
/// - nothing outside `capabilities` is ever asked of `apply`;
/// - a target never decides what to change.
#[async_trait]
pub trait Target: Send + Sync {
    /// The word of the configuration: `thoughtspot`, `file`.
    fn kind(&self) -> &'static str;

    /// Where it is: an address or a path, always spelled the same. Two targets of one place are one system.
    fn place(&self) -> String;

    fn capabilities(&self) -> &Capabilities;

    /// What this product can hold of a desired principal. `active` is left alone: the planner reads it.
    fn project(&self, principal: &mut Principal);

    /// Why this product takes no principal of that name; none where it takes it, or nothing is known. Pure.
    fn refuses(&self, _principal: &Principal) -> Option<String> {
        None
    }

    /// What this product makes of one change of a plan. Pure; asked before the guard, so that what cannot be done is
    /// held and said, and never tried.
    fn judge(&self, _change: &Change, _names: &GroupNames) -> Judgement {
        Judgement::Fine
    }

    /// The requests that were sent so far; none for a target that sends none.
    fn calls(&self) -> Calls {
        Calls::default()
    }

    /// Takes in what [`memory`](Self::memory) gave at the end of an earlier run. Asked before anything is read.
    fn recall(&self, _memory: &str) {}

    /// What of this target cannot be read, and is to be found again by the next run: text that only the target itself
    /// understands, without secrets. None where it is as it was recalled. Losing it costs writes, never correctness.
    fn memory(&self) -> Option<String> {
        None
    }

    /// Connects, and says what it can do and may do.
    ///
    /// # Errors
    /// When it cannot be used.
    async fn check(&self) -> Result<Vec<Finding>, ConnectorError>;

    /// Reads every principal.
    ///
    /// # Errors
    /// When not every principal could be read.
    async fn read(&self, progress: &dyn Progress) -> Result<Current, ConnectorError>;

    /// Carries out `work.changes` and gives one outcome for each, in their order. Only asked of a product that takes
    /// its whole state at once ([`Batch::Whole`](crate::plan::Batch)).
    async fn apply(&self, work: Work<'_>) -> Vec<Outcome> {
        let error = ConnectorError::new(FailureClass::Unexpected, "applying", "this target takes one step at a time");
        vec![Outcome::Failed(error); work.changes.len()]
    }

    /// Carries out one step. Only asked of a product that takes changes in steps
    /// ([`Batch::Steps`](crate::plan::Batch)). Steps of one phase are asked for at the same time.
    ///
    /// # Errors
    /// [`SendError::Unknown`] when it may have been done: the target is then read to find out, and nothing is sent
    /// again.
    async fn perform(&self, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
        let why = "this target takes its whole state at once";
        Err(ConnectorError::new(FailureClass::Unexpected, super::told(step, site), why).into())
    }
}

/// Reads every principal, and refuses a reading that may lack some: nothing is decided on a part.
///
/// # Errors
/// When it cannot be read, or the reading is not proven whole.
pub async fn read_whole(target: &dyn Target, progress: &dyn Progress) -> Result<Current, ConnectorError> {
    let current = target.read(progress).await?;
    if current.coverage.is_whole() {
        return Ok(current);
    }
    let why = format!("the reading is not proven whole: {}", current.coverage.missing.join("; "));
    let error = ConnectorError::new(FailureClass::Unexpected, format!("reading {}", target.place()), why);
    Err(error.with_hint("nothing was decided and nothing was written; the next run reads again"))
}
