//! A user and a group as the Back Office keeps them.

use std::collections::BTreeSet;

use crate::sandbox::secret::Secret;

/// The group that no installation lacks: it cannot be changed or removed, and its members hold every permission
/// (vendor's Back Office guide, "Groups").
pub(super) const ADMINISTRATORS: &str = "Administrators";

/// A Back Office user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: Option<String>,
    pub(super) active: bool,
    pub(super) tfa: bool,
    /// Ids of its groups.
    pub(super) groups: BTreeSet<u64>,
    pub(super) ip_whitelist: Vec<String>,
    pub(super) client_tags: Vec<String>,
    pub(super) can_view_masked_data: bool,
    pub(super) password: Option<Secret>,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    /// Milliseconds since 1970.
    pub(super) updated: u64,
}

impl User {
    /// Somebody of whom nothing but the address is known.
    pub(super) fn blank(id: u64, email: impl Into<String>, now: u64) -> Self {
        Self {
            id,
            name: String::new(),
            email: email.into(),
            phone: None,
            active: false,
            tfa: false,
            groups: BTreeSet::new(),
            ip_whitelist: Vec::new(),
            client_tags: Vec::new(),
            can_view_masked_data: false,
            password: None,
            created: now,
            updated: now,
        }
    }
}

/// A group of Back Office users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) permissions: Vec<String>,
}
