use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{Sqlite, Transaction};

use super::memory::remember;
use super::runs::time;
use super::{Store, StoreError};
use crate::connector::Memory;
use crate::plan::Owner;
use crate::principal::Kind;

/// What an apply settles, written in one transaction.
#[derive(Debug)]
pub struct Settlement<'a> {
    pub run: &'a str,
    pub sync: &'a str,
    pub target: &'a str,
    pub at: DateTime<Utc>,
    /// Only some principals were looked at: what holds for the whole sync stays as it is.
    pub narrowed: bool,
    /// The apply ended with exit 0.
    pub completed: bool,
    /// The rules that were applied.
    pub rules_digest: &'a str,
    /// A person applied them, and so stands by them. The first ones ever stand by themselves.
    pub by_hand: bool,
    pub readings: Vec<ReadingRow>,
    /// What sources keep of their readings, by name.
    pub memories: Vec<(String, Memory)>,
    pub owned: Vec<OwnedRow>,
    /// Folded names that are no longer in this sync's care.
    pub released: Vec<(Kind, String)>,
    /// Folded names of leavers that are still in the target.
    pub absent: Vec<(Kind, String)>,
}

/// An accepted reading.
#[derive(Debug)]
pub struct ReadingRow {
    pub source: String,
    pub users: usize,
    pub groups: usize,
    pub read: DateTime<Utc>,
    pub digest: String,
}

/// A principal in a sync's care.
#[derive(Debug, Serialize)]
pub struct OwnedRow {
    pub kind: Kind,
    pub key: String,
    pub owner: Owner,
    pub source_id: Option<String>,
    /// Rollcall disabled it; unset: as it was.
    pub disabled: Option<bool>,
    pub origin: Option<String>,
    /// What was last applied to it, in hexadecimal digits; unset: as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<String>,
}

impl Store {
    /// Writes down what an apply settled: all of it or nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, settlement: &Settlement<'_>) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        if !settlement.narrowed {
            absences(&mut transaction, settlement).await?;
            readings(&mut transaction, settlement).await?;
            state(&mut transaction, settlement).await?;
            for (source, memory) in &settlement.memories {
                remember(&mut transaction, settlement.sync, source, memory).await?;
            }
        }
        // Released first: a name that was gone may have been taken anew in the same run.
        released(&mut transaction, settlement).await?;
        owned(&mut transaction, settlement).await?;
        transaction.commit().await?;
        Ok(())
    }
}

type Work = Transaction<'static, Sqlite>;

/// Whoever is missing for the first time was last seen at the reading before this one.
async fn absences(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let Settlement { sync, target, absent, .. } = settlement;
    let names = json(absent)?;
    let gone = "(kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))";
    let back = format!(
        "UPDATE ownership SET last_seen = NULL WHERE sync = $1 AND target = $2 AND last_seen IS NOT NULL AND NOT ({gone})"
    );
    let first = format!(
        "UPDATE ownership SET last_seen = (SELECT max(read) FROM baseline WHERE baseline.sync = $1) \
         WHERE sync = $1 AND target = $2 AND last_seen IS NULL AND {gone}"
    );
    for statement in [back, first] {
        // Built of constants only.
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(*sync).bind(*target).bind(&names).execute(&mut **work).await?;
    }
    Ok(())
}

async fn readings(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    for ReadingRow { source, users, groups, read, digest } in &settlement.readings {
        sqlx::query(
            "INSERT INTO baseline (sync, source, users, groups, read, digest) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (sync, source) DO UPDATE SET users = excluded.users, groups = excluded.groups, \
             read = excluded.read, digest = excluded.digest WHERE excluded.read > baseline.read",
        )
        .bind(settlement.sync)
        .bind(source)
        .bind(i64::try_from(*users).unwrap_or(i64::MAX))
        .bind(i64::try_from(*groups).unwrap_or(i64::MAX))
        .bind(time(*read))
        .bind(digest)
        .execute(&mut **work)
        .await?;
    }
    Ok(())
}

async fn state(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let now = time(settlement.at);
    sqlx::query(
        "INSERT INTO sync_state (sync, applied, completed, rules_digest) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (sync) DO UPDATE SET applied = excluded.applied, \
         completed = coalesce(excluded.completed, sync_state.completed), \
         rules_digest = CASE WHEN $5 THEN excluded.rules_digest ELSE coalesce(sync_state.rules_digest, excluded.rules_digest) END",
    )
    .bind(settlement.sync)
    .bind(&now)
    .bind(settlement.completed.then_some(&now))
    .bind(settlement.rules_digest)
    .bind(settlement.by_hand)
    .execute(&mut **work)
    .await?;
    Ok(())
}

async fn owned(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    if settlement.owned.is_empty() {
        return Ok(());
    }
    // One statement for all rows: each statement of its own costs a thread hop.
    sqlx::query(
        "INSERT INTO ownership (sync, target, run, since, kind, name_key, owner, source_id, disabled, last_origin, \
         applied) \
         SELECT $1, $2, $3, $4, value ->> 'kind', value ->> 'key', value ->> 'owner', value ->> 'source_id', \
         value ->> 'disabled', value ->> 'origin', unhex(value ->> 'applied') FROM json_each($5) WHERE true \
         ON CONFLICT (target, kind, name_key, sync) DO UPDATE SET \
         source_id = coalesce(excluded.source_id, ownership.source_id), disabled = coalesce(excluded.disabled, ownership.disabled), \
         last_origin = coalesce(excluded.last_origin, ownership.last_origin), run = excluded.run, \
         applied = coalesce(excluded.applied, ownership.applied), \
         owner = CASE WHEN excluded.owner = 'created' THEN 'created' ELSE ownership.owner END",
    )
    .bind(settlement.sync)
    .bind(settlement.target)
    .bind(settlement.run)
    .bind(time(settlement.at))
    .bind(json(&settlement.owned)?)
    .execute(&mut **work)
    .await?;
    Ok(())
}

async fn released(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    if settlement.released.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM ownership WHERE sync = $1 AND target = $2 \
         AND (kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))",
    )
    .bind(settlement.sync)
    .bind(settlement.target)
    .bind(json(&settlement.released)?)
    .execute(&mut **work)
    .await?;
    Ok(())
}

fn json(rows: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(|error| StoreError::Content(error.to_string()))
}
