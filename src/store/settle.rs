use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};

use super::database::Work;
use super::journal::{JournalRow, journal};
use super::memory::remember;
use super::runs::time;
use super::value::{Sql, Value, values};
use super::{AbsentRow, RecordedRow, RemovalRow, Store, StoreError, leavers};
use crate::audit::Entry;
use crate::connector::Memory;
use crate::plan::Owner;
use crate::principal::Kind;

/// What an apply settles, written in one transaction.
#[expect(clippy::struct_excessive_bools, reason = "each says of the run what no other does")]
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
    /// Leavers that are still in the target.
    pub absent: Vec<AbsentRow>,
    /// The reading is a proof: whoever it misses has been absent once more.
    pub counts: bool,
    /// Folded names of who is on the way out no more, or begins anew.
    pub returned: Vec<(Kind, String)>,
    /// How those stood whom this run disabled or stripped, and what is still owed to who is back.
    pub recorded: Vec<RecordedRow>,
    /// Folded names of those who were switched off by rollcall and are on again.
    pub on_again: Vec<(Kind, String)>,
    pub removals: Vec<RemovalRow>,
    /// What the journal does not know yet of this run.
    pub journal: Vec<JournalRow>,
    /// What the trail is told in the same transaction.
    pub trail: Vec<Entry<'a>>,
}

impl<'a> Settlement<'a> {
    /// One that moves nothing but who owns what.
    #[must_use]
    pub fn of_memory(run: &'a str, sync: &'a str, target: &'a str, at: DateTime<Utc>) -> Self {
        Self {
            run,
            sync,
            target,
            at,
            narrowed: true,
            completed: false,
            rules_digest: "",
            by_hand: false,
            readings: Vec::new(),
            memories: Vec::new(),
            owned: Vec::new(),
            released: Vec::new(),
            absent: Vec::new(),
            counts: false,
            returned: Vec::new(),
            recorded: Vec::new(),
            on_again: Vec::new(),
            removals: Vec::new(),
            journal: Vec::new(),
            trail: Vec::new(),
        }
    }
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
    #[serde(serialize_with = "as_number")]
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
        let mut work = self.database.begin().await?;
        self.guard(&mut work, settlement.target).await?;
        if !settlement.narrowed {
            absences(&mut work, settlement).await?;
            readings(&mut work, settlement).await?;
            state(&mut work, settlement).await?;
            for (source, memory) in &settlement.memories {
                remember(&mut work, settlement.sync, source, memory).await?;
            }
        }
        owners(&mut work, settlement).await?;
        journal(&mut work, settlement.run, settlement.at, &settlement.journal).await?;
        self.append(&mut work, &settlement.trail).await?;
        // A crash from here on leaves nothing to settle.
        let sql = "UPDATE run SET state = 'settled' WHERE id = $1 AND finished IS NULL";
        work.run(sql, values![settlement.run]).await?;
        work.commit().await?;
        Ok(())
    }
}

/// Who owns what, as the settlement has it.
pub(super) async fn owners(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    // Released first: a name that was gone may have been taken anew in the same run.
    released(work, settlement).await?;
    leavers::settle(work, settlement).await?;
    on_again(work, settlement).await?;
    owned(work, settlement).await
}

/// Whoever was missing and is not any more.
const BACK: &str = "UPDATE ownership SET last_seen = NULL WHERE sync = $1 AND target = $2 AND last_seen IS NOT NULL \
                    AND NOT ((kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3)))";

/// Whoever is missing for the first time was last seen at the reading before this one.
const FIRST: &str = "UPDATE ownership SET last_seen = (SELECT max(read) FROM baseline WHERE baseline.sync = $1) \
                     WHERE sync = $1 AND target = $2 AND last_seen IS NULL \
                     AND (kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))";

async fn absences(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let Settlement { sync, target, absent, .. } = settlement;
    work.run(BACK, [(*sync).into(), (*target).into(), Value::rows(absent)?]).await?;
    for rows in absent.chunks(AT_ONCE) {
        work.run(FIRST, [(*sync).into(), (*target).into(), Value::rows(&rows)?]).await?;
    }
    Ok(())
}

async fn readings(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let sql = "INSERT INTO baseline (sync, source, users, groups, read, digest) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (sync, source) DO UPDATE SET users = excluded.users, groups = excluded.groups, \
               read = excluded.read, digest = excluded.digest WHERE excluded.read > baseline.read";
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    for ReadingRow { source, users, groups, read, digest } in &settlement.readings {
        work.run(sql, values![settlement.sync, source, count(*users), count(*groups), time(*read), digest]).await?;
    }
    Ok(())
}

async fn state(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let sql = "INSERT INTO sync_state (sync, applied, completed, rules_digest) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (sync) DO UPDATE SET applied = excluded.applied, \
               completed = coalesce(excluded.completed, sync_state.completed), \
               rules_digest = CASE WHEN $5 = 1 THEN excluded.rules_digest \
               ELSE coalesce(sync_state.rules_digest, excluded.rules_digest) END";
    let now = time(settlement.at);
    let completed = settlement.completed.then(|| now.clone());
    let values = values![settlement.sync, now, completed, settlement.rules_digest, settlement.by_hand];
    work.run(sql, values).await?;
    Ok(())
}

/// So many rows in one statement: each statement of its own costs a thread hop or a way over the network, and a server
/// may not work at one for long. A busy one wrote 20,000 of these in a second.
pub(super) const AT_ONCE: usize = 20_000;

/// Takes principals into care.
macro_rules! own {
    ($which:literal) => {
        concat!(
            "INSERT INTO ownership (sync, target, run, since, kind, name_key, owner, source_id, disabled, last_origin, ",
            "applied) ",
            "SELECT $1, $2, $3, $4, value ->> 'kind', value ->> 'key', value ->> 'owner', value ->> 'source_id', ",
            "CAST(value ->> 'disabled' AS BIGINT), value ->> 'origin', value ->> 'applied' FROM json_each($5) WHERE ",
            $which,
            " ON CONFLICT (target, kind, name_key, sync) DO UPDATE SET ",
            "source_id = coalesce(excluded.source_id, ownership.source_id), ",
            "disabled = coalesce(excluded.disabled, ownership.disabled), ",
            "last_origin = coalesce(excluded.last_origin, ownership.last_origin), run = excluded.run, ",
            "applied = coalesce(excluded.applied, ownership.applied), ",
            "owner = CASE WHEN excluded.owner = 'created' THEN 'created' ELSE ownership.owner END",
        )
    };
}

/// An index of PostgreSQL takes no longer key: whoever has such a name is not remembered, and so never removed under
/// `ownership: managed`. Everybody else is.
const OWN: Sql = Sql { sqlite: own!("true"), postgres: own!("octet_length(value ->> 'key') <= 2000") };

async fn owned(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let Settlement { sync, target, run, at, owned, .. } = settlement;
    for rows in passes(owned).iter().flat_map(|rows| rows.chunks(AT_ONCE)) {
        let values = [(*sync).into(), (*target).into(), (*run).into(), time(*at).into(), Value::rows(&rows)?];
        work.run(OWN, values).await?;
    }
    Ok(())
}

/// The rows in as few lists as there are rows of one principal: PostgreSQL writes each but once in a statement.
fn passes(rows: &[OwnedRow]) -> Vec<Vec<&OwnedRow>> {
    let mut passes: Vec<Vec<&OwnedRow>> = Vec::new();
    let mut times: FxHashMap<(Kind, &str), usize> = FxHashMap::default();
    for row in rows {
        let time = times.entry((row.kind, &row.key)).or_default();
        if *time == passes.len() {
            passes.push(Vec::new());
        }
        passes[*time].push(row);
        *time += 1;
    }
    passes
}

async fn released(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let sql = "DELETE FROM ownership WHERE sync = $1 AND target = $2 \
               AND (kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))";
    let Settlement { sync, target, released, .. } = settlement;
    for rows in released.chunks(AT_ONCE) {
        work.run(sql, [(*sync).into(), (*target).into(), Value::rows(&rows)?]).await?;
    }
    Ok(())
}

/// A person has switched them on: should somebody switch them off again, it was not rollcall.
async fn on_again(work: &mut Work, settlement: &Settlement<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE ownership SET disabled = 0 WHERE sync = $1 AND target = $2 \
               AND (kind, name_key) IN (SELECT value ->> 0, value ->> 1 FROM json_each($3))";
    let Settlement { sync, target, on_again, .. } = settlement;
    for rows in on_again.chunks(AT_ONCE) {
        work.run(sql, [(*sync).into(), (*target).into(), Value::rows(&rows)?]).await?;
    }
    Ok(())
}

/// Both databases read a number alike; of truth each has its own idea.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference to the field")]
fn as_number<S: Serializer>(truth: &Option<bool>, serializer: S) -> Result<S::Ok, S::Error> {
    truth.map(i64::from).serialize(serializer)
}
