use super::RunError;
use crate::guard::Verdict;
use crate::report::{Phase, Report};
use crate::store::StoreError;

/// How a command ended. Of several the worst counts, in the order of [`Exit::WORST_FIRST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    Error = 1,
    /// Changes are pending (`plan --detailed-exitcode`).
    Pending = 2,
    /// A guard refused.
    Refused = 3,
    /// Applied in part.
    Partial = 4,
    /// The saved plan, or the list that was given, is stale; nothing was applied.
    Stale = 5,
    /// Another run holds the target.
    Busy = 6,
    Usage = 64,
    Configuration = 78,
}

impl Exit {
    const WORST_FIRST: [Self; 9] = [
        Self::Configuration,
        Self::Usage,
        Self::Error,
        Self::Refused,
        Self::Stale,
        Self::Partial,
        Self::Busy,
        Self::Pending,
        Self::Done,
    ];

    /// The worse of two.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        Self::WORST_FIRST.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }

    /// In the trail and in lists of runs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Error => "failed",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Partial => "partial",
            Self::Stale => "stale",
            Self::Busy => "busy",
            Self::Usage => "usage",
            Self::Configuration => "configuration",
        }
    }

    /// The one with this code.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::WORST_FIRST.into_iter().find(|exit| exit.code() == code)
    }

    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    #[must_use]
    pub fn of_plan(report: &Report, detailed: bool) -> Self {
        match report.verdict {
            Verdict::Refused => Self::Refused,
            _ if detailed && !report.plan.is_empty() => Self::Pending,
            _ => Self::Done,
        }
    }

    #[must_use]
    pub fn of_apply(report: &Report) -> Self {
        let nothing_done = report.plan.is_empty();
        match (&report.phase, report.verdict) {
            (_, Verdict::Refused) => Self::Refused,
            (Phase::Applied { .. }, _) if report.is_stale() => Self::Stale,
            (Phase::Applied { .. }, _) if report.failure().is_some() => Self::Error,
            (_, _) if report.is_unproven() && nothing_done => Self::Refused,
            (_, _) if report.is_partial() => Self::Partial,
            (_, _) => Self::Done,
        }
    }

    #[must_use]
    pub fn of_error(error: &RunError) -> Self {
        match error {
            RunError::Stale(_) | RunError::Superseded { .. } => Self::Stale,
            RunError::Store(StoreError::Busy { .. }) => Self::Busy,
            RunError::Build { .. } => Self::Configuration,
            RunError::Connector(_)
            | RunError::Source { .. }
            | RunError::Store(_)
            | RunError::Password(_)
            | RunError::Stopped
            | RunError::Paused { .. }
            | RunError::Unremembered { .. }
            | RunError::Load(_)
            | RunError::Past(_) => Self::Error,
        }
    }
}
