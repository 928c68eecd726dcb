use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::guard::{LimitState, Verdict};
use crate::mapping::rules::Answer;
use crate::mapping::{Finding, MergeRule};
use crate::plan::{Change, Held, Owner, Passed, Plan, Retained};
use crate::principal::{GroupNames, Principal, PrincipalId, PrincipalView};

/// One principal's way through one sync, step by step.
#[derive(Debug)]
pub struct Explanation {
    pub sync: String,
    pub asked: PrincipalId,
    pub basis: Basis,
    pub steps: Vec<Step>,
    /// What the steps' changes speak of.
    pub plan: Arc<Plan>,
    pub conclusion: Conclusion,
    /// Where nobody is called so: names that are about the same.
    pub nearest: Vec<String>,
}

/// What it was worked out from.
#[derive(Debug)]
pub enum Basis {
    /// Sources and target were read just now.
    Live,
    /// A plan that was saved: what was read and mapped is not in it.
    Saved { id: String, created: DateTime<Utc> },
}

/// What `apply` would do now.
#[derive(Debug)]
pub struct Conclusion {
    pub effect: Effect,
    pub sentence: String,
}

/// The same in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Change,
    /// Wanted, and nothing of it would be done.
    Held,
    /// The guard refuses the whole plan.
    Refused,
    Nothing,
    /// Neither the sources nor the target know it.
    Unknown,
}

impl Effect {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }
}

/// A step of the way. What does not apply is left out.
#[derive(Debug)]
pub enum Step {
    Read(ReadStep),
    Merge(MergeStep),
    Rules(Box<RulesStep>),
    Desired(DesiredStep),
    /// Something a person should know of it.
    Lint(Finding),
    Match(MatchStep),
    Decide(DecideStep),
    Guard(GuardStep),
}

impl Step {
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::Merge(_) => "merge",
            Self::Rules(_) => "rules",
            Self::Desired(_) => "desired",
            Self::Lint(_) => "lint",
            Self::Match(_) => "match",
            Self::Decide(_) => "decide",
            Self::Guard(_) => "guard",
        }
    }
}

/// What one source has of it.
#[derive(Debug)]
pub struct ReadStep {
    pub source: String,
    /// Proofs that the reading lacks.
    pub missing: Vec<String>,
    pub found: Found,
}

/// A record, or why there is none.
#[derive(Debug)]
pub enum Found {
    Record(Shown),
    /// It is not used.
    Aside(Finding),
    Nowhere {
        /// Names that are about the same.
        nearest: Vec<String>,
    },
}

/// A principal as it can be shown: never a password.
#[derive(Debug, Clone)]
pub struct Shown {
    pub name: String,
    pub origin: Option<String>,
    /// As in the JSON source format.
    pub values: Value,
    /// There is one.
    pub password: bool,
}

impl Shown {
    #[must_use]
    pub fn new(principal: &Principal, names: &GroupNames, origin: Option<String>) -> Self {
        Self {
            name: principal.name.to_string(),
            origin,
            values: serde_json::to_value(PrincipalView::new(principal, names)).unwrap_or_default(),
            password: principal.password.is_some(),
        }
    }
}

/// How several sources became one record.
#[derive(Debug)]
pub struct MergeStep {
    pub rule: MergeRule,
    /// Sources that have it, each with where, in the order of precedence.
    pub claims: Vec<(String, String)>,
    /// What came of it; none where no record is used.
    pub whole: Option<Shown>,
    /// What was said of it: who goes before whom, what loses.
    pub findings: Vec<Finding>,
}

/// What the rules of the sync say of a record.
#[derive(Debug)]
pub struct RulesStep {
    /// In the source.
    pub name: String,
    pub answer: Answer,
    pub fate: Fate,
}

/// What became of a record under the rules.
#[derive(Debug)]
pub enum Fate {
    Inside { name: String },
    Outside,
    Aside(Finding),
}

/// What the target is to hold.
#[derive(Debug)]
pub struct DesiredStep {
    pub principal: Shown,
    /// Values that the target cannot hold so: each as the rules gave it, and as it can be.
    pub bent: Vec<(String, Value, Value)>,
}

/// Who it is in the target.
#[derive(Debug)]
pub struct MatchStep {
    pub case: MatchCase,
    /// As it is called after the rules; none for a principal that only the target has.
    pub desired: Option<String>,
    /// As the target has it now.
    pub current: Option<Shown>,
    pub owner: Owner,
    pub other_owner: Option<String>,
    /// The immutable id under which it was last matched.
    pub recorded_id: Option<String>,
}

/// How it was found, or why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchCase {
    New,
    ByName,
    ById,
    /// The recorded id tells, and the name is another.
    Renamed,
    ReusedName,
    Ambiguous,
    /// Only the target has it.
    Gone,
}

impl MatchCase {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::ByName => "name",
            Self::ById => "id",
            Self::Renamed => "renamed",
            Self::ReusedName => "reused-name",
            Self::Ambiguous => "ambiguous-match",
            Self::Gone => "gone",
        }
    }
}

/// What the difference wants, before the guard.
#[derive(Debug)]
pub enum DecideStep {
    Change {
        change: Box<Change>,
        /// It comes into this sync's care by an apply.
        adopts: bool,
        /// Groups that it is to be in and that nothing stands for, each with the reason.
        left_out: Vec<String>,
    },
    Held {
        item: Held,
        /// Proofs that are missing, where that is why.
        missing: Vec<String>,
    },
    Retained(Retained),
    Passed {
        name: String,
        why: Passed,
        adopts: bool,
        left_out: Vec<String>,
    },
}

/// What the guard makes of it.
#[derive(Debug)]
pub struct GuardStep {
    pub verdict: Verdict,
    /// Limits in which it counts, and those that stop or hold anything.
    pub limits: Vec<LimitState>,
    /// What the guard holds of it.
    pub held: Vec<Held>,
    /// A person must apply: the first apply, or the first after a change of the rules.
    pub needs_person: bool,
}
