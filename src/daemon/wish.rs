//! What a run is to do, and who is said to have asked for it.

use chrono::SecondsFormat;

use super::request::{Causes, Counted, Terms};
use crate::report::{RequestedBy, Via};

/// Causes of one sort that are named with the run; further ones are counted.
const MOST_NAMED: usize = 10;

/// What a run is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    /// Else it plans and reports.
    pub(super) applies: bool,
    /// None: as the configuration says.
    pub(super) remove_deleted: Option<bool>,
    /// The rules of a schedule hold.
    pub(super) unattended: bool,
}

impl Wish {
    /// What `terms` make of a sync that says so itself. Only a person may want more than that.
    pub(super) fn new(terms: &Terms, apply_changes: bool, remove_deleted: bool) -> Self {
        let Terms { apply_changes: wants_apply, remove_deleted: wants_removal, by_hand, given: _ } = terms;
        let granted = |wanted: Option<bool>, says: bool| wanted.unwrap_or(says) && (says || *by_hand);
        Self {
            applies: granted(*wants_apply, apply_changes),
            remove_deleted: wants_removal.map(|_| granted(*wants_removal, remove_deleted)),
            unattended: !*by_hand,
        }
    }
}

/// Who or what asked for a run of this process.
pub(super) fn requested_by(causes: &Causes, host: &str) -> RequestedBy {
    let Causes { tick, ticks: _, hooks, callers } = causes;
    let via = match (callers.count, tick) {
        (0, Some(_)) => Via::Schedule,
        (0, None) => Via::Webhook,
        _ => Via::Api,
    };
    let tick = tick.map(|tick| tick.to_rfc3339_opts(SecondsFormat::Secs, true));
    let who: Vec<String> = [names(callers), tick, names(hooks)].into_iter().flatten().collect();
    RequestedBy { via, who: who.join(", "), host: host.to_owned() }
}

fn names(of: &Counted) -> Option<String> {
    let shown: Vec<&str> = of.named.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = of.count - shown.len();
    let shown = shown.join(", ");
    (of.count > 0).then(|| if more > 0 { format!("{shown} and {more} more") } else { shown })
}
