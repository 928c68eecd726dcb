//! The report of a past run, read again: what it did, and what became of each change.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::document::REPORT;
use super::load::{LoadError, SavedPlan};
use super::report::Report;
use crate::principal::GroupNames;

/// A report as it stands in its file.
#[derive(Debug)]
pub struct PastRun {
    plan: SavedPlan,
    applied: AppliedFile,
    /// One for each change: it was done.
    done: Vec<bool>,
}

#[derive(Debug, Deserialize)]
struct ReportFile {
    schema: String,
    changes: Vec<OutcomeFile>,
    applied: Option<AppliedFile>,
}

#[derive(Debug, Deserialize)]
struct AppliedFile {
    finished: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
struct OutcomeFile {
    outcome: Option<OutcomeWord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OutcomeWord {
    Done,
    Failed,
    SetAside,
    NotTried,
}

/// Reads the report of an apply, `rollcall.report/v1`.
///
/// # Errors
/// When it is none.
pub fn load_report(text: &str) -> Result<PastRun, LoadError> {
    let shape = |error: serde_json::Error| LoadError::Report(error.to_string());
    let ReportFile { schema, changes, applied } = serde_json::from_str(text).map_err(shape)?;
    if schema != REPORT {
        return Err(LoadError::Report(format!("its schema is `{schema}`: this build reads {REPORT}")));
    }
    let applied = applied.ok_or_else(|| LoadError::Report("it tells of no apply".into()))?;
    let done = changes.iter().map(|change| match change.outcome {
        Some(outcome) => Ok(outcome == OutcomeWord::Done),
        None => Err(LoadError::Report("a change has no outcome".into())),
    });
    let done = done.collect::<Result<_, _>>()?;
    Ok(PastRun { plan: serde_json::from_str(text).map_err(shape)?, applied, done })
}

impl PastRun {
    /// The id of the run.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.plan.id
    }

    /// The sync that it was of.
    #[must_use]
    pub fn sync(&self) -> &str {
        &self.plan.sync
    }

    /// When it had ended.
    #[must_use]
    pub fn finished(&self) -> DateTime<Utc> {
        self.applied.finished
    }

    /// Its plan, in group names of its own, its digest checked; and of each change whether it was done.
    ///
    /// # Errors
    /// When it was changed after it was written.
    pub fn into_report(self) -> Result<(Report, Vec<bool>), LoadError> {
        let report = self.plan.into_report(GroupNames::new()).map_err(|error| match error {
            LoadError::Shape(why) => LoadError::Report(why),
            other => other,
        })?;
        Ok((report, self.done))
    }
}
