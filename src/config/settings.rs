use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::problem::Problem;
use super::schedule::Schedule;
use super::server::Server;
use super::webhook::Webhook;
use crate::apply::PasswordRule;
use crate::connector::{BuildContext, BuildError, PushedList, Secret, Source, Target};
use crate::guard::{Expect, Limits};
use crate::mapping::{MergeRule, Rules, Trial};
use crate::notify::Subscription;
use crate::plan::Policy;
use crate::principal::Pattern;
use crate::sources::SourceFile;
use crate::targets::TargetFile;

/// A configuration that was checked as a whole.
#[derive(Debug)]
pub struct Settings {
    /// The configuration file.
    pub path: PathBuf,
    /// Its folder: relative paths are beside it.
    pub folder: PathBuf,
    /// Shown on every report, such as `prod`.
    pub environment: Option<String>,
    pub state: StatePlace,
    pub audit: AuditSettings,
    /// How long plans, reports and journals of runs are kept.
    pub retention: Duration,
    pub server: Server,
    pub sources: BTreeMap<String, SourceSettings>,
    pub targets: BTreeMap<String, TargetSettings>,
    pub syncs: BTreeMap<String, SyncSettings>,
    /// Who is told of what.
    pub notify: Vec<Subscription>,
    /// What a person should know, though it stops nothing.
    pub warnings: Vec<Problem>,
    /// `sha256:` of everything but secrets.
    pub digest: String,
}

/// How the audit trail is signed, and what stands in it.
#[derive(Debug, Clone, Default)]
pub struct AuditSettings {
    /// Of the form PRIVATE+KEY+NAME+ID+SEED.
    pub key: Option<Secret>,
    /// Personal values are written as digests under this key.
    pub personal_key: Option<Secret>,
}

/// Where runs, matches and the audit trail are kept.
#[derive(Debug, Clone)]
pub enum StatePlace {
    Sqlite(PathBuf),
    /// The address of a database, which holds a password.
    Postgres(Secret),
}

impl StatePlace {
    /// Whether it is another place than `other`.
    #[must_use]
    pub fn is_elsewhere(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sqlite(one), Self::Sqlite(other)) => one != other,
            (Self::Postgres(one), Self::Postgres(other)) => !one.is_like(other),
            _ => true,
        }
    }
}

/// A source, ready to be built.
#[derive(Debug)]
pub struct SourceSettings {
    pub name: String,
    /// The word of the configuration: `csv`, `json`.
    pub kind: &'static str,
    pub file: SourceFile,
    pub context: BuildContext,
    pub expect: Expect,
    /// Attributes that its records can have; none where it takes any.
    pub attributes: Option<Vec<String>>,
}

/// A target, ready to be built.
#[derive(Debug)]
pub struct TargetSettings {
    pub name: String,
    /// The word of the configuration: `thoughtspot`, `file`.
    pub kind: &'static str,
    pub file: TargetFile,
    pub context: BuildContext,
    /// Where it is, always spelled the same: two targets of one place are one system.
    pub place: String,
    /// Never changed or removed, besides the target's own system principals.
    pub protect: Vec<Pattern>,
    /// The sync that the calls of `ThoughtSpot`'s API in front of this target run.
    pub gateway: Option<String>,
}

/// A sync and its rules.
#[derive(Debug)]
pub struct SyncSettings {
    pub name: String,
    /// The sources, by name, in the order in which they go before each other; at least one, none twice.
    pub sources: Vec<String>,
    /// What becomes of a principal that several of them have.
    pub merge: MergeRule,
    /// The target, by name.
    pub target: String,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// How others may ask for a run.
    pub webhook: Option<Webhook>,
    /// True: an unattended run applies.
    pub apply_changes: bool,
    pub policy: Policy,
    pub limits: Limits,
    /// Who goes where.
    pub rules: Rules,
    /// Tests of the rules.
    pub trials: Vec<Trial>,
    pub password: PasswordRule,
    /// `sha256:` of the sources in their order, their maps, the merge, the rules, the ownership and the leavers: a change of these holds removals and
    /// privileged gains until a person applies.
    pub rules_digest: String,
}

impl SourceSettings {
    /// Builds the source.
    ///
    /// # Errors
    /// Every value that it cannot work with. They were checked when the configuration was read.
    pub fn build(&self) -> Result<Box<dyn Source>, Vec<BuildError>> {
        self.build_with(None)
    }

    /// Builds the source; one that is pushed reads `pushed`.
    ///
    /// # Errors
    /// As [`SourceSettings::build`].
    pub fn build_with(&self, pushed: Option<PushedList>) -> Result<Box<dyn Source>, Vec<BuildError>> {
        let context = BuildContext { pushed, ..self.context.clone() };
        self.file.build(&context).unwrap_or_else(|| Err(vec![BuildError::new("", "it has no kind")]))
    }

    /// Whether its principals are those that were last pushed.
    #[must_use]
    pub fn is_pushed(&self) -> bool {
        self.file.push.is_some()
    }
}

impl TargetSettings {
    /// Builds the target.
    ///
    /// # Errors
    /// Every value that it cannot work with. They were checked when the configuration was read.
    pub fn build(&self) -> Result<Box<dyn Target>, Vec<BuildError>> {
        self.file.build(&self.context).unwrap_or_else(|| Err(vec![BuildError::new("", "it has no kind")]))
    }
}
