use std::time::Duration;

use super::{Expect, GuardName, LimitState, Override};
use crate::plan::Capabilities;
use crate::principal::PrincipalSet;

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
