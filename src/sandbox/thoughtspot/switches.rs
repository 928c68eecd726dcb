//! Behaviours the vendor's pages leave open, as switches.

use serde::{Deserialize, Serialize};

use crate::sandbox::rate::RateLimit;
use crate::sandbox::thoughtspot::v2;

/// How the emulator behaves where the documentation is silent. In JSON, members that are left
/// out take their default, and unknown members are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// Whether system principals that are not listed survive `removeDeleted=true`. When false
    /// they go like all others, except the group `All`, which cannot be deleted.
    pub protect_system: bool,
    /// What a request without an `X-Requested-By` header meets.
    pub requested_by: RequestedBy,
    /// What `usersUpdated` and `groupsUpdated` list.
    pub updated_lists: UpdatedLists,
    /// What happens to a group name that is neither in the payload nor in the cluster.
    pub unknown_group: UnknownGroup,
    /// Whether `user/list` leaves out `description` when it is empty.
    pub omit_description: bool,
    /// When `user/list` shows `mail` on a user.
    pub list_mail: ListMail,
    /// Whether user names are compared without regard to case. Group names never are.
    pub fold_users: bool,
    /// Whether `user/list` shows the newer member `"activate": false`.
    pub activate: bool,
    /// Requests beyond this are answered with 429.
    pub rate_limit: Option<RateLimit>,
    /// What concerns API v2 alone.
    pub v2: v2::Switches,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            protect_system: true,
            requested_by: RequestedBy::Reject,
            updated_lists: UpdatedLists::Differences,
            unknown_group: UnknownGroup::Fail,
            omit_description: false,
            list_mail: ListMail::Always,
            fold_users: true,
            activate: false,
            rate_limit: None,
            v2: v2::Switches::default(),
        }
    }
}

/// What a request without an `X-Requested-By` header meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RequestedBy {
    /// Nothing.
    Off,
    /// A warning in the journal.
    Warn,
    /// 403.
    Reject,
}

/// What the lists of updated names contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UpdatedLists {
    /// Principals that really differ.
    Differences,
    /// Every listed principal that exists.
    Matches,
}

/// What happens to the name of an unknown group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownGroup {
    /// The whole call fails with 500.
    Fail,
    /// The name is passed over.
    Ignore,
    /// The group is created, with its name for a display name.
    Create,
}

/// When `mail` is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ListMail {
    /// On every user, empty or not.
    Always,
    /// On users who have one.
    WhenSet,
}
