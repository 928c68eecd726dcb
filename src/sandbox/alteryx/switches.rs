//! Behaviours the vendor's pages leave open, as switches.

use serde::{Deserialize, Serialize};

use crate::sandbox::alteryx::role::Role;
use crate::sandbox::rate::RateLimit;

/// How the emulator behaves where the documentation is silent. In JSON, members that are left out take their default,
/// and unknown members are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// Below which path the interfaces stand: the Web API address in System Settings is free. Under another than
    /// `/webapi`, the journal and faults name operations with it.
    pub base: String,
    /// How people sign in, which cannot be changed on a real server once it is installed.
    pub authentication: Authentication,
    /// Which generation of the interface is served.
    pub release: Release,
    /// The status of a successful `POST users` and `POST usergroups`: 200 or 201.
    pub create_status: u16,
    /// The status of an e-mail address that another user has: 400 or 409.
    pub duplicate_mail_status: u16,
    /// The status of a wrong key or secret at `oauth2/token`: 400 or 401.
    pub bad_key_status: u16,
    /// Seconds until a token ends.
    pub token_seconds: u64,
    /// Whether the reply with a token says so.
    pub send_expires_in: bool,
    /// How members that have no value are shown.
    pub empty_members: EmptyMembers,
    /// What adding somebody who is in the group already counts as.
    pub present_member: Outcome,
    /// What adding an inactive user counts as; `failed` also leaves them out.
    pub inactive_member: Outcome,
    /// E-mail addresses or ids that cannot be added to a group: the reply is still a 200.
    pub refused_members: Vec<String>,
    /// E-mail addresses or ids that are counted as added and are not.
    pub lost_members: Vec<String>,
    /// Whether the reply to an addition names the reasons of failures, or counts them only.
    pub send_reasons: bool,
    /// How many ids one addition takes; more are a 400.
    pub member_limit: Option<usize>,
    /// Whether two groups may have one name.
    pub duplicate_group_names: bool,
    /// Whether `PUT isActive: false` takes a user out of all groups, as `deactivate` does.
    pub put_inactive_strips: bool,
    /// The role of users who have none by themselves or by a group.
    pub default_role: Role,
    /// Whether refusals are plain text instead of `{"message": …}`.
    pub plain_errors: bool,
    /// Requests beyond this are answered with 429.
    pub rate_limit: Option<RateLimit>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            base: "/webapi".to_owned(),
            authentication: Authentication::Builtin,
            release: Release::R2024,
            create_status: 200,
            duplicate_mail_status: 400,
            bad_key_status: 400,
            token_seconds: 3600,
            send_expires_in: true,
            empty_members: EmptyMembers::Shown,
            present_member: Outcome::Failed,
            inactive_member: Outcome::Added,
            refused_members: Vec::new(),
            lost_members: Vec::new(),
            send_reasons: true,
            member_limit: None,
            duplicate_group_names: true,
            put_inactive_strips: false,
            default_role: Role::Viewer,
            plain_errors: false,
            rate_limit: None,
        }
    }
}

/// How people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Authentication {
    /// With a password the server keeps.
    Builtin,
    /// As who they are in Active Directory: users cannot be created, members are directory objects.
    Windows,
    /// At an identity provider.
    Saml,
}

/// A generation of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Release {
    /// No DCM flags, no Active Directory groups, no transfer; assets still name insights.
    #[serde(rename = "2022")]
    R2022,
    /// All that is known.
    #[serde(rename = "2024")]
    R2024,
}

/// How members without a value are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EmptyMembers {
    /// Texts as `""`, lists as `[]`, the rest as `null`.
    Shown,
    /// As `null`, lists too.
    Null,
    /// Not at all.
    Absent,
}

/// What one addition to a group counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Added.
    Added,
    /// Failed, with a reason.
    Failed,
}
