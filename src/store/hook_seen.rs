use std::time::Duration;

use chrono::{DateTime, Utc};

use super::runs::time;

/// Nobody sends a call again after a year.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// One statement, so that of two who bring the same call at once one is the first. What is older than its time counts as
/// never seen.
pub(super) const SEE: &str = "INSERT INTO hook_seen (hook, id, expires) VALUES ($1, $2, $3) ON CONFLICT (hook, id) \
                              DO UPDATE SET expires = excluded.expires WHERE hook_seen.expires <= $4";

/// What nobody asks for any more.
pub(super) const FORGET: &str = "DELETE FROM hook_seen WHERE expires <= $1";

/// A call of a webhook.
#[derive(Debug, Clone, Copy)]
pub struct CallSeen<'a> {
    pub hook: &'a str,
    /// What is the same for two calls that are one.
    pub key: &'a str,
    pub now: DateTime<Utc>,
    /// How long it is remembered.
    pub keep: Duration,
}

impl CallSeen<'_> {
    pub(super) fn expires(&self) -> String {
        time(self.now + self.keep.min(LONGEST))
    }
}
