use async_trait::async_trait;
use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::{ConnectorError, Progress};
use crate::plan::{Capabilities, Change, Current};
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
}

/// A system whose principals are to match.
///
/// Laws:
/// - `project` is pure and idempotent, and bends only values that the product cannot hold;
/// - after `apply`, `read` gives `project(desired)`: the second plan is empty;
/// - `read` never makes a whole of a part: what may lack something is an error;
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

    /// Carries out `work.changes` and gives one outcome for each, in their order.
    async fn apply(&self, work: Work<'_>) -> Vec<Outcome>;
}
