use std::time::Duration;

use chrono::{DateTime, Utc};

use super::runs::time;
use super::value::values;
use super::{Store, StoreError};

/// Nobody sends a call again after a year.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// One statement, so that of two who bring the same call at once one is the first.
const SEE: &str = "INSERT INTO hook_seen (hook, id, expires) VALUES ($1, $2, $3) \
                   ON CONFLICT (hook, id) DO UPDATE SET expires = excluded.expires WHERE hook_seen.expires <= $4";

/// What nobody asks for any more.
const FORGET: &str = "DELETE FROM hook_seen WHERE expires <= $1";

impl Store {
    /// Remembers for the time `keep` that the call `key` of `hook` was taken in at `now`; whether it is the first time.
    /// What is older than its time is forgotten, and counts as never seen.
    ///
    /// # Errors
    /// When the database fails. Then the caller is to come again.
    pub async fn hook_seen(
        &self,
        hook: &str,
        key: &str,
        now: DateTime<Utc>,
        keep: Duration,
    ) -> Result<bool, StoreError> {
        let expires = time(now + keep.min(LONGEST));
        let first = self.database.run(SEE, values![hook, key, expires, time(now)]).await?;
        if first > 0 {
            self.database.run(FORGET, values![time(now)]).await?;
        }
        Ok(first > 0)
    }

    /// Forgets that the call `key` of `hook` was taken in: it was not, after all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_hook(&self, hook: &str, key: &str) -> Result<(), StoreError> {
        self.database.run("DELETE FROM hook_seen WHERE hook = $1 AND id = $2", values![hook, key]).await?;
        Ok(())
    }
}
