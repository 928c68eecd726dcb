use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::EventKind;

/// How long no run without a person is tried after so many failures in a row: 15 minutes after the first, an hour after
/// the second, and once a day from the fifth on. Refused credentials take the last of it at once: one wrong sign-in a day
/// locks no account, and one that was put right is found by the next day at the latest.
pub const BACK_OFF: [Duration; 5] = [
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(12),
    Duration::from_hours(24),
];

/// What is remembered of a sync from run to run: what was told of it, and whether it may be tried again. Losing it costs
/// one more notice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Health {
    /// Runs in a row that failed.
    pub failures: u32,
    /// The last notice, until a run went well.
    pub told: Option<Told>,
    /// No run without a person before.
    pub pause: Option<Pause>,
}

/// A notice that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub kind: EventKind,
    /// As [`Trouble::reason`](super::Trouble::reason) gives it.
    pub reason: String,
    /// When anything was first told since the last run that went well.
    pub since: DateTime<Utc>,
}

/// A sync that is not tried for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    pub until: DateTime<Utc>,
    pub failures: u32,
    /// Refused credentials, not a repeated failure.
    pub denied: bool,
}

/// Why a run without a person may not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no run without a person before {}: {reason}", .until.format("%Y-%m-%d %H:%M UTC"))]
pub struct Quarantined {
    pub until: DateTime<Utc>,
    pub reason: String,
}

impl Health {
    /// Whether a run without a person may begin. One by hand always may: it is not asked for.
    ///
    /// # Errors
    /// Until when it may not, and why.
    pub fn may_run(&self, now: DateTime<Utc>) -> Result<(), Quarantined> {
        match &self.pause {
            Some(pause) if now < pause.until => Err(Quarantined { until: pause.until, reason: pause.reason() }),
            _ => Ok(()),
        }
    }
}

impl Pause {
    /// After so many failures in a row.
    #[must_use]
    pub fn after(failures: u32, denied: bool, now: DateTime<Utc>) -> Self {
        let step = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(BACK_OFF.len() - 1);
        let length = BACK_OFF[if denied { BACK_OFF.len() - 1 } else { step }];
        Self { until: now + length, failures, denied }
    }

    /// Why, in words.
    #[must_use]
    pub fn reason(&self) -> String {
        match (self.denied, self.failures) {
            (true, _) => "access was refused, and another try may lock the account".into(),
            (false, 1) => "the last run failed".into(),
            (false, failures) => format!("{failures} runs in a row failed"),
        }
    }
}
