//! The report of a past run, read again: what it did, and what became of each change.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::document::REPORT;
use super::load::{LoadError, SavedPlan};
use super::report::{Phase, Report, TrailFacts, Verification};
use crate::apply::Remark;
use crate::connector::{ConnectorError, FailureClass, Outcome};
use crate::plan::Change;
use crate::principal::{GroupNames, Kind};

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
    error: Option<String>,
    hint: Option<String>,
}

/// What a report tells besides its plan.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldFile {
    schema: String,
    changes: Vec<OutcomeFile>,
    applied: Option<TookFile>,
    verification: Option<VerificationFile>,
    audit_trail: Option<TrailFacts>,
}

#[derive(Debug, Deserialize)]
struct TookFile {
    started: DateTime<Utc>,
    finished: DateTime<Utc>,
    calls: u64,
    remarks: Vec<RemarkFile>,
}

#[derive(Debug, Deserialize)]
struct RemarkFile {
    kind: Kind,
    name: String,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerificationFile {
    finished: DateTime<Utc>,
    remaining: usize,
    target_digest: String,
    error: Option<String>,
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

/// Reads a report again, to be told as it was told then.
///
/// # Errors
/// When it is none, or was changed after it was written.
pub fn reload_report(text: &str) -> Result<Report, LoadError> {
    let shape = |error: serde_json::Error| LoadError::Report(error.to_string());
    let ToldFile { schema, changes, applied, verification, audit_trail } = serde_json::from_str(text).map_err(shape)?;
    if schema != REPORT {
        return Err(LoadError::Report(format!("its schema is `{schema}`: this build reads {REPORT}")));
    }
    let plan: SavedPlan = serde_json::from_str(text).map_err(shape)?;
    let mut report = plan.into_report(GroupNames::new())?;
    report.trail = audit_trail;
    if let Some(TookFile { started, finished, calls, remarks }) = applied {
        let place = |remark: &RemarkFile| {
            let is_of = |change: &Change| change.kind() == remark.kind && change.name() == remark.name;
            report.plan.changes.iter().position(is_of)
        };
        let remarks =
            remarks.iter().filter_map(|remark| Some(Remark { at: place(remark)?, text: remark.text.clone() }));
        report.phase = Phase::Applied {
            started,
            finished,
            remarks: remarks.collect(),
            outcomes: changes.into_iter().map(OutcomeFile::read).collect(),
            calls,
            verification: verification.map(|file| Box::new(file.read())),
        };
    }
    Ok(report)
}

impl OutcomeFile {
    fn read(self) -> Outcome {
        let Self { outcome, error, hint } = self;
        let why = error.unwrap_or_default();
        match outcome {
            Some(OutcomeWord::Done) => Outcome::Done,
            Some(OutcomeWord::Failed) => Outcome::Failed(failure(&why, hint)),
            Some(OutcomeWord::SetAside) => Outcome::SetAside(why),
            Some(OutcomeWord::NotTried) | None => Outcome::NotTried(why),
        }
    }
}

impl VerificationFile {
    fn read(self) -> Verification {
        let Self { finished, remaining, target_digest, error } = self;
        let error = error.map(|why| failure(&why, None));
        Verification { finished, remaining, digest: target_digest, error }
    }
}

/// An error as it was told: what was being done, and why it failed. Its class was not.
fn failure(told: &str, hint: Option<String>) -> ConnectorError {
    let (doing, why) = told.split_once(": ").unwrap_or((told, ""));
    let error = ConnectorError::new(FailureClass::Unexpected, doing, why);
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

impl PastRun {
    /// A run that was interrupted: the plan that it was carrying out, and of each change whether it was done by then.
    #[must_use]
    pub fn interrupted(plan: SavedPlan, done: Vec<bool>, finished: DateTime<Utc>) -> Self {
        Self { plan, applied: AppliedFile { finished }, done }
    }

    /// Leaves out what `did` says that the run has not done itself.
    pub fn only(&mut self, did: impl Fn(usize) -> bool) {
        for (n, done) in self.done.iter_mut().enumerate() {
            *done &= did(n);
        }
    }

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
