//! Runs that somebody was told would come: they outlive the process that was asked.

use super::hook_seen::{CallSeen, FORGET, SEE};
use super::runs::time;
use super::value::{Sql, Value, values};
use super::{Store, StoreError};

/// Only the clock of the database decides whose it is.
const KEEP: Sql = Sql {
    sqlite: "INSERT INTO asked (id, sync, content, holder, expires) \
             VALUES ($1, $2, $3, $4, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds'))",
    postgres: "INSERT INTO asked (id, sync, content, holder, expires) \
               VALUES ($1, $2, $3, $4, clock_timestamp() + interval '30 seconds')",
};

const RENEW: Sql = Sql {
    sqlite: "UPDATE asked SET expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') WHERE holder = $1",
    postgres: "UPDATE asked SET expires = clock_timestamp() + interval '30 seconds' WHERE holder = $1",
};

const RELEASE: Sql = Sql {
    sqlite: "UPDATE asked SET expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE holder = $1",
    postgres: "UPDATE asked SET expires = clock_timestamp() WHERE holder = $1",
};

const FREE: Sql = Sql {
    sqlite: "SELECT id FROM asked WHERE expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') LIMIT 1",
    postgres: "SELECT id FROM asked WHERE expires <= clock_timestamp() LIMIT 1",
};

/// Of two who want the same at once one gets it.
const CLAIM: Sql = Sql {
    sqlite: "UPDATE asked SET holder = $1, expires = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds') \
             WHERE expires <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') RETURNING id, sync, content",
    postgres: "UPDATE asked SET holder = $1, expires = clock_timestamp() + interval '30 seconds' \
               WHERE expires <= clock_timestamp() RETURNING id, sync, content",
};

const LET_GO: &str = "DELETE FROM asked WHERE id IN (SELECT value ->> 0 FROM json_each($1))";

/// A run that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRow {
    /// A new id, which sorts by time.
    pub id: String,
    pub sync: String,
    /// What is asked, as whoever asks writes it.
    pub content: String,
}

impl Store {
    /// Keeps what was asked of the process `holder`, for thirty seconds and as long again whenever it is renewed.
    ///
    /// # Errors
    /// When the database fails. Then nobody is to be told that it comes.
    pub async fn keep_asked(&self, row: &AskedRow, holder: &str) -> Result<(), StoreError> {
        self.database.run(KEEP, row.values(holder)).await.map(drop)
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
            work.run(KEEP, row.values(holder)).await?;
            work.run(FORGET, values![now]).await?;
        }
        work.commit().await?;
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

    /// Keeps what was asked of `holder` and has not ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_asked(&self, holder: &str) -> Result<(), StoreError> {
        self.database.run(RENEW, values![holder]).await.map(drop)
    }

    /// Gives back what was asked of `holder` and has not ended: whoever comes first takes it over.
    ///
    /// # Errors
    /// When the database fails. Then it expires by itself.
    pub async fn release_asked(&self, holder: &str) -> Result<(), StoreError> {
        self.database.run(RELEASE, values![holder]).await.map(drop)
    }

    /// Takes over what nobody holds any more, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_asked(&self, holder: &str) -> Result<Vec<AskedRow>, StoreError> {
        let free: Option<(String,)> = self.database.one(FREE, []).await?;
        if free.is_none() {
            return Ok(Vec::new());
        }
        let mut work = self.database.begin().await?;
        let rows: Vec<(String, String, String)> = work.all(CLAIM, values![holder]).await?;
        work.commit().await?;
        let mut rows: Vec<_> = rows.into_iter().map(|(id, sync, content)| AskedRow { id, sync, content }).collect();
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(rows)
    }

    /// These have ended, or nobody will answer them.
    ///
    /// # Errors
    /// When the database fails. Then they are carried out once more where this process ends.
    pub async fn let_go_of_asked(&self, ids: &[String]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = ids.iter().map(|id| [id]).collect();
        self.database.run(LET_GO, [Value::rows(&rows)?]).await.map(drop)
    }
}

impl AskedRow {
    fn values(&self, holder: &str) -> [Value; 4] {
        let Self { id, sync, content } = self;
        values![id, sync, content, holder]
    }
}
