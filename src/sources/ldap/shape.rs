//! The two searches as the configuration writes them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The search for users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UsersFile {
    /// The DN below which users are, such as `ou=people,dc=example,dc=org`.
    pub base: String,
    /// How deep: `sub` (default), `one` or `base`.
    pub scope: SearchScope,
    /// An RFC 4515 filter. Default: `(objectClass=inetOrgPerson)`; on Active Directory
    /// `(&(objectCategory=person)(objectClass=user))`.
    pub filter: Option<String>,
    /// The attribute that never changes while the entry lives: `entryUUID`, `objectGUID`, `nsUniqueId`. Default: the
    /// server's own.
    pub id: Option<String>,
    /// Members of a principal from attributes: `name` (default `uid`, on Active Directory `sAMAccountName`),
    /// `displayName`, `description`, `mail`.
    pub map: BTreeMap<String, String>,
    /// Further attributes, for rules and for targets that take them.
    pub attributes: Vec<String>,
    /// What tells that an account is switched off. Default on Active Directory: `userAccountControl`, bit 2.
    pub active: Option<ActiveFile>,
}

/// The search for groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GroupsFile {
    /// The DN below which groups are.
    pub base: String,
    /// How deep: `sub` (default), `one` or `base`.
    pub scope: SearchScope,
    /// An RFC 4515 filter. Default: `(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))`;
    /// on Active Directory `(objectClass=group)`.
    pub filter: Option<String>,
    /// The attribute that never changes while the entry lives. Default: the server's own.
    pub id: Option<String>,
    /// Members of a principal from attributes: `name` (default `cn`, on Active Directory `sAMAccountName`),
    /// `displayName`, `description`, `mail`.
    pub map: BTreeMap<String, String>,
    /// Further attributes, for rules and for targets that take them.
    pub attributes: Vec<String>,
    /// Where members stand: `member` (default), `uniqueMember`, `memberUid`, any other attribute of the group, or
    /// `memberOf` of users and groups.
    pub members: Option<String>,
    /// What the values of `members` are: DNs, or names of users. Default: names for `memberUid`, else DNs.
    pub member_by: Option<MemberBy>,
    /// Whether the primary group of Active Directory (`primaryGroupID`) counts as a membership. Default: true.
    pub primary_group: Option<bool>,
}

/// How deep a search goes below its base. RFC 4511, section 4.5.1.2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SearchScope {
    /// Everything below the base, and the base.
    #[default]
    Sub,
    /// Only what is right below the base.
    One,
    /// Only the base.
    Base,
}

/// What the values of the members attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MemberBy {
    /// Distinguished names.
    Dn,
    /// The `name` of users, as mapped.
    Name,
}

/// What tells that an account is switched off: one attribute, and one of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ActiveFile {
    /// Such as `userAccountControl`, `nsAccountLock`, `employeeType`.
    pub attribute: String,
    /// Inactive where any of these bits is set, such as 2.
    pub inactive_bits: Option<u32>,
    /// Inactive where it has any of these values, whatever their case.
    pub inactive_values: Option<Vec<String>>,
    /// Active only where it has one of these values, whatever their case.
    pub active_values: Option<Vec<String>>,
    /// Inactive where it is there at all, whatever its value.
    pub inactive_when_present: Option<bool>,
}
