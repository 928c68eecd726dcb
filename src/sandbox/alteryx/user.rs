//! A user as the server keeps it; also a user of a seed and of the shown state.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::sandbox::alteryx::group::DirectoryObject;
use crate::sandbox::alteryx::role::Role;

/// A user. In a seed every member but `email` may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "the record has as many")]
pub struct User {
    /// 24 hexadecimal digits; invented when empty.
    pub id: String,
    /// Part of the name shown.
    pub first_name: String,
    /// Part of the name shown.
    pub last_name: String,
    /// Unique without regard to case.
    pub email: String,
    /// The user's own role.
    pub role: Role,
    /// Which workers run the user's jobs; empty for any.
    pub default_worker_tag: String,
    /// May schedule jobs.
    pub can_schedule_jobs: bool,
    /// May give jobs a priority.
    pub can_prioritize_jobs: bool,
    /// May choose a worker.
    pub can_assign_jobs: bool,
    /// May make collections.
    pub can_create_collections: bool,
    /// May use the API with a key.
    pub is_api_enabled: bool,
    /// The credential jobs run with.
    pub default_credential_id: Option<String>,
    /// Locked after failed sign-ins.
    pub is_account_locked: bool,
    /// May sign in at all.
    pub is_active: bool,
    /// ISO 8601.
    pub last_login_date_time: Option<String>,
    /// Has confirmed the e-mail address.
    pub is_validated: bool,
    /// Credentials shared with the user.
    pub shared_credential_ids: Vec<String>,
    /// Connections shared with the user.
    pub data_connection_ids: Vec<String>,
    /// An IANA name.
    pub time_zone: Option<String>,
    /// `en-us` and the like.
    pub language: Option<String>,
    /// A flag of the Data Connection Manager.
    pub can_create_and_update_dcm: bool,
    /// A flag of the Data Connection Manager.
    pub can_share_for_execution_dcm: bool,
    /// A flag of the Data Connection Manager.
    pub can_share_for_collaboration_dcm: bool,
    /// A flag of the Data Connection Manager.
    pub can_manage_generic_vaults_dcm: bool,
    /// ISO 8601; the time of the seed when empty.
    pub date_created: String,
    /// What the user owns.
    pub assets: Assets,
    /// The directory's name of the user, where Windows signs people in; the part of the address before `@` when absent.
    pub sid_account_name: Option<String>,
    /// The groups the user is in: their names, or ids where two have one name.
    pub groups: BTreeSet<String>,
}

impl Default for User {
    /// What `POST users` fills in (vendor's "User Endpoints").
    fn default() -> Self {
        Self {
            id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            role: Role::Evaluated,
            default_worker_tag: String::new(),
            can_schedule_jobs: false,
            can_prioritize_jobs: false,
            can_assign_jobs: false,
            can_create_collections: false,
            is_api_enabled: false,
            default_credential_id: None,
            is_account_locked: false,
            is_active: true,
            last_login_date_time: None,
            is_validated: false,
            shared_credential_ids: Vec::new(),
            data_connection_ids: Vec::new(),
            time_zone: None,
            language: Some("en-us".to_owned()),
            can_create_and_update_dcm: true,
            can_share_for_execution_dcm: false,
            can_share_for_collaboration_dcm: false,
            can_manage_generic_vaults_dcm: false,
            date_created: String::new(),
            assets: Assets::default(),
            sid_account_name: None,
            groups: BTreeSet::new(),
        }
    }
}

impl User {
    /// The user as the directory knows it.
    pub(super) fn directory_object(&self) -> DirectoryObject {
        let account = self.email.split('@').next().unwrap_or_default();
        let number = u64::from_str_radix(self.id.get(12..).unwrap_or_default(), 16).unwrap_or_default();
        DirectoryObject {
            sid: format!("S-1-5-21-700-{number}"),
            category: "Person".to_owned(),
            display_name: format!("{} {}", self.first_name, self.last_name),
            domain_name: "EXAMPLE".to_owned(),
            sid_account_name: self.sid_account_name.clone().unwrap_or_else(|| account.to_owned()),
        }
    }

    /// Whether a list of e-mail addresses and ids has this user.
    pub(super) fn is_in(&self, list: &[String]) -> bool {
        list.iter().any(|entry| *entry == self.id || entry.eq_ignore_ascii_case(&self.email))
    }
}

/// What a user owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Assets {
    /// Workflows.
    pub workflows: Vec<Asset>,
    /// Schedules.
    pub schedules: Vec<Asset>,
    /// Collections.
    pub collections: Vec<Asset>,
}

impl Assets {
    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.workflows.is_empty() && self.schedules.is_empty() && self.collections.is_empty()
    }
}

/// Something a user owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asset {
    /// 24 hexadecimal digits; invented when empty.
    pub id: String,
    /// As shown.
    pub name: String,
}
