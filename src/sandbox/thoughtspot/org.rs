//! Orgs, and what names a group among them.

use serde::{Deserialize, Serialize};

/// The org every cluster has, and the only one that API v1 shows here.
pub(super) const PRIMARY: u32 = 0;

/// A tenant of the cluster: a user may be in many, a group is in exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Org {
    /// Its number; 0 is the primary org.
    pub id: u32,
    /// Its name.
    pub name: String,
}

impl Org {
    /// The primary org and one more.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        vec![Self { id: PRIMARY, name: "Primary".to_owned() }, Self { id: 1, name: "Second".to_owned() }]
    }
}

/// What names a group: the same name in two orgs is two groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupKey {
    /// Its name, exactly.
    pub name: String,
    /// The number of its org.
    pub org: u32,
}

impl GroupKey {
    /// A group of this org.
    pub(super) fn new(org: u32, name: impl Into<String>) -> Self {
        Self { name: name.into(), org }
    }
}

/// What names a principal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Who {
    /// By exact name.
    User(String),
    Group(GroupKey),
}

impl Who {
    /// A user, or a group of the primary org.
    pub(super) fn primary(users: bool, name: impl Into<String>) -> Self {
        if users { Self::User(name.into()) } else { Self::Group(GroupKey::new(PRIMARY, name)) }
    }
}
