use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::names::Names;
use super::rules::{GroupRules, TrialFile, UserRules};
use super::schedule::ScheduleFile;
use super::server::ServerFile;
use super::state::StateFile;
use super::webhook::WebhookFile;
use crate::connector::{DurationText, SecretFile};
use crate::guard::Limits;
use crate::mapping::MergeRule;
use crate::notify::SinkFile;
use crate::plan::{AllowedAction, Drift, First, MatchBy, Memberships, Ownership};
use crate::sources::SourceFile;
use crate::targets::TargetFile;

/// A configuration as it is written. Everything may be left out here, so that what is missing is said at its place, with
/// a hint, and not by serde.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConfigFile {
    /// Shown on every report, such as `prod`.
    pub environment: Option<String>,
    /// Where runs, matches and the audit trail are kept: `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/DATABASE`, or
    /// where that address is kept. A relative path is in `$STATE_DIRECTORY`, else beside this file. Default:
    /// `sqlite:rollcall.db`.
    pub state: Option<StateFile>,
    /// How the audit trail is signed.
    pub audit: Option<AuditFile>,
    /// How long plans, reports and journals of runs are kept. Runs themselves and the audit trail stay. Default: `400d`.
    pub retention: Option<DurationText>,
    /// Where the daemon listens, and who may ask it for what.
    pub server: Option<ServerFile>,
    /// Further files with `sources`, `targets` and `syncs`, relative to this one; `*` in a file name stands for any text.
    pub include: Option<Vec<String>>,
    /// What entries share. The entry's own key wins; maps are merged key by key.
    pub defaults: Option<DefaultsFile>,
    /// Where the truth is read, by name.
    pub sources: Option<BTreeMap<String, SourceFile>>,
    /// Systems whose principals are to match, by name.
    pub targets: Option<BTreeMap<String, TargetFile>>,
    /// Pairings of a source with a target, by name.
    pub syncs: Option<BTreeMap<String, SyncFile>>,
    /// Who is told when a sync goes wrong, waits for a person, or goes well again.
    pub notify: Option<Vec<SinkFile>>,
}

/// How the audit trail is signed, and what stands in it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AuditFile {
    /// The key that signs it, `PRIVATE+KEY+NAME+ID+SEED`. Default with SQLite: one that is made beside the state; with
    /// PostgreSQL: none, and the trail is not signed.
    pub signing_key: Option<SecretFile>,
    /// Personal values are written as digests under this key. Default: as they are.
    pub personal_key: Option<SecretFile>,
}

/// What entries share.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DefaultsFile {
    /// For every sync.
    pub sync: Option<SyncFile>,
    /// For every target; keys of a kind count for targets of that kind.
    pub target: Option<TargetFile>,
}

/// A sync as it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SyncFile {
    /// The source, by name; or several, the first goes before the others.
    pub from: Option<Names>,
    /// Of several sources: `first` (default): the first that has a principal gives the whole record; `union`: the first
    /// that manages a value gives it, groups are united.
    pub merge: Option<MergeRule>,
    /// The target, by name.
    pub to: Option<String>,
    /// When it runs by itself, where the daemon runs.
    pub schedule: Option<ScheduleFile>,
    /// Who may call `POST /hooks/SYNC` of the daemon, and so ask for a run.
    pub webhook: Option<WebhookFile>,
    /// False (default): report. True: apply.
    pub apply_changes: Option<bool>,
    /// False (default): leavers are listed as retained. True: the leaver policy is carried out.
    pub remove_deleted: Option<bool>,
    /// Whom this sync may remove: `all` (default), or `managed`: only what it created or has once matched.
    pub ownership: Option<Ownership>,
    /// `exact` (default): a principal's groups are made equal to the source's; `managed`: only groups of the source count.
    pub memberships: Option<Memberships>,
    /// How a principal is found in the target, in this order. Default: `[id, name]`.
    #[serde(rename = "match")]
    pub match_by: Option<Vec<MatchBy>>,
    /// Which users take part, and as what.
    pub users: Option<UserRules>,
    /// Which groups take part, and as what.
    pub groups: Option<GroupRules>,
    /// Tests of these rules: `check` runs them.
    pub tests: Option<Vec<TrialFile>>,
    /// What may be done at all. Default: everything.
    pub allow: Option<AllowFile>,
    /// How leavers leave, when `removeDeleted` is true.
    pub leavers: Option<LeaversFile>,
    /// The limits a plan must pass.
    pub guard: Option<Limits>,
    /// Of new users: `generate` (default), or a secret.
    pub password: Option<SecretFile>,
    /// Whether the target sends invitations to new users. Only `false` is built.
    pub invite: Option<bool>,
    /// What becomes of values and memberships that were changed in the target since: `repair` (default) sets them back,
    /// `keep` leaves them, `report` holds them.
    pub drift: Option<Drift>,
}

/// What may be done with each kind.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AllowFile {
    pub users: Option<Vec<AllowedAction>>,
    pub groups: Option<Vec<AllowedAction>>,
}

/// How leavers leave.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LeaversFile {
    /// So many whole reads in a row must miss them first; an `apply` by hand is enough by itself. Default: 1.
    pub absences: Option<u32>,
    pub users: Option<UserLeavers>,
    pub groups: Option<GroupLeavers>,
}

/// How users leave.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UserLeavers {
    /// The first step. Default: disable where the target can, else delete.
    pub first: Option<First>,
    /// Who gets what a deleted user owned.
    pub transfer_to: Option<String>,
    /// What follows on the first step: `keep` (default), or `delete`: only whom rollcall itself disabled or stripped.
    pub then: Option<ThenFile>,
    /// How long after the first step `then: delete` follows, such as `30d`.
    pub after: Option<DurationText>,
}

/// How groups leave.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GroupLeavers {
    /// The first step. Default: delete.
    pub first: Option<GroupStep>,
}

/// What follows on the first step with a leaver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThenFile {
    Keep,
    Delete,
}

/// The first step with a group that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GroupStep {
    Delete,
    /// Only listed.
    Report,
}
