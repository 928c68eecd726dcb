use chrono::{DateTime, Utc};
use compact_str::CompactString;
use serde::Deserialize;

use super::document::PLAN;
use super::load_change::ChangeFile;
use super::report::{Facts, Phase, Report, RequestedBy, SourceFacts, TargetFacts, Tool};
use super::seal::seal_of;
use crate::connector::Rejected;
use crate::guard::{LimitState, Override, Verdict};
use crate::mapping::Finding;
use crate::plan::{
    Action, Adoption, Base, Bases, Change, Coverage, Forecast, Held, HoldCode, Plan, Retained, Summary, Wanted,
};
use crate::principal::{GroupNames, Kind};

/// Why a saved plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("it is not a saved plan: {0}")]
    Shape(String),
    #[error("it is not a report of an apply: {0}")]
    Report(String),
    #[error("its schema is `{0}`: this build reads rollcall.plan/v1")]
    Schema(String),
    #[error("its digest does not fit its content: it was changed after it was written")]
    Digest,
}

/// A saved plan as it stands in its file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedPlan {
    schema: String,
    pub(super) id: String,
    digest: String,
    /// The sync it was made for.
    pub sync: String,
    created: DateTime<Utc>,
    tool: Tool,
    environment: Option<String>,
    /// Of the configuration it was made under.
    pub config_digest: String,
    requested_by: RequestedBy,
    pub overrides: Vec<Override>,
    undoes: Option<String>,
    only: Vec<String>,
    apply_changes: bool,
    remove_deleted: bool,
    needs_person: bool,
    sources: Vec<SourceFile>,
    target: TargetFile,
    summary: Summary,
    changes: Vec<ChangeFile>,
    retained: Vec<RetainedFile>,
    held: Vec<HeldFile>,
    rejected: Vec<RejectedFile>,
    lint: Vec<Finding>,
    adopted: Vec<AdoptedFile>,
    notes: Vec<String>,
    guard: GuardFile,
    forecast: ForecastFile,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceFile {
    name: String,
    kind: String,
    users: usize,
    groups: usize,
    proofs: Vec<String>,
    missing: Vec<String>,
    digest: String,
    read_started: DateTime<Utc>,
    read_finished: DateTime<Utc>,
    data_age: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct TargetFile {
    name: String,
    kind: String,
    users: usize,
    groups: usize,
    proofs: Vec<String>,
    digest: String,
}

#[derive(Debug, Deserialize)]
struct RetainedFile {
    kind: Kind,
    name: CompactString,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeldFile {
    kind: Kind,
    name: CompactString,
    wanted: String,
    group: Option<CompactString>,
    reason_code: HoldCode,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct RejectedFile {
    kind: Kind,
    name: CompactString,
    origin: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AdoptedFile {
    kind: Kind,
    name: CompactString,
    source_id: Option<CompactString>,
    first: bool,
}

#[derive(Debug, Deserialize)]
struct GuardFile {
    verdict: Verdict,
    limits: Vec<LimitState>,
}

#[derive(Debug, Deserialize)]
struct ForecastFile {
    calls: u64,
    seconds: u64,
}

/// Reads a saved plan.
///
/// # Errors
/// When it is none, is of another schema, or was changed after it was written.
pub fn load_plan(text: &str) -> Result<SavedPlan, LoadError> {
    let shape = |error: serde_json::Error| LoadError::Shape(error.to_string());
    let plan: SavedPlan = serde_json::from_str(text).map_err(shape)?;
    if plan.schema != PLAN {
        return Err(LoadError::Schema(plan.schema));
    }
    if seal_of(text).map_err(shape)? == plan.digest { Ok(plan) } else { Err(LoadError::Digest) }
}

impl SavedPlan {
    /// How many changes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What it was to change, in the group names of the target as it is now.
    ///
    /// # Errors
    /// When its changes do not fit together.
    pub fn into_changes(self, mut names: GroupNames) -> Result<(Vec<Change>, GroupNames), LoadError> {
        let whole = self.coverage().whole();
        let changes =
            self.changes.into_iter().map(|change| change.read(&mut names, whole)).collect::<Result<_, _>>()?;
        Ok((changes, names))
    }

    fn coverage(&self) -> Coverage {
        let missing = self.sources.iter().flat_map(|source| source.missing.iter().cloned());
        Coverage { missing: missing.collect(), ..Coverage::default() }
    }

    /// The plan in the group names of the target as it is now, its digest checked.
    ///
    /// # Errors
    /// When it was changed after it was written.
    pub fn into_report(self, mut names: GroupNames) -> Result<Report, LoadError> {
        let digest = self.digest.clone();
        let whole = self.coverage().whole();
        let mut plan = Plan {
            bases: Bases {
                users: Base { target: self.target.users, removable: 0, unchanged: self.summary.users.unchanged },
                groups: Base { target: self.target.groups, removable: 0, unchanged: self.summary.groups.unchanged },
            },
            notes: self.notes,
            ..Plan::default()
        };
        for change in self.changes {
            plan.changes.push(change.read(&mut names, whole)?);
        }
        plan.retained = self
            .retained
            .into_iter()
            .map(|RetainedFile { kind, name, reason }| Retained { kind, name, reason })
            .collect();
        plan.held = self.held.into_iter().map(HeldFile::read).collect::<Result<_, _>>()?;
        plan.adopted = self.adopted.into_iter().map(AdoptedFile::read).collect();
        plan.names = names;
        let created = self.created;
        let facts = Facts {
            id: self.id,
            sync: self.sync,
            created,
            tool: self.tool,
            environment: self.environment,
            config_digest: self.config_digest,
            requested_by: self.requested_by,
            overrides: self.overrides,
            undoes: self.undoes,
            only: self.only,
            apply_changes: self.apply_changes,
            remove_deleted: self.remove_deleted,
            needs_person: self.needs_person,
            sources: self.sources.into_iter().map(|source| source.read(created)).collect(),
            target: self.target.read(),
        };
        let report = Report {
            facts,
            plan: plan.into(),
            rejected: self.rejected.into_iter().map(RejectedFile::read).collect(),
            lint: self.lint,
            limits: self.guard.limits,
            verdict: self.guard.verdict,
            forecast: Forecast { calls: self.forecast.calls, seconds: self.forecast.seconds },
            phase: Phase::Planned,
            digest: String::new(),
            trail: None,
        }
        .seal();
        if report.digest == digest { Ok(report) } else { Err(LoadError::Digest) }
    }
}

impl HeldFile {
    fn read(self) -> Result<Held, LoadError> {
        let group = self.group.unwrap_or_default();
        let action = || Action::ALL.into_iter().find(|action| action.word() == self.wanted);
        let wanted = match self.wanted.as_str() {
            "join" => Wanted::Join(group),
            "leave" => Wanted::Leave(group),
            other => Wanted::Action(action().ok_or_else(|| LoadError::Shape(format!("unknown action `{other}`")))?),
        };
        Ok(Held { kind: self.kind, name: self.name, wanted, code: self.reason_code, reason: self.reason })
    }
}

impl AdoptedFile {
    fn read(self) -> Adoption {
        let Self { kind, name, source_id, first } = self;
        Adoption { kind, name, source_id, first }
    }
}

impl RejectedFile {
    fn read(self) -> Rejected {
        let Self { kind, name, origin, reason } = self;
        Rejected { kind, name, origin, reason }
    }
}

impl SourceFile {
    fn read(self, created: DateTime<Utc>) -> SourceFacts {
        SourceFacts {
            name: self.name,
            kind: self.kind,
            users: self.users,
            groups: self.groups,
            coverage: Coverage { proofs: self.proofs, missing: self.missing },
            read_started: self.read_started,
            read_finished: self.read_finished,
            data_time: self.data_age.map(|age| {
                created.checked_sub_signed(chrono::TimeDelta::try_seconds(age).unwrap_or_default()).unwrap_or(created)
            }),
            digest: self.digest,
        }
    }
}

impl TargetFile {
    fn read(self) -> TargetFacts {
        let Self { name, kind, users, groups, proofs, digest } = self;
        TargetFacts { name, kind, users, groups, coverage: Coverage { proofs, missing: Vec::new() }, digest }
    }
}
