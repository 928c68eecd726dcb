//! What is remembered of somebody on the way out, and what that comes to.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Action, Change};
use crate::principal::{GroupNames, Principal};

/// What is remembered of a leaver, and of who is back and has not got everything back yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    /// As the target spells it.
    pub name: CompactString,
    /// Accepted readings in a row that missed it; 0 for who was seen again and not restored.
    pub absences: u32,
    /// When the first of them was accepted.
    pub since: DateTime<Utc>,
    /// When rollcall itself disabled it or took it out of its groups.
    pub disabled: Option<DateTime<Utc>>,
    /// How it stood before that.
    pub recorded: Option<Box<Recorded>>,
}

/// How a leaver stood before rollcall did anything about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Rollcall switched it off.
    pub off: bool,
    /// `active` before that, as the target told it.
    pub active: Option<bool>,
    /// Rollcall took it out of every group.
    pub stripped: bool,
    /// The names of its groups, sorted.
    pub groups: Vec<CompactString>,
}

impl Leaver {
    /// Whether what rollcall did about it is still so. Where a person has switched it on again, or put it back into a
    /// group, it is a leaver like any other that nothing was done about.
    #[must_use]
    pub fn stands(&self, principal: &Principal, in_groups: bool) -> bool {
        let Some(Recorded { off, active: _, stripped, groups: _ }) = self.recorded.as_deref() else { return false };
        self.disabled.is_some() && !(*off && principal.is_active()) && !(*stripped && in_groups)
    }

    /// When the wait of `leavers.users.after` began; none before rollcall did anything, and where it was seen since.
    #[must_use]
    pub fn waits_since(&self) -> Option<DateTime<Utc>> {
        self.disabled.filter(|_| self.absences > 0).map(|disabled| disabled.max(self.since))
    }

    /// Whether rollcall switched it off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.disabled.is_some() && self.recorded.as_deref().is_some_and(|recorded| recorded.off)
    }

    /// Whether the target did not say that it was on, before rollcall switched it off.
    #[must_use]
    pub fn was_untold(&self) -> bool {
        self.is_off() && self.recorded.as_deref().is_some_and(|recorded| recorded.active.is_none())
    }

    /// The groups that it is to have back.
    #[must_use]
    pub fn groups(&self) -> &[CompactString] {
        self.recorded.as_deref().map_or(&[], |recorded| &recorded.groups)
    }

    /// What rollcall did about it.
    #[must_use]
    pub fn deed(&self) -> &'static str {
        if self.is_off() { "disabled by rollcall" } else { "taken out of every group by rollcall" }
    }
}

impl Recorded {
    /// How the subject of a disable or a strip stands before it. `earlier` is what was recorded when rollcall did the other
    /// of the two.
    #[must_use]
    pub fn before(change: &Change, names: &GroupNames, earlier: Option<&Self>) -> Self {
        let subject = change.subject();
        let mut found = earlier.cloned().unwrap_or_default();
        found.groups.extend(subject.group_refs().iter().map(|group| names.name(*group).into()));
        found.groups.sort_unstable();
        found.groups.dedup();
        match change.action() {
            Action::Disable => (found.off, found.active) = (true, subject.active),
            Action::Strip => found.stripped = true,
            _ => {}
        }
        found
    }
}

/// What follows on the first step with a user who left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Then {
    #[default]
    Keep,
    /// Deleted, so long after the first step.
    Delete { after: Duration },
}

impl Then {
    /// When it comes to a delete, for a wait that began at `since`; never where that is beyond all calendars.
    #[must_use]
    pub fn due(self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Keep => None,
            Self::Delete { after } => since.checked_add_signed(TimeDelta::from_std(after).ok()?),
        }
    }
}

/// A moment as reasons tell it: `2026-03-01 12:00 UTC`.
#[must_use]
pub fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A length of time in the largest unit that it is a whole number of: `30 days`, `24 h`, `90 min`.
#[must_use]
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, 2, "days"), (3_600, 1, "h"), (60, 1, "min")];
    let fits = |(unit, least, _): &(u64, u64, &str)| seconds.is_multiple_of(*unit) && seconds / unit >= *least;
    match units.into_iter().find(fits) {
        Some((unit, _, word)) => format!("{} {word}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

/// `1st`, `2nd`, `3rd`, `11th`, `21st`.
#[must_use]
pub fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
