//! The journal of applies: intent before, outcome after, each change.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::database::Work;
use super::runs::time;
use super::settle::AT_ONCE;
use super::value::Value;
use super::{Store, StoreError};
use crate::audit::Entry;

/// How far a change has come, as the journal knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeState {
    /// It was about to be tried; nothing is known beyond that.
    Intent,
    Done,
    Failed,
    SetAside,
    NotTried,
}

impl ChangeState {
    /// As it stands in the database and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::SetAside => "set-aside",
            Self::NotTried => "not-tried",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Intent, Self::Done, Self::Failed, Self::SetAside, Self::NotTried];
        all.into_iter().find(|state| state.word() == word)
    }
}

type Columns = (i64, String, String, Option<String>, Option<i64>);

/// One row of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalRow {
    /// The place of the change in the plan of the run.
    pub n: usize,
    /// A part of the change that counts by itself; empty: the change.
    pub part: String,
    pub state: ChangeState,
    /// Why it is so.
    pub note: Option<String>,
    /// The entry of the trail that announced it.
    pub intent: Option<u64>,
}

/// A row, and what the trail is told of it in the same breath.
pub struct Noted<'a> {
    pub row: JournalRow,
    pub entry: Option<Entry<'a>>,
}

const WRITE: &str = "INSERT INTO journal (run, n, part, state, note, written, intent) \
    SELECT $1, CAST(value ->> 'n' AS BIGINT), value ->> 'part', value ->> 'state', value ->> 'note', $2, CAST(value ->> 'intent' AS BIGINT) \
    FROM json_each($3) WHERE true \
    ON CONFLICT (run, n, part) DO UPDATE SET state = excluded.state, note = excluded.note, written = excluded.written, \
    intent = coalesce(excluded.intent, journal.intent)";

impl Store {
    /// Writes rows of the journal down, all of them or none.
    ///
    /// # Errors
    /// When the database fails: nothing may be begun then.
    pub async fn write_down(
        &self,
        run: &str,
        place: &str,
        at: DateTime<Utc>,
        noted: Vec<Noted<'_>>,
    ) -> Result<(), StoreError> {
        let entries: Vec<Entry<'_>> = noted.iter().filter_map(|noted| noted.entry).collect();
        let mut work = self.database.begin().await?;
        self.guard(&mut work, place).await?;
        let mut next = self.append(&mut work, &entries).await?;
        let row = |Noted { mut row, entry }: Noted<'_>| {
            if entry.is_some() {
                row.intent = Some(next);
                next += 1;
            }
            row
        };
        let rows: Vec<JournalRow> = noted.into_iter().map(row).collect();
        journal(&mut work, run, at, &rows).await?;
        work.commit().await
    }

    /// What the journal knows of a run, in the order of its plan.
    ///
    /// # Errors
    /// When the database fails or holds what this build does not know.
    pub async fn journal(&self, run: &str) -> Result<Vec<JournalRow>, StoreError> {
        let mut work = self.database.look().await?;
        let rows: Vec<Columns> = work
            .all("SELECT n, part, state, note, intent FROM journal WHERE run = $1 ORDER BY n, part", [run.into()])
            .await?;
        rows.into_iter()
            .map(|(n, part, state, note, intent)| {
                let unknown = || StoreError::Content(format!("the journal knows no state `{state}`"));
                let state = ChangeState::parse(&state).ok_or_else(unknown)?;
                let intent = intent.and_then(|intent| u64::try_from(intent).ok());
                Ok(JournalRow { n: usize::try_from(n).unwrap_or_default(), part, state, note, intent })
            })
            .collect()
    }
}

pub(super) async fn journal(
    work: &mut Work,
    run: &str,
    at: DateTime<Utc>,
    rows: &[JournalRow],
) -> Result<(), StoreError> {
    // PostgreSQL writes a row but once in a statement: the last word counts.
    let mut last: FxHashMap<(usize, &str), &JournalRow> = FxHashMap::default();
    for row in rows {
        last.insert((row.n, &row.part), row);
    }
    let mut rows: Vec<&JournalRow> = last.into_values().collect();
    rows.sort_unstable_by_key(|row| (row.n, &row.part));
    for rows in rows.chunks(AT_ONCE) {
        work.run(WRITE, [run.into(), time(at).into(), Value::rows(&rows)?]).await?;
    }
    Ok(())
}
