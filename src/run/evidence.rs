//! What the guard is told besides the plan.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ask, Job, RunError};
use crate::guard::{Evidence, Expect, Readings, SourceEvidence, Spending};
use crate::principal::PrincipalSet;
use crate::report::SourceFacts;
use crate::store::{Baseline, History, Store};

/// How a sync stands with those who watch it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) never_applied: bool,
    pub(super) never_completed: bool,
    pub(super) config_changed: bool,
}

impl Standing {
    pub(super) fn new(history: &History, job: &Job<'_>) -> Self {
        let rules = history.rules_digest.as_deref();
        Self {
            never_applied: !history.applied,
            never_completed: !history.completed,
            config_changed: rules.is_some_and(|rules| rules != job.sync.rules_digest),
        }
    }

    /// Whether the next apply must be by hand.
    pub(super) fn needs_person(self) -> bool {
        self.never_applied || self.config_changed
    }
}

/// What the guard is told of one source; `baseline` is its last accepted reading.
pub(super) fn source(
    expect: &Expect,
    facts: &SourceFacts,
    missing_sentinels: Vec<String>,
    baseline: Option<Baseline>,
) -> SourceEvidence {
    let now = facts.read_finished;
    SourceEvidence {
        name: facts.name.clone(),
        users: facts.users,
        groups: facts.groups,
        expect: expect.clone(),
        last: baseline.map(|Baseline { users, groups }| (users, groups)),
        missing_sentinels,
        // Data from the future has no age that could be trusted; a minute is for clocks that differ.
        age: facts
            .data_time
            .filter(|data_time| *data_time <= now + TimeDelta::minutes(1))
            .map(|data_time| (now - data_time).to_std().unwrap_or_default()),
    }
}

/// What was removed within the window of the budget that ends now; nothing where there is no budget.
pub(super) async fn spending(job: &Job<'_>, store: &Store, now: DateTime<Utc>) -> Result<Spending, RunError> {
    let Some(budget) = job.sync.limits.budget.on() else { return Ok(Spending::default()) };
    let window = TimeDelta::from_std(budget.window.0).ok();
    let since = window.and_then(|window| now.checked_sub_signed(window)).unwrap_or(DateTime::UNIX_EPOCH);
    Ok(store.spending(&job.sync.name, &job.to.place, since).await?)
}

pub(super) fn evidence<'a>(
    job: &'a Job<'_>,
    ask: &'a Ask<'_>,
    current: &'a PrincipalSet,
    sources: Readings<'a>,
    standing: Standing,
    spent: Spending,
) -> Evidence<'a> {
    let Standing { never_applied, never_completed, config_changed } = standing;
    Evidence {
        current,
        can: job.target.capabilities(),
        sources,
        unattended: ask.unattended,
        never_applied,
        never_completed,
        config_changed,
        spent,
        overrides: &ask.overrides,
    }
}
