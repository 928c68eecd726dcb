use chrono::{DateTime, SecondsFormat, Utc};

use super::value::values;
use super::{Store, StoreError};
use crate::audit::Entry;

/// A run that begins.
#[derive(Debug, Clone)]
pub struct RunRecord<'a> {
    pub id: &'a str,
    pub sync: &'a str,
    /// `plan` or `apply`.
    pub command: &'a str,
    /// Its name in the configuration.
    pub target: &'a str,
    /// Where that is.
    pub place: &'a str,
    /// JSON.
    pub requested_by: String,
    pub config_digest: &'a str,
    pub started: DateTime<Utc>,
    /// JSON: the limits a person lifted, with the reasons: written before anything is done with them.
    pub overrides: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, Default)]
pub struct RunResult {
    pub plan_digest: Option<String>,
    pub verdict: Option<String>,
    pub exit_code: u8,
    /// JSON.
    pub summary: Option<String>,
    pub error: Option<String>,
    /// It was told to stop, and left something undone.
    pub stopped: bool,
}

pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Store {
    /// Writes down that a run begins, before anything is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(&self, run: &RunRecord<'_>, trail: &[Entry<'_>]) -> Result<(), StoreError> {
        let RunRecord { id, sync, command, target, place, requested_by, config_digest, started, overrides } = run;
        let sql = "INSERT INTO run (id, sync, command, requested_by, config_digest, started, overrides, target, place) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let started = time(*started);
        let values = values![*id, *sync, *command, requested_by, *config_digest, started, overrides, *target, *place];
        let mut work = self.database.begin().await?;
        work.run(sql, values).await?;
        self.append(&mut work, trail).await?;
        work.commit().await
    }

    /// Writes down how a run ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(
        &self,
        id: &str,
        at: DateTime<Utc>,
        result: &RunResult,
        trail: &[Entry<'_>],
    ) -> Result<(), StoreError> {
        let RunResult { plan_digest, verdict, exit_code, summary, error, stopped } = result;
        let sql = "UPDATE run SET finished = $2, plan_digest = $3, verdict = $4, exit_code = $5, summary = $6, \
                   error = $7, state = CASE WHEN $8 = 1 THEN 'stopped' ELSE state END \
                   WHERE id = $1 AND finished IS NULL";
        let code = i64::from(*exit_code);
        let mut work = self.database.begin().await?;
        let values = values![id, time(at), plan_digest, verdict, code, summary, error, *stopped];
        let ended = work.run(sql, values).await?;
        if ended > 0 {
            self.append(&mut work, trail).await?;
        }
        work.commit().await
    }
}
