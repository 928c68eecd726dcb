//! The values that switches of discovery, lists and answers take.

use serde::{Deserialize, Serialize};

/// What `/ServiceProviderConfig` answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Discovery {
    /// Every member.
    #[default]
    Full,
    /// Bulk without limits, and neither changePassword nor sort nor authentication schemes.
    Bare,
    /// One member of the wrong type; the others are right.
    Spoilt,
    /// 404.
    Absent,
}

/// What `/Schemas` answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SchemaList {
    /// The list, and each by its URN.
    #[default]
    Full,
    /// Each by a plain name only: `/Schemas/Users`.
    ByName,
    /// 404.
    Absent,
}

/// What discovery claims where it is not the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Announce {
    /// `patch.supported`.
    pub patch: Option<bool>,
    /// `filter.supported`.
    pub filter: Option<bool>,
    /// `etag.supported`.
    pub etag: Option<bool>,
    /// `pagination.cursor`.
    pub cursor: Option<bool>,
}

/// Which content types a body may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContentType {
    /// `application/scim+json` and `application/json`.
    #[default]
    Any,
    /// `application/scim+json` only; 415 otherwise.
    Scim,
    /// `application/json` only; 415 otherwise.
    Json,
}

/// The content type of answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AnswerType {
    /// `application/scim+json`.
    #[default]
    Scim,
    /// `application/json`.
    Json,
    /// `text/html`, with JSON inside.
    Html,
}

/// How `count` is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Counting {
    /// As the RFC wants.
    #[default]
    Honoured,
    /// `count=0` is refused with 400.
    ZeroRefused,
    /// Any `count` ends in a 500.
    Crashes,
}

/// What a `count` above the maximum meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OverMaximum {
    /// A shorter page.
    #[default]
    Clamp,
    /// 400.
    Refuse,
}

/// What `totalResults` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Total {
    /// How many there are.
    #[default]
    Honest,
    /// How many the page holds.
    PageSize,
    /// How many there are, but never more than this.
    Capped(usize),
    /// It is left out.
    Absent,
}

/// What the parameter `cursor` (RFC 9865) does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cursor {
    /// Nothing.
    #[default]
    Ignored,
    /// 501.
    NotImplemented,
    /// It pages; so does `startIndex`.
    Offered,
    /// Only it pages: without it there is the first page, and `startIndex` does nothing.
    Only,
}

/// Which parameters that choose attributes are honoured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Projection {
    /// `attributes` and `excludedAttributes`.
    #[default]
    Both,
    /// `excludedAttributes`.
    Excluded,
    /// None.
    Neither,
}

/// What a filter meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Filtering {
    /// The whole grammar of RFC 7644, 3.4.2.2.
    #[default]
    Full,
    /// `eq`, joined by `and`; 400 `invalidFilter` otherwise.
    Equality,
    /// 501.
    NotImplemented,
    /// 400 `invalidFilter`.
    Refused,
    /// 200 with everybody.
    Ignored,
    /// The first value is sought among the e-mail addresses, whatever the attribute.
    MailOnly,
}

/// What ids look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ids {
    /// UUIDs.
    #[default]
    Uuid,
    /// Digits in a string.
    Digits,
    /// JSON numbers, against the RFC.
    Number,
    /// The name at creation.
    Name,
}

/// The member `status` of an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorStatus {
    /// A string, as the RFC wants.
    #[default]
    Text,
    /// A number.
    Number,
    /// Left out.
    Absent,
}

/// The body of an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorBody {
    /// The RFC's JSON.
    #[default]
    Scim,
    /// A page.
    Html,
    /// Nothing.
    Empty,
}

/// Entity tags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Etag {
    /// None.
    #[default]
    Off,
    /// Versions; `If-Match` is honoured with 412, `If-None-Match` with 304.
    On,
    /// A header that changes with every answer, and `If-Match` is ignored.
    Meaningless,
}

/// How booleans are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Booleans {
    /// As booleans.
    #[default]
    Real,
    /// As `"True"` and `"False"`.
    Text,
}

/// When `active` is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Active {
    /// Always; true unless set.
    #[default]
    Always,
    /// When it was set.
    WhenSet,
}
