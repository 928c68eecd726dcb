//! Behaviours of API v2 that the vendor's description leaves open, or that only some clusters show.

use serde::{Deserialize, Serialize};

/// How API v2 behaves. In JSON, members that are left out take their default, and unknown members are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// How a refusal is written.
    pub error_shape: ErrorShape,
    /// A search whose `record_offset` is at least this finds nothing, although more exists.
    pub empty_page: Option<usize>,
    /// A page that goes beyond this many rows of the whole list ends there, although more exists.
    pub truncated_page: Option<usize>,
    /// Whether `users/search` with `org_identifiers` answers 404, as clusters with a dangling membership do.
    pub org_filter_404: bool,
    /// How long tokens live, in seconds of the logical clock, whatever was asked for.
    pub token_seconds: Option<u64>,
    /// How far the logical clock moves with each request to API v2, in seconds.
    pub seconds_per_call: u64,
    /// What `GET system` says of its release.
    pub release_version: ReleaseVersion,
    /// So many users, sorted first, come in after the first page of `users/search` was answered; once each time the
    /// switches are set.
    pub insert_between_pages: Option<u32>,
    /// Whether system principals that are not listed survive `delete_unspecified_users` and `_groups`.
    pub import_protects_system: bool,
    /// Whether an import that fails half-way has done nothing.
    pub import_atomic: bool,
    /// The status of a name that is taken: 400 or 409.
    pub duplicate_status: u16,
    /// The status of an identifier that means nobody: 400 or 404.
    pub missing_status: u16,
    /// Whether `group_identifiers: []` and its like, under `REPLACE`, empties the list.
    pub empty_list_clears: bool,
    /// Whether a list that is left out, under `REPLACE`, is emptied.
    pub omitted_list_clears: bool,
    /// Whether `users/update` takes `account_status`; otherwise it is passed over.
    pub status_by_update: bool,
    /// Whether a new `LOCAL_USER` needs a password.
    pub password_needed: bool,
    /// Whether a new user needs an e-mail address.
    pub email_needed: bool,
    /// Whether every user is shown in a group that is not there, as after deletions that left it in their lists.
    pub dangling_group: bool,
    /// Whether the cluster has orgs; otherwise rows and sessions show none.
    pub orgs: bool,
    /// Whether administrators are shown in the primary org alone.
    pub administrators_show_primary_only: bool,
    /// Whether rows say who is a system principal.
    pub system_flags: bool,
    /// Whether `super_user` is shown on every administrator, and not on `su` alone.
    pub administrators_are_super_users: bool,
    /// Whether members without a value are `null`; otherwise they are left out.
    pub nulls: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            error_shape: ErrorShape::Live,
            empty_page: None,
            truncated_page: None,
            org_filter_404: false,
            token_seconds: None,
            seconds_per_call: 0,
            release_version: ReleaseVersion::Number,
            insert_between_pages: None,
            import_protects_system: true,
            import_atomic: true,
            duplicate_status: 400,
            missing_status: 400,
            empty_list_clears: true,
            omitted_list_clears: false,
            status_by_update: true,
            password_needed: false,
            email_needed: true,
            dangling_group: false,
            orgs: true,
            administrators_show_primary_only: false,
            system_flags: true,
            administrators_are_super_users: false,
            nulls: true,
        }
    }
}

/// How a refusal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorShape {
    /// As measured on live clusters: one level deeper, with an array inside a string.
    Live,
    /// As in the examples of the description.
    Spec,
}

/// What a cluster says of its release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReleaseVersion {
    /// `26.8.0.cl`.
    Number,
    /// `test`.
    Word,
    /// `null`.
    Null,
}
