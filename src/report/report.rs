use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::apply::Remark;
use crate::connector::{ConnectorError, Outcome, Rejected};
use crate::guard::{LimitState, Override, Verdict};
use crate::mapping::Finding;
use crate::plan::{Coverage, Forecast, HoldCode, Plan, Summary, summary};

/// Who or what asked for a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RequestedBy {
    pub via: Via,
    pub who: String,
    pub host: String,
}

/// The way a run was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    Cli,
    Schedule,
    Webhook,
    Api,
}

/// Which build of rollcall made a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tool {
    pub version: String,
    pub commit: String,
}

impl Tool {
    /// This build.
    #[must_use]
    pub fn this() -> Self {
        Self { version: env!("CARGO_PKG_VERSION").into(), commit: env!("ROLLCALL_COMMIT").into() }
    }
}

/// A source, as it was read.
#[derive(Debug, Clone)]
pub struct SourceFacts {
    pub name: String,
    pub kind: String,
    pub users: usize,
    pub groups: usize,
    pub coverage: Coverage,
    pub read_started: DateTime<Utc>,
    pub read_finished: DateTime<Utc>,
    /// When the data was last changed, where the source knows.
    pub data_time: Option<DateTime<Utc>>,
    pub digest: String,
}

/// The target, as it was read.
#[derive(Debug, Clone)]
pub struct TargetFacts {
    pub name: String,
    pub kind: String,
    pub users: usize,
    pub groups: usize,
    pub coverage: Coverage,
    pub digest: String,
}

/// Everything about a run but what is to change.
#[derive(Debug, Clone)]
pub struct Facts {
    pub id: String,
    pub sync: String,
    pub created: DateTime<Utc>,
    pub tool: Tool,
    pub environment: Option<String>,
    pub config_digest: String,
    pub requested_by: RequestedBy,
    pub overrides: Vec<Override>,
    /// The run that this one takes back.
    pub undoes: Option<String>,
    /// Only these principals were looked at, `user:NAME`; empty: all.
    pub only: Vec<String>,
    pub apply_changes: bool,
    pub remove_deleted: bool,
    /// The next apply must be by hand: it is the first, or the first after a change of the configuration.
    pub needs_person: bool,
    pub sources: Vec<SourceFacts>,
    pub target: TargetFacts,
}

/// The target read again after an apply.
#[derive(Debug, Clone)]
pub struct Verification {
    pub finished: DateTime<Utc>,
    /// Changes that a second plan would still make, beyond those that failed, were set aside or not tried.
    pub remaining: usize,
    pub digest: String,
    /// Why the target could not be read again.
    pub error: Option<ConnectorError>,
}

/// How far a run went.
#[derive(Debug, Clone)]
pub enum Phase {
    Planned,
    Applied {
        started: DateTime<Utc>,
        finished: DateTime<Utc>,
        outcomes: Vec<Outcome>,
        /// What a person should know of changes that were carried out.
        remarks: Vec<Remark>,
        /// Requests that the target was sent; the forecast is of the same.
        calls: u64,
        verification: Option<Box<Verification>>,
    },
}

/// A run, told.
#[derive(Debug, Clone)]
pub struct Report {
    pub facts: Facts,
    pub plan: Arc<Plan>,
    pub rejected: Vec<Rejected>,
    /// Everything a person should know of the records; what was set aside is part of it.
    pub lint: Vec<Finding>,
    pub limits: Vec<LimitState>,
    pub verdict: Verdict,
    pub forecast: Forecast,
    pub phase: Phase,
    /// Of the plan; empty until [`Report::seal`].
    pub digest: String,
    /// How the audit trail stood once the run was in it.
    pub trail: Option<TrailFacts>,
}

/// The audit trail after a run. Whoever keeps a report keeps a witness: nothing that stood then can be taken back unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TrailFacts {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The base64 of their root.
    pub root: String,
    /// The signed checkpoint; none where there is no key.
    pub checkpoint: Option<String>,
}

impl Report {
    #[must_use]
    pub fn summary(&self) -> Summary {
        summary(&self.plan, self.rejected.iter().map(|record| record.kind))
    }

    /// The outcomes of an apply; empty for a plan.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        match &self.phase {
            Phase::Planned => &[],
            Phase::Applied { outcomes, .. } => outcomes,
        }
    }

    /// Remarks on changes that were carried out; empty for a plan.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        match &self.phase {
            Phase::Planned => &[],
            Phase::Applied { remarks, .. } => remarks,
        }
    }

    /// Whether it tells of an apply.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self.phase, Phase::Applied { .. })
    }

    /// Whether an apply left something undone that it should have done: exit 4.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        let open = self.outcomes().iter().any(|outcome| !matches!(outcome, Outcome::Done));
        open || self.plan.held.iter().any(|held| held.code.makes_partial()) || self.differs_after()
    }

    /// Whether removals were withheld because a reading was not proven. Those that wait for a record that was set aside
    /// are held like others: what the reading gave is all there is.
    #[must_use]
    pub fn is_unproven(&self) -> bool {
        !self.is_of_whole_readings() && self.plan.held.iter().any(|held| held.code == HoldCode::UnprovenSource)
    }

    /// Whether every source was read whole.
    #[must_use]
    pub fn is_of_whole_readings(&self) -> bool {
        self.facts.sources.iter().all(|source| source.coverage.is_whole())
    }

    /// Whether every change had its precondition moved, so that nothing was written: exit 5.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let outcomes = self.outcomes();
        !outcomes.is_empty() && outcomes.iter().all(|outcome| matches!(outcome, Outcome::SetAside(_)))
    }

    /// The one failure that kept everything from being done, where there is one.
    #[must_use]
    pub fn failure(&self) -> Option<&ConnectorError> {
        let failures = self.outcomes().iter().map(|outcome| match outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        });
        let failures: Option<Vec<&ConnectorError>> = failures.collect();
        let failures = failures?;
        let first = *failures.first()?;
        failures.iter().all(|error| error.to_string() == first.to_string()).then_some(first)
    }

    fn differs_after(&self) -> bool {
        match &self.phase {
            Phase::Applied { verification: Some(found), .. } => found.remaining > 0 || found.error.is_some(),
            Phase::Applied { .. } | Phase::Planned => false,
        }
    }
}
