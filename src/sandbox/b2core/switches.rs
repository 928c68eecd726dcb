//! Behaviours the vendor's pages leave open, as switches.

use serde::{Deserialize, Serialize};

use crate::sandbox::rate::RateLimit;

/// How the emulator behaves where the documentation is silent. In JSON, members that are left
/// out take their default, and unknown members are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, on or off in the JSON as well")]
pub struct Switches {
    /// What a list is wrapped in.
    pub list_body: ListBody,
    /// How `groups` of a user is shown.
    pub user_groups: UserGroups,
    /// Whether `clientTags` are shown as objects with a `name`, not as strings.
    pub tag_objects: bool,
    /// Whether `id` is shown as a string of digits, not as a number.
    pub text_ids: bool,
    /// Items in a page when `limit` is absent or 0.
    pub limit_default: u32,
    /// A larger `limit` is taken for this one without a word.
    pub limit_maximum: u32,
    /// Whether every page begins with the first item, whatever `offset` says.
    pub ignore_offset: bool,
    /// So many users, listed before all others, come into being once the first page of a listing of users was
    /// answered.
    pub insert_between_pages: u32,
    /// How many listings that happens to; counts down.
    pub insert_listings: u32,
    /// The status after a POST that created.
    pub create_status: u16,
    /// The status after a DELETE. The body is empty either way.
    pub delete_status: u16,
    /// The status for a body that breaks a rule.
    pub invalid_status: u16,
    /// The status for an e-mail address or a group name that is taken.
    pub duplicate_status: u16,
    /// Whether a PUT blanks the members it does not send; else it is the same as a PATCH.
    pub put_replaces: bool,
    /// What `filter[name]` and `filter[email]` let through.
    pub filter_match: FilterMatch,
    /// When set, writes are answered with 202 and an empty body, and take effect so many milliseconds later.
    pub accepted_millis: Option<u64>,
    /// Whether a user may be in no group.
    pub empty_groups: bool,
    /// Whether two groups may not have the same name. A seed may always have such.
    pub distinct_groups: bool,
    /// Whether a group with members cannot be deleted; else they leave it.
    pub keep_used_groups: bool,
    /// The fewest characters of a password.
    pub password_length: u32,
    /// How long a token from signing in is good, in seconds.
    pub token_seconds: u32,
    /// What signing in says about that.
    pub expiry: Expiry,
    /// After so many failures in a row nobody can sign in to an account.
    pub signin_attempts: u32,
    /// Requests beyond this are answered with 429.
    pub rate_limit: Option<RateLimit>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            list_body: ListBody::Array,
            user_groups: UserGroups::Integers,
            tag_objects: false,
            text_ids: false,
            limit_default: 20,
            limit_maximum: 100,
            ignore_offset: false,
            insert_between_pages: 0,
            insert_listings: 1,
            create_status: 201,
            delete_status: 204,
            invalid_status: 400,
            duplicate_status: 400,
            put_replaces: false,
            filter_match: FilterMatch::Exact,
            accepted_millis: None,
            empty_groups: true,
            distinct_groups: true,
            keep_used_groups: false,
            password_length: 8,
            // The tokens printed on the vendor's page are good for ten hours.
            token_seconds: 36_000,
            expiry: Expiry::Given,
            signin_attempts: 5,
            rate_limit: None,
        }
    }
}

/// What a list is wrapped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ListBody {
    /// Nothing: `[…]`.
    Array,
    /// `{"data": […], "total": 2}`.
    Data,
    /// `{"items": […]}`.
    Items,
}

/// How `groups` of a user is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserGroups {
    /// `[2, 5]`.
    Integers,
    /// `[{"id": 2, "name": "Support"}]`.
    Objects,
    /// Not at all.
    Absent,
}

/// What a filter by text lets through; case never counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FilterMatch {
    /// The whole value.
    Exact,
    /// Any value that contains it.
    Contains,
}

/// What signing in says about the end of a token. The token itself, a JWT, says it in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Expiry {
    /// `createdAt` and `expiresAt`.
    Given,
    /// Both are the same moment, as printed on the vendor's page.
    Equal,
    /// Neither is there.
    Absent,
}
