use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::names::Names;
use crate::mapping::rules::Nested;

/// Which users take part, and as what. In this order: `when`, `include` and `exclude`, `grant`, `set`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UserRules {
    /// An expression that is true of those who take part, such as `'bi-users' in allGroups`. Default: all.
    pub when: Option<String>,
    /// Only these, such as `user:a-*`. Default: all.
    pub include: Option<Vec<String>>,
    /// Not these, such as `user:test-*`.
    pub exclude: Option<Vec<String>>,
    /// Values by member: a constant, or text with expressions such as `{{ givenName }} {{ sn }}`. `name` renames;
    /// `attributes.NAME` is an attribute; `null` clears.
    pub set: Option<BTreeMap<String, Value>>,
    /// Values set when a user is created and left alone from then on, such as `mail`.
    pub create_only: Option<Vec<String>>,
    /// Groups of the target that are given to users.
    pub grant: Option<Vec<GrantFile>>,
}

/// Groups that are given to users.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GrantFile {
    /// As the target names them.
    pub groups: Option<Names>,
    /// An expression that is true of those who get them. Default: all get them.
    pub when: Option<String>,
}

/// Which groups take part, and as what. In this order: `when`, `include` and `exclude`, `map` and `rename`, `set`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GroupRules {
    /// An expression that is true of those that take part. Default: all.
    pub when: Option<String>,
    /// Only these, such as `bi-*`. Default: all.
    pub include: Option<Vec<String>>,
    /// Not these.
    pub exclude: Option<Vec<String>>,
    /// From the name in the source to the name in the target.
    pub map: Option<BTreeMap<String, String>>,
    /// How the names of all other groups are changed.
    pub rename: Option<RenameFile>,
    /// Values by member, as of users; a group is renamed with `map` and `rename`.
    pub set: Option<BTreeMap<String, Value>>,
    /// `keep` (default): groups in groups stay so; `flatten`: users get every group they are in by way of another.
    pub nested: Option<Nested>,
    /// How many steps from group to group a membership is followed. Default: 64.
    pub depth: Option<u32>,
}

/// How names of groups are changed, in this order.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RenameFile {
    /// Taken from the front of names that begin so.
    pub strip: Option<String>,
    /// Taken from the end of names that end so.
    pub strip_suffix: Option<String>,
    /// Put in front.
    pub add: Option<String>,
}

/// A test of the rules: `check` runs it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TrialFile {
    /// What it shows.
    pub name: Option<String>,
    /// A principal as a source gives it; `allGroups` may be given too.
    pub record: Option<Value>,
    /// `outOfScope`, `setAside`, or members of the principal that it must become; others are not compared.
    pub expect: Option<Value>,
}
