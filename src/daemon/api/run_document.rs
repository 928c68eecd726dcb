//! A run as it stands, as JSON: from the desk where it is under way here, else from the state.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::auth::{Caller, Right};
use crate::daemon::{LiveRun, Stage};
use crate::principal::hex;
use crate::store::{RunRow, RunStatus};

/// A run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunDocument {
    /// The id that was asked for.
    pub(super) id: String,
    pub(super) sync: String,
    /// `waiting`, `running`, `ended`, or `dropped`: not answered by this process.
    pub(super) stage: String,
    /// The id of the run that answers this one: another's where one run answers several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<String>,
    /// What it does at the moment, or why it waits to begin anew; not for a viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<String>,
    /// How far that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) done: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<u64>,
    /// The exit code of the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exit_code: Option<u8>,
    /// Not for a viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    /// Changes with everything above: give it as `seen` to wait for the next.
    pub(super) version: String,
    /// `running`, `interrupted`, `done`, `refused`, `partial`, `stale` or `failed`; once it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    /// `plan`, `apply`, `undo`, `adopt` or `release`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    /// Who or what asked; not for a viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) requested_by: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) started: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plan_digest: Option<String>,
    /// Counts of changes, as in a report, and in `outcomes` what became of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) summary: Option<Value>,
}

impl RunDocument {
    /// Of a run that is known here, with what the state says of it.
    pub(super) fn live(id: &str, live: &LiveRun, row: Option<RunRow>) -> Self {
        let LiveRun { sync, stage, step, done, total } = live;
        let mut document = row.map(Self::past).unwrap_or_default();
        id.clone_into(&mut document.id);
        sync.clone_into(&mut document.sync);
        match stage {
            Stage::Waiting => {
                document.stage = "waiting".into();
                document.step.clone_from(step);
            }
            Stage::Running { run } => {
                document.stage = "running".into();
                document.run = Some(run.clone());
                document.step.clone_from(step);
                (document.done, document.total) = (step.is_some().then_some(*done), *total);
            }
            Stage::Ended { run, exit, error } => {
                document.stage = "ended".into();
                document.run = Some(run.clone());
                document.exit_code = Some(*exit);
                document.error = error.clone().or(document.error);
            }
            Stage::Dropped => document.stage = "dropped".into(),
        }
        document.versioned()
    }

    /// Of a run that only the state knows.
    pub(super) fn past(row: RunRow) -> Self {
        let parsed = |text: String| serde_json::from_str::<Value>(&text).ok();
        let ended = row.finished.is_some() || row.status == RunStatus::Interrupted;
        let document = Self {
            run: Some(row.id.clone()),
            id: row.id,
            sync: row.sync,
            stage: if ended { "ended".into() } else { "running".into() },
            exit_code: row.exit_code.and_then(|code| code.try_into().ok()),
            error: row.error,
            status: Some(row.status.word().into()),
            command: Some(row.command),
            target: row.target,
            requested_by: parsed(row.requested_by),
            started: Some(row.started),
            finished: row.finished,
            plan_digest: row.plan_digest,
            summary: row.summary.and_then(parsed),
            ..Self::default()
        };
        document.versioned()
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.stage.as_str(), "ended" | "dropped")
    }

    /// What `caller` may see of it.
    #[must_use]
    pub(super) fn for_eyes_of(mut self, caller: &Caller) -> Self {
        if !caller.can(Right::Report) {
            (self.step, self.error, self.requested_by) = (None, None, None);
        }
        self
    }

    fn versioned(mut self) -> Self {
        let Self { stage, run, step, done, total, .. } = &self;
        let text = format!("{stage} {run:?} {step:?} {done:?} {total:?}");
        self.version = hex("", &Sha256::digest(text)[..8]);
        self
    }
}
