//! What the guard is told besides the plan.

use chrono::{DateTime, Utc};

use super::{Ask, Job};
use crate::guard::{Evidence, Readings, SourceEvidence};
use crate::mapping::Mapped;
use crate::principal::PrincipalSet;
use crate::store::{Baseline, History};

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

pub(super) fn source(
    job: &Job<'_>,
    mapped: &Mapped,
    baseline: Option<Baseline>,
    data_time: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> SourceEvidence {
    SourceEvidence {
        name: job.from.name.clone(),
        users: mapped.users,
        groups: mapped.groups,
        expect: job.from.expect.clone(),
        last: baseline.map(|Baseline { users, groups }| (users, groups)),
        missing_sentinels: mapped.missing_sentinels.clone(),
        // Data from the future has no age that could be trusted; a minute is for clocks that differ.
        age: data_time
            .filter(|data_time| *data_time <= now + chrono::TimeDelta::minutes(1))
            .map(|data_time| (now - data_time).to_std().unwrap_or_default()),
    }
}

pub(super) fn evidence<'a>(
    job: &'a Job<'_>,
    ask: &'a Ask<'_>,
    current: &'a PrincipalSet,
    sources: Readings<'a>,
    standing: Standing,
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
        overrides: &ask.overrides,
    }
}
