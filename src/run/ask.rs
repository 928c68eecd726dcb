use chrono::{DateTime, Utc};

use super::Given;
use crate::connector::{Progress, Stop};
use crate::guard::Override;
use crate::principal::PrincipalId;
use crate::report::RequestedBy;
use crate::store::TargetLock;

/// Tells the time. Only the command line and the daemon make one.
pub type Clock<'a> = &'a (dyn Fn() -> DateTime<Utc> + Sync);

/// What is asked of one run.
#[derive(Clone)]
pub struct Ask<'a> {
    /// A new, sorted id.
    pub id: String,
    pub requested_by: RequestedBy,
    /// Nobody watches: the rules of a schedule hold.
    pub unattended: bool,
    /// Whether to carry out the leaver policy, where that is not left to the configuration.
    pub remove_deleted: Option<bool>,
    /// Only these principals; empty: all.
    pub only: Vec<PrincipalId>,
    pub overrides: Vec<Override>,
    /// Read in place of what was last pushed to its source; kept when the guard has let the plan of it pass.
    pub given: Option<&'a Given>,
    pub clock: Clock<'a>,
    pub progress: &'a dyn Progress,
    /// Asked of a run that is to stop: it begins nothing more.
    pub stop: Stop,
    /// The right to write to the target, where the run has it.
    pub lock: Option<&'a TargetLock>,
}
