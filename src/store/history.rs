//! Runs of the past: which there were, and which never ended.

use chrono::{DateTime, Utc};

use super::journal::journal;
use super::runs::time;
use super::settle::owners;
use super::{Settlement, Store, StoreError};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// It has not ended, as far as is known.
    Running,
    /// It never ended: killed, cut off, out of power.
    Interrupted,
    /// It was told to stop, and left something undone.
    Stopped,
    Done,
    /// By a guard.
    Refused,
    /// Applied in part.
    Partial,
    /// The saved plan was stale: nothing was applied.
    Stale,
    Failed,
}

impl RunStatus {
    pub const ALL: [Self; 8] = [
        Self::Running,
        Self::Interrupted,
        Self::Stopped,
        Self::Done,
        Self::Refused,
        Self::Partial,
        Self::Stale,
        Self::Failed,
    ];

    /// Whether whoever asked for it was answered. One that failed may have failed for the very reason that it was cut off.
    #[must_use]
    pub fn has_answered(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Partial | Self::Stale)
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Stopped => "stopped",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Partial => "partial",
            Self::Stale => "stale",
            Self::Failed => "failed",
        }
    }

    fn of(state: Option<&str>, exit_code: Option<i64>) -> Self {
        match (state, exit_code) {
            (Some("interrupted"), _) => Self::Interrupted,
            (Some("stopped"), _) => Self::Stopped,
            (_, None) => Self::Running,
            (_, Some(0 | 2)) => Self::Done,
            (_, Some(3)) => Self::Refused,
            (_, Some(4)) => Self::Partial,
            (_, Some(5)) => Self::Stale,
            (_, Some(_)) => Self::Failed,
        }
    }
}

/// A run of the past, or one under way.
#[derive(Debug, Clone)]
pub struct RunRow {
    pub id: String,
    pub sync: String,
    pub command: String,
    pub target: Option<String>,
    /// Where the target is; none for runs of releases that did not write it down.
    pub place: Option<String>,
    /// JSON.
    pub requested_by: String,
    /// RFC 3339.
    pub started: String,
    pub finished: Option<String>,
    pub status: RunStatus,
    pub exit_code: Option<i64>,
    pub plan_digest: Option<String>,
    /// JSON.
    pub summary: Option<String>,
    pub error: Option<String>,
}

/// An apply that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    pub id: String,
    pub sync: String,
    /// What it did is settled; only its end is missing.
    pub settled: bool,
}

type Columns = (
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
);

const ROWS: &str = "SELECT id, sync, command, target, place, requested_by, started, finished, state, exit_code, \
    plan_digest, summary, error FROM run \
    WHERE ($1 = '' OR sync = $1) AND ($2 = '' OR id = $2) ORDER BY started DESC, id DESC LIMIT $3";

impl Store {
    /// Runs of `sync`, or of all, the newest first; so many at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn runs(&self, sync: Option<&str>, most: usize) -> Result<Vec<RunRow>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut work = self.database.look().await?;
        let rows: Vec<Columns> = work.all(ROWS, [sync.unwrap_or_default().into(), "".into(), most.into()]).await?;
        Ok(rows.into_iter().map(row).collect())
    }

    /// The run of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run(&self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let found: Option<Columns> = self.database.one(ROWS, ["".into(), id.into(), 1.into()]).await?;
        Ok(found.map(row))
    }

    /// Applies on the target at `place` that have not ended, but for `but`; the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_applies(&self, place: &str, but: &str) -> Result<Vec<OpenRun>, StoreError> {
        let mut work = self.database.look().await?;
        let rows: Vec<(String, String, Option<String>)> = work
            .all(
                "SELECT id, sync, state FROM run WHERE place = $1 AND id <> $2 AND finished IS NULL \
                 AND command IN ('apply', 'undo') \
                 ORDER BY started, id",
                [place.into(), but.into()],
            )
            .await?;
        let open = |(id, sync, state): (String, String, Option<String>)| {
            let settled = state.as_deref() == Some("settled");
            OpenRun { id, sync, settled }
        };
        Ok(rows.into_iter().map(open).collect())
    }

    /// Forgets plans, reports and journals of ended runs that began before `before`, and why these runs did not do
    /// everything, which may name somebody. The runs themselves and the audit trail stay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        for statement in [
            "DELETE FROM run_document WHERE run IN (SELECT id FROM run WHERE started < $1 AND finished IS NOT NULL)",
            "DELETE FROM journal WHERE run IN (SELECT id FROM run WHERE started < $1 AND finished IS NOT NULL)",
            "UPDATE run SET error = NULL WHERE started < $1 AND finished IS NOT NULL AND error IS NOT NULL",
        ] {
            work.run(statement, [time(before).into()]).await?;
        }
        work.commit().await
    }

    /// Writes down that a run never came to its end, with what is known of its changes by now: all of it or nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn interrupted(&self, settlement: &Settlement<'_>) -> Result<(), StoreError> {
        let mut work = self.database.begin().await?;
        self.guard(&mut work, settlement.target).await?;
        let sql = "UPDATE run SET state = 'interrupted', finished = $2 WHERE id = $1 AND finished IS NULL";
        if work.run(sql, [settlement.run.into(), time(settlement.at).into()]).await? == 0 {
            // Somebody else has brought it to its end.
            return Ok(());
        }
        owners(&mut work, settlement).await?;
        journal(&mut work, settlement.run, settlement.at, &settlement.journal).await?;
        self.append(&mut work, &settlement.trail).await?;
        work.commit().await
    }
}

fn row(columns: Columns) -> RunRow {
    let (id, sync, command, target, place, requested_by, started, finished, state, exit_code, digest, summary, error) =
        columns;
    let status = RunStatus::of(state.as_deref(), exit_code);
    RunRow {
        id,
        sync,
        command,
        target,
        place,
        requested_by,
        started,
        finished,
        status,
        exit_code,
        plan_digest: digest,
        summary,
        error,
    }
}

/// When a run began or ended, as the database has it.
#[must_use]
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc))
}
