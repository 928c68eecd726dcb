use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction};

use super::runs::time;
use super::{Store, StoreError};
use crate::connector::Memory;

impl Store {
    /// What `source` kept of its last accepted reading by `sync`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memory(&self, sync: &str, source: &str) -> Result<Option<Memory>, StoreError> {
        // At one moment: another run may write it meanwhile.
        let mut transaction = self.pool.begin().await?;
        let row: Option<(String, Vec<u8>, String)> =
            sqlx::query_as("SELECT key, cookie, full_read FROM memory WHERE sync = $1 AND source = $2")
                .bind(sync)
                .bind(source)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some((key, cookie, full_read)) = row else { return Ok(None) };
        // A time that cannot be read is no reason to fail: everything is read again.
        let Ok(full_read) = DateTime::parse_from_rfc3339(&full_read) else { return Ok(None) };
        let parts: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT part, content FROM memory_part WHERE sync = $1 AND source = $2 ORDER BY part")
                .bind(sync)
                .bind(source)
                .fetch_all(&mut *transaction)
                .await?;
        let parts = parts.into_iter().filter_map(|(part, content)| Some((u32::try_from(part).ok()?, content)));
        Ok(Some(Memory { key, cookie, full_read: full_read.with_timezone(&Utc), parts: parts.collect(), since: None }))
    }

    /// Drops what every source of `sync` kept: the next reading is of everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, sync: &str) -> Result<(), StoreError> {
        let known: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM memory WHERE sync = $1 LIMIT 1")
            .bind(sync)
            .fetch_optional(&self.pool)
            .await?;
        if known.is_none() {
            return Ok(());
        }
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for statement in ["DELETE FROM memory WHERE sync = $1", "DELETE FROM memory_part WHERE sync = $1"] {
            sqlx::query(statement).bind(sync).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

impl Store {
    /// What the connector of the target at `place` kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn target_memory(&self, place: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT content FROM target_memory WHERE target = $1")
            .bind(place)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|(content,)| content))
    }

    /// Writes down what the connector of the target at `place` keeps.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_target_memory(&self, place: &str, content: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO target_memory (target, content) VALUES ($1, $2) \
             ON CONFLICT (target) DO UPDATE SET content = excluded.content",
        )
        .bind(place)
        .bind(content)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Writes down what `source` keeps.
pub(super) async fn remember(
    work: &mut Transaction<'static, Sqlite>,
    sync: &str,
    source: &str,
    memory: &Memory,
) -> Result<(), StoreError> {
    let Memory { key, cookie, full_read, parts, since } = memory;
    let stands: Option<(Vec<u8>,)> = sqlx::query_as("SELECT cookie FROM memory WHERE sync = $1 AND source = $2")
        .bind(sync)
        .bind(source)
        .fetch_optional(&mut **work)
        .await?;
    let goes_on = since.is_some() && stands.map(|(cookie,)| cookie) == *since;
    if !goes_on {
        for statement in [
            "DELETE FROM memory_part WHERE sync = $1 AND source = $2",
            "DELETE FROM memory WHERE sync = $1 AND source = $2",
        ] {
            sqlx::query(statement).bind(sync).bind(source).execute(&mut **work).await?;
        }
        // Parts without the others are worth nothing: another run has dropped or replaced them.
        if since.is_some() {
            return Ok(());
        }
    }
    sqlx::query(
        "INSERT INTO memory (sync, source, key, cookie, full_read) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (sync, source) DO UPDATE SET key = excluded.key, cookie = excluded.cookie, \
         full_read = excluded.full_read",
    )
    .bind(sync)
    .bind(source)
    .bind(key)
    .bind(cookie)
    .bind(time(*full_read))
    .execute(&mut **work)
    .await?;
    for (part, content) in parts {
        sqlx::query(
            "INSERT INTO memory_part (sync, source, part, content) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (sync, source, part) DO UPDATE SET content = excluded.content",
        )
        .bind(sync)
        .bind(source)
        .bind(i64::from(*part))
        .bind(content)
        .execute(&mut **work)
        .await?;
    }
    Ok(())
}
