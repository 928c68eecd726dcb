//! The words of labels: closed lists.

use crate::config::SyncSettings;
use crate::connector::Outcome;
use crate::report::Via;
use crate::run::{Conducted, RunError};
use crate::store::StoreError;

/// Every way that a run of the daemon ends.
pub(super) const RESULTS: [&str; 9] =
    ["done", "partial", "refused", "failed", "stopped", PAUSED, "busy", "stale", "configuration"];

pub(super) const PAUSED: &str = "paused";

/// As `runs` calls it; what never began, or was told to stop, has words of its own.
pub(super) fn result(conducted: &Conducted) -> &'static str {
    match &conducted.error {
        Some(RunError::Stopped) => "stopped",
        Some(RunError::Paused { .. }) => PAUSED,
        _ => conducted.exit.word(),
    }
}

/// Whether nothing was read: it took no time, and tells nothing of the sync.
pub(super) fn never_began(conducted: &Conducted) -> bool {
    matches!(conducted.error, Some(RunError::Paused { .. } | RunError::Store(StoreError::Busy { .. })))
}

/// As reports write it.
pub(super) fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed(_) => "failed",
        Outcome::SetAside(_) => "set-aside",
        Outcome::NotTried(_) => "not-tried",
    }
}

pub(super) fn via(via: Via) -> &'static str {
    match via {
        Via::Cli => "cli",
        Via::Schedule => "schedule",
        Via::Webhook => "webhook",
        Via::Api => "api",
    }
}

/// The ways in which runs of `sync` can be asked for.
pub(super) fn ways(sync: &SyncSettings) -> impl Iterator<Item = Via> {
    let schedule = sync.schedule.as_ref().map(|_| Via::Schedule);
    let webhook = sync.webhook.as_ref().map(|_| Via::Webhook);
    [Some(Via::Api), schedule, webhook].into_iter().flatten()
}
