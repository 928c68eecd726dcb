//! Runs that somebody was told would come: they outlive the process that was asked.

use chrono::{DateTime, Utc};

use super::hook_seen::{CallSeen, FORGET, SEE};
use super::runs::time;
use super::value::{Sql, Value, values};
use super::{Store, StoreError};

/// Only the clock of the database decides whose it is.
const KEEP: Sql = Sql {
    sqlite: "INSERT INTO asked (id, sync, content, asked, holder, expires) \
             VALUES ($1, $2, $3, $4, $5, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds'))",
    postgres: "INSERT INTO asked (id, sync, content, asked, holder, expires) \
               VALUES ($1, $2, $3, $4, $5, clock_timestamp() + interval '30 seconds')",
};

const RENEW: Sql = Sql {
    sqlite: "UPDATE asked SET expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') \
             WHERE holder = $1 AND id IN (SELECT value ->> 0 FROM json_each($2))",
    postgres: "UPDATE asked SET expires = clock_timestamp() + interval '30 seconds' \
               WHERE holder = $1 AND id IN (SELECT value ->> 0 FROM json_each($2))",
};

/// Whoever gives it back was not ended by it.
const RELEASE: Sql = Sql {
    sqlite: "UPDATE asked SET tries = 0, expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE holder = $1",
    postgres: "UPDATE asked SET tries = 0, expires = clock_timestamp() WHERE holder = $1",
};

const SPARE: &str = "UPDATE asked SET tries = 0 WHERE holder = $1 AND id = $2";

const FREE: Sql = Sql {
    sqlite: "SELECT id FROM asked WHERE expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') \
             OR expires > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds') LIMIT 1",
    postgres: "SELECT id FROM asked WHERE expires <= clock_timestamp() \
               OR expires > clock_timestamp() + interval '60 seconds' LIMIT 1",
};

/// Of two who want the same at once one gets it, and the other does not wait for it. Nobody has anything for longer than
/// thirty seconds: what seems so was kept by a clock that was wrong.
const CLAIM: Sql = Sql {
    sqlite: "UPDATE asked SET holder = $1, tries = tries + 1, \
             expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') \
             WHERE id IN (SELECT id FROM asked WHERE (expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') \
             OR expires > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+60 seconds')) \
             AND sync IN (SELECT value ->> 0 FROM json_each($2)) ORDER BY id LIMIT 500) \
             RETURNING id, sync, content, tries",
    postgres: "UPDATE asked SET holder = $1, tries = tries + 1, expires = clock_timestamp() + interval '30 seconds' \
               WHERE id IN (SELECT id FROM asked WHERE (expires <= clock_timestamp() \
               OR expires > clock_timestamp() + interval '60 seconds') \
               AND sync IN (SELECT value ->> 0 FROM json_each($2)) ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED) \
               RETURNING id, sync, content, tries",
};

const LET_GO: &str = "DELETE FROM asked WHERE id IN (SELECT value ->> 0 FROM json_each($1))";

const PRUNE: Sql = Sql {
    sqlite: "DELETE FROM asked WHERE asked < $1 AND expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
    postgres: "DELETE FROM asked WHERE asked < $1 AND expires <= clock_timestamp()",
};

/// A run that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRow {
    /// A new id, which sorts by time.
    pub id: String,
    pub sync: String,
    /// What is asked, as whoever asks writes it.
    pub content: String,
}

/// What another process was asked, and did not bring to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedRow {
    pub row: AskedRow,
    /// How often in a row it was taken over from somebody who neither answered it nor gave it back, this time included.
    pub tries: u64,
}

impl Store {
    /// Keeps what was asked at `now` of the process `holder`, for thirty seconds and as long again whenever it is renewed.
    ///
    /// # Errors
    /// When the database fails. Then nobody is to be told that it comes.
    pub async fn keep_asked(&self, row: &AskedRow, now: DateTime<Utc>, holder: &str) -> Result<(), StoreError> {
        self.database.run(KEEP, row.values(now, holder)).await.map(drop)
    }

    /// Remembers a call, and keeps what it asks where it is the first of its id; whether it is. All or nothing.
    ///
    /// # Errors
    /// As [`Store::keep_asked`].
    pub async fn keep_call(&self, call: &CallSeen<'_>, row: &AskedRow, holder: &str) -> Result<bool, StoreError> {
        let now = time(call.now);
        let mut work = self.database.begin().await?;
        let first = work.run(SEE, values![call.hook, call.key, call.expires(), now.as_str()]).await? > 0;
        if first {
            work.run(KEEP, row.values(call.now, holder)).await?;
        }
        work.commit().await?;
        // By itself: of two who forget the same, none is to wait for the other while it holds a call.
        if first && let Err(error) = self.database.run(FORGET, values![now]).await {
            tracing::debug!(%error, "old calls were not forgotten");
        }
        Ok(first)
    }

    /// A call was not taken in after all: it may come again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_call(&self, hook: &str, key: &str, id: &str) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        work.run("DELETE FROM hook_seen WHERE hook = $1 AND id = $2", values![hook, key]).await?;
        work.run("DELETE FROM asked WHERE id = $1", values![id]).await?;
        work.commit().await
    }

    /// Keeps these, as far as they are still those of `holder`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_asked(&self, ids: &[String], holder: &str) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.database.run(RENEW, [holder.into(), listed(ids)?]).await.map(drop)
    }

    /// Gives back what was asked of `holder` and has not ended: whoever comes first takes it over.
    ///
    /// # Errors
    /// When the database fails. Then it expires by itself.
    pub async fn release_asked(&self, holder: &str) -> Result<(), StoreError> {
        self.database.run(RELEASE, values![holder]).await.map(drop)
    }

    /// It was taken over from nobody whom it had ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spare_asked(&self, id: &str, holder: &str) -> Result<(), StoreError> {
        self.database.run(SPARE, values![holder, id]).await.map(drop)
    }

    /// Takes over what was asked of these syncs and nobody holds any more: the oldest first, 500 at most.
    ///
    /// # Errors
    /// When the database fails. What was taken over all the same expires by itself.
    pub async fn claim_asked(&self, syncs: &[String], holder: &str) -> Result<Vec<ClaimedRow>, StoreError> {
        let free: Option<(String,)> = self.database.one(FREE, []).await?;
        if free.is_none() {
            return Ok(Vec::new());
        }
        let mut work = self.database.begin().await?;
        let rows: Vec<(String, String, String, i64)> = work.all(CLAIM, [holder.into(), listed(syncs)?]).await?;
        work.commit().await?;
        let claimed = |(id, sync, content, tries): (String, String, String, i64)| ClaimedRow {
            row: AskedRow { id, sync, content },
            tries: u64::try_from(tries).unwrap_or_default(),
        };
        let mut rows: Vec<_> = rows.into_iter().map(claimed).collect();
        rows.sort_by(|one, other| one.row.id.cmp(&other.row.id));
        Ok(rows)
    }

    /// The sync that was asked for under this id, where that has not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_of(&self, id: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = self.database.one("SELECT sync FROM asked WHERE id = $1", values![id]).await?;
        Ok(row.map(|(sync,)| sync))
    }

    /// These were answered.
    ///
    /// # Errors
    /// When the database fails. Then they are carried out once more.
    pub async fn let_go_of_asked(&self, ids: &[String]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.database.run(LET_GO, [listed(ids)?]).await.map(drop)
    }

    /// Forgets what was asked before `before` and nobody holds: no configuration has its sync any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune_asked(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.database.run(PRUNE, values![time(before)]).await.map(drop)
    }
}

fn listed(names: &[String]) -> Result<Value, StoreError> {
    Value::rows(&names.iter().map(|name| [name]).collect::<Vec<_>>())
}

impl AskedRow {
    fn values(&self, now: DateTime<Utc>, holder: &str) -> [Value; 5] {
        let Self { id, sync, content } = self;
        values![id, sync, content, time(now), holder]
    }
}
