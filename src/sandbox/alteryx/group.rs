//! A custom user group as the server keeps it; also a group of a seed and of the shown state.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sandbox::alteryx::role::Role;

/// A custom user group. In a seed every member but `name` may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Group {
    /// 24 hexadecimal digits; invented when empty.
    pub id: String,
    /// Two groups may share one.
    pub name: String,
    /// What it gives to members who have no role of their own.
    pub role: Role,
    /// ISO 8601; the time of the seed when empty.
    pub date_added: String,
    /// Credentials shared with the group.
    pub credential_ids: Vec<String>,
    /// Connections shared with the group.
    pub connection_ids: Vec<String>,
    /// Groups of Active Directory that are members.
    pub directory_groups: Vec<DirectoryObject>,
    /// Who is in, by user id. A seed says this with its users.
    #[serde(skip)]
    pub(super) members: BTreeMap<String, Joined>,
}

/// Since when and by whose doing somebody is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    /// ISO 8601.
    pub(super) date: String,
    /// A user id.
    pub(super) by: String,
}

/// A person or a group of Active Directory, as a member is shown where Windows signs people in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DirectoryObject {
    /// `S-1-5-21-…`.
    pub sid: String,
    /// `Person` or `Group`.
    pub category: String,
    /// The name shown.
    pub display_name: String,
    /// The domain.
    pub domain_name: String,
    /// The account name in the domain.
    pub sid_account_name: String,
}
