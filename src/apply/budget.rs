//! When to give up: a product that refuses everything is not asked ten thousand times.

use std::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass};

/// So many things that the account may not do end a phase in which it was let do nothing: it has no such right. A few
/// among others are those things' own refusals, and the others go on.
const FORBIDDEN: usize = 5;

/// So many failures in a row of a product that cannot be reached.
const UNREACHABLE: usize = 5;

/// From so many steps on the share of failures counts.
const ENOUGH: usize = 50;

/// One step in so many may fail.
const SHARE: usize = 5;

/// What has failed so far.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<Spent>);

#[derive(Debug, Default)]
struct Spent {
    tried: usize,
    failed: usize,
    unreachable: usize,
    over: Option<String>,
    phase: Phase,
}

/// What has become of the steps of one phase.
#[derive(Debug, Default)]
struct Phase {
    /// Something was done.
    taken: bool,
    forbidden: usize,
    over: Option<String>,
}

impl Budget {
    /// Another phase begins: what the account may not do in one, it may do in the other.
    pub(super) fn begin(&self) {
        self.spent().phase = Phase::default();
    }

    /// Why nothing more is tried, where that is so.
    pub(super) fn over(&self) -> Option<String> {
        let spent = self.spent();
        spent.over.clone().or_else(|| spent.phase.over.clone())
    }

    /// Counts a step that was done.
    pub(super) fn done(&self) {
        let mut spent = self.spent();
        spent.tried += 1;
        spent.unreachable = 0;
        spent.phase.taken = true;
    }

    /// Counts a step that failed, `partly` where some of it was done.
    pub(super) fn failed(&self, error: &ConnectorError, partly: bool) {
        let mut spent = self.spent();
        spent.tried += 1;
        spent.failed += 1;
        spent.phase.taken |= partly;
        match error.class {
            FailureClass::Unreachable | FailureClass::Throttled => spent.unreachable += 1,
            _ => spent.unreachable = 0,
        }
        if error.class == FailureClass::Forbidden {
            spent.phase.forbid();
        }
        let Spent { tried, failed, unreachable, .. } = *spent;
        let why = if error.class == FailureClass::Denied {
            // To show them again could lock the account.
            Some("given up: the target refuses the credentials".to_owned())
        } else if unreachable >= UNREACHABLE {
            let what = if error.class == FailureClass::Throttled { "asked for patience" } else { "did not answer" };
            Some(format!("given up: the target {what} {unreachable} times in a row"))
        } else if tried >= ENOUGH && failed * SHARE > tried {
            Some(format!("given up after {failed} of {tried} steps failed"))
        } else {
            None
        };
        if spent.over.is_none() {
            spent.over = why;
        }
    }

    fn spent(&self) -> std::sync::MutexGuard<'_, Spent> {
        // Numbers are never left half-changed.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Phase {
    fn forbid(&mut self) {
        self.forbidden += 1;
        if self.forbidden >= FORBIDDEN && !self.taken {
            let why = format!("given up: the account may do none of the first {} of these", self.forbidden);
            self.over.get_or_insert(why);
        }
    }
}
