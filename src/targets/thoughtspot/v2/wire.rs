//! The JSON of API v2, read tolerantly: nearly everything may be null or missing (vendor's description; measured).

use compact_str::CompactString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A user of `users/search` (vendor's description, `User`).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct UserRow {
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    #[serde(default)]
    pub(super) display_name: Option<CompactString>,
    #[serde(default)]
    pub(super) visibility: Option<String>,
    #[serde(default)]
    pub(super) account_type: Option<String>,
    #[serde(default)]
    pub(super) account_status: Option<String>,
    #[serde(default)]
    pub(super) email: Option<CompactString>,
    /// Direct groups, of every org.
    #[serde(default)]
    pub(super) user_groups: Option<Vec<Named>>,
    #[serde(default)]
    pub(super) orgs: Option<Vec<OrgRef>>,
    #[serde(default)]
    pub(super) super_user: Option<bool>,
    #[serde(default)]
    pub(super) system_user: Option<bool>,
}

/// A group of `groups/search` (vendor's description, `UserGroupResponse`).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct GroupRow {
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    #[serde(default)]
    pub(super) display_name: Option<CompactString>,
    #[serde(default)]
    pub(super) description: Option<CompactString>,
    #[serde(default)]
    pub(super) visibility: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) group_type: Option<String>,
    /// Direct children.
    #[serde(default)]
    pub(super) sub_groups: Option<Vec<Named>>,
    #[serde(default)]
    pub(super) orgs: Option<Vec<OrgRef>>,
    #[serde(default)]
    pub(super) privileges: Option<Vec<String>>,
    #[serde(default)]
    pub(super) system_group: Option<bool>,
}

/// What is needed of something that is named inside a row.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Named {
    pub(super) id: CompactString,
}

/// An org inside a row. Its number is one for users and a text for groups (vendor's description).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OrgRef {
    #[serde(deserialize_with = "number")]
    pub(super) id: u32,
    #[serde(default)]
    pub(super) name: Option<String>,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let found = match &value {
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    found.ok_or_else(|| serde::de::Error::custom(format!("`{value}` is no number of an org")))
}

/// Who is signed in (`auth/session/user`).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SessionUser {
    pub(super) id: CompactString,
    pub(super) name: String,
    #[serde(default)]
    pub(super) current_org: Option<OrgRef>,
    #[serde(default)]
    pub(super) privileges: Option<Vec<String>>,
}

/// The answer of `auth/token/full`.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) token: String,
    #[serde(default)]
    pub(super) creation_time_in_millis: Option<u64>,
    #[serde(default)]
    pub(super) expiration_time_in_millis: Option<u64>,
}

/// What is needed of `GET system`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SystemInfo {
    /// May be null, or no number.
    pub(super) release_version: Option<String>,
}

/// What is needed of the answer to a create.
#[derive(Debug, Deserialize)]
pub(super) struct Created {
    pub(super) id: CompactString,
}

/// A row of either search.
pub(super) trait Row: serde::de::DeserializeOwned {
    fn id(&self) -> &str;
}

impl Row for UserRow {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Row for GroupRow {
    fn id(&self) -> &str {
        &self.id
    }
}
