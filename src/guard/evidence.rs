use std::time::Duration;

use super::{Expect, GuardName, LimitState, Override};
use crate::plan::Capabilities;
use crate::principal::{Kind, PrincipalSet};

/// What the guard knows besides the plan.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one plain fact about the sync")]
pub struct Evidence<'a> {
    pub current: &'a PrincipalSet,
    pub can: &'a Capabilities,
    pub sources: Readings<'a>,
    /// Nobody watches: a schedule, a webhook, or `--unattended`.
    pub unattended: bool,
    /// No apply of this sync has been done yet.
    pub never_applied: bool,
    /// No apply of this sync has ended with exit 0 yet.
    pub never_completed: bool,
    /// Source, map, scope, ownership or leavers were changed since the last apply by hand.
    pub config_changed: bool,
    /// What was removed within the window of the budget.
    pub spent: Spending,
    pub overrides: &'a [Override],
}

impl Evidence<'_> {
    /// The reason for which a limit was lifted.
    #[must_use]
    pub(super) fn lifted(&self, name: GuardName) -> Option<&str> {
        self.overrides.iter().find(|lifted| lifted.guard == name).map(|lifted| lifted.reason.as_str())
    }
}

/// What is known of the sources.
#[derive(Debug, Clone, Copy)]
pub enum Readings<'a> {
    /// They were read just now.
    Measured(&'a [SourceEvidence]),
    /// They were read when the plan was saved, and measured then.
    Told(&'a [LimitState]),
}

/// What is known of one source's reading. Records that were set aside do not count.
#[derive(Debug, Clone, Default)]
pub struct SourceEvidence {
    pub name: String,
    pub users: usize,
    pub groups: usize,
    pub expect: Expect,
    /// Users and groups of the last accepted reading.
    pub last: Option<(usize, usize)>,
    pub missing_sentinels: Vec<String>,
    /// How old the data is, where the source knows.
    pub age: Option<Duration>,
}

/// What this sync removed within the window of the budget, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spending {
    pub users: Spent,
    pub groups: Spent,
}

impl Spending {
    #[must_use]
    pub fn of(&self, kind: Kind) -> Spent {
        match kind {
            Kind::User => self.users,
            Kind::Group => self.groups,
        }
    }

    pub fn of_mut(&mut self, kind: Kind) -> &mut Spent {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }
}

/// What was removed of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub removed: usize,
    /// What could be removed at the start of the window; none where nothing was removed since: then it is what there is.
    pub base: Option<usize>,
}

impl Spent {
    /// Adds what one run removed of the `base` that it found; runs are told in their order. What a person let go does not
    /// use the budget up, and is no longer there to take a share of.
    pub fn add(&mut self, removed: usize, base: usize, lifted: bool) {
        if lifted {
            self.base = self.base.map(|base| base.saturating_sub(removed));
        } else {
            self.base.get_or_insert(base);
            self.removed += removed;
        }
    }
}
