use chrono::{DateTime, Utc};

use super::database::Work;
use super::runs::time;
use super::value::{Sql, values};
use super::{Store, StoreError};
use crate::connector::Memory;

/// What another run drops meanwhile does not vanish from under this one: SQLite has one writer anyway.
const COOKIE: Sql = Sql {
    sqlite: "SELECT cookie FROM memory WHERE sync = $1 AND source = $2",
    postgres: "SELECT cookie FROM memory WHERE sync = $1 AND source = $2 FOR UPDATE",
};

impl Store {
    /// What `source` kept of its last accepted reading by `sync`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memory(&self, sync: &str, source: &str) -> Result<Option<Memory>, StoreError> {
        // At one moment: another run may write it meanwhile.
        let mut work = self.database.look().await?;
        let sql = "SELECT key, cookie, full_read FROM memory WHERE sync = $1 AND source = $2";
        let row: Option<(String, Vec<u8>, String)> = work.one(sql, values![sync, source]).await?;
        let Some((key, cookie, full_read)) = row else { return Ok(None) };
        // A time that cannot be read is no reason to fail: everything is read again.
        let Ok(full_read) = DateTime::parse_from_rfc3339(&full_read) else { return Ok(None) };
        let sql = "SELECT part, content FROM memory_part WHERE sync = $1 AND source = $2 ORDER BY part";
        let parts: Vec<(i64, Vec<u8>)> = work.all(sql, values![sync, source]).await?;
        let parts = parts.into_iter().filter_map(|(part, content)| Some((u32::try_from(part).ok()?, content)));
        Ok(Some(Memory { key, cookie, full_read: full_read.with_timezone(&Utc), parts: parts.collect(), since: None }))
    }

    /// Drops what every source of `sync` kept: the next reading is of everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, sync: &str) -> Result<(), StoreError> {
        let sql = "SELECT sync FROM memory WHERE sync = $1 LIMIT 1";
        let known: Option<(String,)> = self.database.one(sql, values![sync]).await?;
        if known.is_none() {
            return Ok(());
        }
        let mut work = self.database.begin().await?;
        for statement in ["DELETE FROM memory WHERE sync = $1", "DELETE FROM memory_part WHERE sync = $1"] {
            work.run(statement, values![sync]).await?;
        }
        work.commit().await?;
        Ok(())
    }
}

impl Store {
    /// What the connector of the target at `place` kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn target_memory(&self, place: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT content FROM target_memory WHERE target = $1";
        let row: Option<(String,)> = self.database.one(sql, values![place]).await?;
        Ok(row.map(|(content,)| content))
    }

    /// Writes down what the connector of the target at `place` keeps.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_target_memory(&self, place: &str, content: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO target_memory (target, content) VALUES ($1, $2) \
                   ON CONFLICT (target) DO UPDATE SET content = excluded.content";
        self.database.run(sql, values![place, content]).await?;
        Ok(())
    }
}

/// Writes down what `source` keeps.
pub(super) async fn remember(work: &mut Work, sync: &str, source: &str, memory: &Memory) -> Result<(), StoreError> {
    let Memory { key, cookie, full_read, parts, since } = memory;
    let stands: Option<(Vec<u8>,)> = work.one(COOKIE, values![sync, source]).await?;
    let goes_on = since.is_some() && stands.map(|(cookie,)| cookie) == *since;
    if !goes_on {
        for statement in [
            "DELETE FROM memory_part WHERE sync = $1 AND source = $2",
            "DELETE FROM memory WHERE sync = $1 AND source = $2",
        ] {
            work.run(statement, values![sync, source]).await?;
        }
        // Parts without the others are worth nothing: another run has dropped or replaced them.
        if since.is_some() {
            return Ok(());
        }
    }
    let sql = "INSERT INTO memory (sync, source, key, cookie, full_read) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (sync, source) DO UPDATE SET key = excluded.key, cookie = excluded.cookie, \
               full_read = excluded.full_read";
    work.run(sql, values![sync, source, key, cookie.as_slice(), time(*full_read)]).await?;
    for (part, content) in parts {
        let sql = "INSERT INTO memory_part (sync, source, part, content) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (sync, source, part) DO UPDATE SET content = excluded.content";
        work.run(sql, values![sync, source, i64::from(*part), content.as_slice()]).await?;
    }
    Ok(())
}
