//! Who is on the way out, and what was removed.

use chrono::{DateTime, Utc};
use compact_str::CompactString;

use super::database::Work;
use super::ledger::each;
use super::runs::time;
use super::settle::{AT_ONCE, Settlement};
use super::value::{Sql, Value, values};
use super::{Store, StoreError};
use crate::guard::Spending;
use crate::plan::{Leaver, Ledger, Recorded};
use crate::principal::Kind;

/// A leaver that is still in the target: its kind, its folded name, and its name as the target spells it.
pub type AbsentRow = (Kind, String, String);

/// How somebody stood before rollcall disabled or stripped it in this run; or what somebody who is back is still to have.
#[derive(Debug, Clone)]
pub struct RecordedRow {
    pub kind: Kind,
    /// Folded.
    pub key: String,
    pub name: String,
    pub recorded: Recorded,
    /// False where it is back: nothing more is done about it.
    pub leaves: bool,
}

/// What a run removed of one kind.
#[derive(Debug, Clone, Copy)]
pub struct RemovalRow {
    pub kind: Kind,
    pub count: usize,
    /// What it could have removed.
    pub base: usize,
    /// A person lifted the limit for it.
    pub lifted: bool,
}

const LEAVERS: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(name_key, name, absences, since, disabled, recorded)) \
             FROM leaver WHERE target = $1 AND sync = $2 AND kind = $3",
    postgres: "SELECT coalesce(json_agg(json_build_array(name_key, name, absences, since, disabled, recorded))::text, '[]') \
               FROM leaver WHERE target = $1 AND sync = $2 AND kind = $3",
};

const REMOVALS: Sql = Sql {
    sqlite: "SELECT json_group_array(json_array(at, run, count, base, lifted)) FROM removal \
             WHERE target = $1 AND sync = $2 AND kind = $3 AND at > $4",
    postgres: "SELECT coalesce(json_agg(json_build_array(at, run, count, base, lifted))::text, '[]') FROM removal \
               WHERE target = $1 AND sync = $2 AND kind = $3 AND at > $4",
};

type LeaverRow = (CompactString, CompactString, u32, DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);

impl Store {
    /// Adds to `ledger` who is on the way out of `target`, as `sync` sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leavers(&self, ledger: &mut Ledger, sync: &str, target: &str) -> Result<(), StoreError> {
        let mut work = self.database.look().await?;
        read(&mut work, ledger, sync, target).await
    }

    /// What `sync` removed in `target` after `since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spending(&self, sync: &str, target: &str, since: DateTime<Utc>) -> Result<Spending, StoreError> {
        let mut spending = Spending::default();
        let mut work = self.database.look().await?;
        for kind in Kind::ALL {
            let packed = work.packed(REMOVALS, values![target, sync, kind.word(), time(since)]).await?;
            let mut rows: Vec<(String, String, usize, usize, u8)> = Vec::new();
            each(&packed, |row| rows.push(row))?;
            rows.sort_unstable();
            for (_, _, count, base, lifted) in rows {
                spending.of_mut(kind).add(count, base, lifted == 1);
            }
        }
        Ok(spending)
    }
}

/// Adds to `ledger` who is on the way out, in a look that is open already: SQLite has one at a time.
pub(super) async fn read(work: &mut Work, ledger: &mut Ledger, sync: &str, target: &str) -> Result<(), StoreError> {
    for kind in Kind::ALL {
        let rows = work.packed(LEAVERS, values![target, sync, kind.word()]).await?;
        each(&rows, |(key, name, absences, since, disabled, recorded): LeaverRow| {
            // What cannot be read is not restored, and nobody is deleted for it.
            let recorded = recorded.and_then(|text| serde_json::from_str(&text).ok()).map(Box::new);
            ledger.insert_leaver(kind, key, Leaver { name, absences, since, disabled, recorded });
        })?;
    }
    Ok(())
}

/// Writes down who left further, who is back, and what was removed.
pub(super) async fn settle(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let Settlement { absent, recorded, returned, released, counts, removals, .. } = settlement;
    for gone in [returned, released].into_iter().filter(|gone| !gone.is_empty()) {
        forget(work, settlement, gone).await?;
    }
    if *counts {
        seen(work, settlement, absent).await?;
        missed(work, settlement, absent).await?;
    }
    record(work, settlement, recorded).await?;
    removed(work, settlement, removals).await
}

async fn forget(work: &mut Work, settlement: &Settlement<'_>, names: &[(Kind, String)]) -> Result<(), StoreError> {
    let sql = "DELETE FROM leaver WHERE sync = $1 AND target = $2 \
               AND (kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))";
    for rows in names.chunks(AT_ONCE) {
        work.run(sql, [settlement.sync.into(), settlement.target.into(), Value::rows(&rows)?]).await?;
    }
    Ok(())
}

const OVER: &str = "DELETE FROM leaver WHERE sync = $1 AND target = $2 AND recorded IS NULL \
                    AND NOT ((kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3)))";

const ANEW: &str = "UPDATE leaver SET absences = 0 WHERE sync = $1 AND target = $2 AND absences > 0 \
                    AND NOT ((kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3)))";

/// Whoever was not missed: readings are counted in a row. What rollcall did stays known until it is undone.
async fn seen(work: &mut Work, settlement: &Settlement<'_>, absent: &[AbsentRow]) -> Result<(), StoreError> {
    for statement in [OVER, ANEW] {
        work.run(statement, [settlement.sync.into(), settlement.target.into(), Value::rows(&absent)?]).await?;
    }
    Ok(())
}

/// An index of PostgreSQL takes no longer key: whoever has such a name is no leaver, and so never removed.
const MISSED: &str = "INSERT INTO leaver (sync, target, counted, since, absences, kind, name_key, name) \
    SELECT $1, $2, $3, $4, 1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($5) \
    WHERE octet_length(value ->> 1) <= 2000 \
    ON CONFLICT (target, sync, kind, name_key) DO UPDATE SET name = excluded.name, counted = excluded.counted, \
    since = CASE WHEN leaver.absences = 0 THEN excluded.since ELSE leaver.since END, \
    absences = leaver.absences + 1 WHERE leaver.counted <> excluded.counted";

async fn missed(work: &mut Work, settlement: &Settlement<'_>, absent: &[AbsentRow]) -> Result<(), StoreError> {
    let Settlement { sync, target, run, at, .. } = settlement;
    for rows in absent.chunks(AT_ONCE) {
        let values = [(*sync).into(), (*target).into(), (*run).into(), time(*at).into(), Value::rows(&rows)?];
        work.run(MISSED, values).await?;
    }
    Ok(())
}

const RECORD: &str = "INSERT INTO leaver (sync, target, counted, since, absences, kind, name_key, name, recorded, disabled) \
    SELECT $1, $2, $3, $4, 0, value ->> 0, value ->> 1, value ->> 2, value ->> 3, \
    CASE WHEN CAST(value ->> 4 AS BIGINT) = 1 THEN $4 END FROM json_each($5) \
    WHERE octet_length(value ->> 1) <= 2000 \
    ON CONFLICT (target, sync, kind, name_key) DO UPDATE SET name = excluded.name, recorded = excluded.recorded, \
    disabled = excluded.disabled, absences = CASE WHEN excluded.disabled IS NULL THEN 0 ELSE leaver.absences END";

async fn record(work: &mut Work, settlement: &Settlement<'_>, rows: &[RecordedRow]) -> Result<(), StoreError> {
    let row = |row: &RecordedRow| {
        let RecordedRow { kind, key, name, recorded, leaves } = row;
        let recorded = serde_json::to_string(recorded).map_err(|error| StoreError::Content(error.to_string()))?;
        Ok((*kind, key.clone(), name.clone(), recorded, u8::from(*leaves)))
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    let Settlement { sync, target, run, at, .. } = settlement;
    for rows in rows.chunks(AT_ONCE) {
        let values = [(*sync).into(), (*target).into(), (*run).into(), time(*at).into(), Value::rows(&rows)?];
        work.run(RECORD, values).await?;
    }
    Ok(())
}

const REMOVED: &str = "INSERT INTO removal (sync, target, run, at, kind, count, base, lifted) \
    SELECT $1, $2, $3, $4, value ->> 0, CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), \
    CAST(value ->> 3 AS BIGINT) FROM json_each($5) WHERE true \
    ON CONFLICT (sync, target, kind, run) DO NOTHING";

async fn removed(work: &mut Work, settlement: &Settlement<'_>, rows: &[RemovalRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let row = |row: &RemovalRow| {
        let RemovalRow { kind, count, base, lifted } = *row;
        (kind, count, base, u8::from(lifted))
    };
    let rows = Value::rows(&rows.iter().map(row).collect::<Vec<_>>())?;
    let Settlement { sync, target, run, at, .. } = settlement;
    work.run(REMOVED, [(*sync).into(), (*target).into(), (*run).into(), time(*at).into(), rows]).await?;
    Ok(())
}
