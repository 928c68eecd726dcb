//! The values that switches of writing take.

use serde::{Deserialize, Serialize};

/// Whether a form of a request is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Support {
    /// As the RFC wants.
    #[default]
    Accepted,
    /// 501, and nothing is done.
    NotImplemented,
    /// 400, and nothing is done.
    Refused,
    /// Success, and nothing is done.
    Ignored,
}

/// Whether a method is offered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    /// It is.
    #[default]
    Offered,
    /// 501.
    NotImplemented,
    /// 405.
    NotAllowed,
}

/// What a PATCH answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PatchAnswer {
    /// 200 with the resource.
    #[default]
    Body,
    /// 200 with its id and nothing else.
    Brief,
    /// 200 without a body.
    Empty,
    /// 204.
    NoContent,
}

/// What a POST answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CreateAnswer {
    /// The resource.
    #[default]
    Body,
    /// Its id and nothing else.
    Brief,
}

/// What an add or replace at `emails[type eq "work"].value` meets where no value matches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValuePath {
    /// 400 `noTarget`, as the RFC wants.
    #[default]
    NoTarget,
    /// A new value.
    Creates,
    /// 501, for every path with a filter.
    NotImplemented,
    /// 400, for every path with a filter.
    Refused,
}

/// What becomes of a user whom a PUT says nothing about being active.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PutWithoutActive {
    /// The value is gone.
    #[default]
    Clears,
    /// The user is deactivated.
    Deactivates,
}

/// What `remove` with the path `members` and a value meets. RFC 7644 does not know the form; many services take it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueRemoval {
    /// 400, and nothing is done.
    #[default]
    Refused,
    /// Those members are removed.
    Accepted,
}

/// What `[value eq "a" or value eq "b"]` removes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrPath {
    /// Both.
    #[default]
    All,
    /// The first, with success.
    First,
    /// None: 400.
    Refused,
}

/// What a member id that nobody has meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownMember {
    /// 400 for the whole request.
    #[default]
    Refused,
    /// It is kept.
    Stored,
    /// It is passed over, with success.
    Dropped,
    /// 500.
    Crashes,
}

/// What a group as a member meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GroupMembers {
    /// It is kept.
    #[default]
    Accepted,
    /// 400 for the whole request.
    Refused,
    /// It is passed over, with success.
    Dropped,
}

/// How many members a group shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MemberCap {
    /// So many at the most.
    pub shown: usize,
    /// Whether a PATCH of the members loses those that are not shown.
    #[serde(default)]
    pub patch_loses: bool,
}

/// What DELETE does to a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Delete {
    /// The user is gone.
    #[default]
    Hard,
    /// The user is deactivated; another DELETE does the same.
    Deactivates,
    /// Nothing: 405.
    NotAllowed,
}

/// What DELETE answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeleteAnswer {
    /// 204.
    #[default]
    NoContent,
    /// 200 with a body.
    Body,
}

/// What `active: false` does besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deactivation {
    /// Nothing.
    #[default]
    Plain,
    /// The user is in no list and 404 to everything but a write that activates again.
    Hidden,
    /// Hidden, and the name is scrambled and free, and every membership is gone.
    Obscured,
    /// The user is deleted.
    Deletes,
}
