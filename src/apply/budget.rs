//! When to give up: a product that refuses everything is not asked ten thousand times.

use std::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass};

/// So many refused credentials in a row end an apply: more would lock the account.
const DENIED: usize = 3;

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
    denied: usize,
    unreachable: usize,
    over: Option<String>,
}

impl Budget {
    /// Why nothing more is tried, where that is so.
    pub(super) fn over(&self) -> Option<String> {
        self.spent().over.clone()
    }

    /// Counts a step.
    pub(super) fn note(&self, failure: Option<&ConnectorError>) {
        let mut spent = self.spent();
        spent.tried += 1;
        let Some(error) = failure else {
            (spent.denied, spent.unreachable) = (0, 0);
            return;
        };
        spent.failed += 1;
        match error.class {
            FailureClass::Denied => spent.denied += 1,
            FailureClass::Unreachable | FailureClass::Throttled => spent.unreachable += 1,
            _ => (spent.denied, spent.unreachable) = (0, 0),
        }
        let Spent { tried, failed, denied, unreachable, .. } = *spent;
        let why = if denied >= DENIED {
            Some(format!("given up after {denied} refusals in a row"))
        } else if unreachable >= UNREACHABLE {
            Some(format!("given up: the target did not answer {unreachable} times in a row"))
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
