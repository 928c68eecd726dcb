//! What only API v2 shows or changes of a principal.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY};

/// Whether a user may sign in (vendor's API description, `account_status`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountStatus {
    /// They may.
    #[default]
    Active,
    /// Switched off.
    Inactive,
    /// Its time is over.
    Expired,
    /// Locked after wrong passwords.
    Locked,
    /// Not activated yet.
    Pending,
    /// In transition, on clusters with the second identity service only.
    Suspended,
}

/// The part of a principal that API v1 does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) status: AccountStatus,
    /// Where it belongs: exactly one for a group.
    pub(super) orgs: BTreeSet<u32>,
    /// Direct parents in orgs other than the primary one.
    pub(super) elsewhere: BTreeSet<GroupKey>,
    /// Of groups only.
    pub(super) privileges: BTreeSet<String>,
    /// Of groups only.
    pub(super) roles: BTreeSet<String>,
    pub(super) notify_on_share: bool,
    pub(super) preferred_locale: Option<String>,
    pub(super) extended_properties: Option<Value>,
    /// `welcome` and `activation`, in the order they went out.
    pub(super) mails: Vec<String>,
    /// What the activation link of a switched-off user holds.
    pub(super) activation: Option<String>,
}

impl Default for Profile {
    /// An active member of the primary org.
    fn default() -> Self {
        Self {
            status: AccountStatus::Active,
            orgs: BTreeSet::from([PRIMARY]),
            elsewhere: BTreeSet::new(),
            privileges: BTreeSet::new(),
            roles: BTreeSet::new(),
            notify_on_share: true,
            preferred_locale: None,
            extended_properties: None,
            mails: Vec::new(),
            activation: None,
        }
    }
}
