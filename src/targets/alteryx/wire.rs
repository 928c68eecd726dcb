//! Their JSON: read with tolerance, since optional members are absent, null or empty from release to release.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::connector::{ConnectorError, FailureClass};
use crate::http::Answer;
use crate::principal::shown;

/// A user, reduced or full (client generated from the Swagger of a server: `User`, `ReducedUser`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserRecord {
    pub(super) id: String,
    #[serde(default)]
    pub(super) first_name: Option<String>,
    #[serde(default)]
    pub(super) last_name: Option<String>,
    #[serde(default)]
    pub(super) email: Option<String>,
    pub(super) is_active: bool,
    #[serde(default)]
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) default_worker_tag: Option<String>,
    #[serde(default)]
    pub(super) can_schedule_jobs: Option<bool>,
    #[serde(default)]
    pub(super) can_prioritize_jobs: Option<bool>,
    #[serde(default)]
    pub(super) can_assign_jobs: Option<bool>,
    #[serde(default)]
    pub(super) can_create_collections: Option<bool>,
    #[serde(default)]
    pub(super) is_api_enabled: Option<bool>,
    #[serde(default)]
    pub(super) time_zone: Option<String>,
    #[serde(default)]
    pub(super) language: Option<String>,
}

/// A group of the list: no members.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct GroupRow {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) role: Option<String>,
}

/// A group by itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupRecord {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) credential_ids: Option<Vec<String>>,
    #[serde(default)]
    pub(super) connection_ids: Option<Vec<String>>,
    #[serde(default)]
    pub(super) members: Option<Vec<Member>>,
}

impl GroupRecord {
    /// Nobody where the member is null or absent.
    pub(super) fn members(&self) -> &[Member] {
        self.members.as_deref().unwrap_or_default()
    }
}

/// A user, or an object of Active Directory.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Member {
    #[serde(default)]
    pub(super) user_id: Option<String>,
    #[serde(default)]
    pub(super) active_directory_object: Option<DirectoryObject>,
}

/// `activeDirectoryObject`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirectoryObject {
    /// `Person` or `Group`.
    #[serde(default)]
    pub(super) category: Option<String>,
    #[serde(default)]
    pub(super) display_name: Option<String>,
    #[serde(default)]
    pub(super) sid_account_name: Option<String>,
}

/// The answer to an addition: a 200 also where nobody was added.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    pub(super) successfully_added_user_count: u64,
    #[serde(default)]
    pub(super) total_users_submitted_count: Option<u64>,
    #[serde(default)]
    pub(super) failed_user_reasons: Option<BTreeMap<String, Value>>,
}

impl Added {
    /// Whether so many were asked for, and all of them were added.
    pub(super) fn is_all_of(&self, asked: usize) -> bool {
        let asked = u64::try_from(asked).unwrap_or(u64::MAX);
        self.successfully_added_user_count == asked
            && self.total_users_submitted_count.is_none_or(|total| total == asked)
            && self.failed_user_reasons.as_ref().is_none_or(BTreeMap::is_empty)
    }

    /// Why somebody was not added, by id or by e-mail address.
    pub(super) fn reason(&self, id: &str, mail: &str) -> Option<String> {
        let mut reasons = self.failed_user_reasons.iter().flatten();
        let found = reasons.find(|(key, _)| *key == id || key.eq_ignore_ascii_case(mail))?;
        Some(found.1.as_str().map_or_else(|| found.1.to_string(), str::to_owned))
    }
}

/// A schedule that a transfer may have broken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Affected {
    pub(super) affected_schedule_id: String,
}

/// What a user owns, by kind. Older releases have a kind more.
pub(super) type Assets = BTreeMap<String, Option<Vec<Value>>>;

/// `2 workflows, 1 schedules`; nothing where nothing is owned.
pub(super) fn owned(assets: &Assets) -> String {
    let counts = assets.iter().map(|(kind, list)| (list.as_ref().map_or(0, Vec::len), kind));
    let told: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {}", shown(kind, 20))).collect();
    told.join(", ")
}

/// The id of a new group: a bare JSON string (public test suite against a live server), tolerated as an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum NewGroup {
    Bare(String),
    Object { id: String },
}

impl NewGroup {
    pub(super) fn id(self) -> String {
        match self {
            Self::Bare(id) | Self::Object { id } => id,
        }
    }
}

/// The answer of `oauth2/token`.
#[derive(Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: String,
    /// Seconds; a text from some.
    #[serde(default)]
    pub(super) expires_in: Option<Value>,
}

impl TokenReply {
    /// In seconds, where it is told.
    pub(super) fn seconds(&self) -> Option<u64> {
        match self.expires_in.as_ref()? {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_u64(),
        }
    }
}

/// The error bodies that are known: of the Swagger (`message`, `modelState`) and of RFC 6749.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ErrorBody {
    message: Option<String>,
    model_state: Option<BTreeMap<String, Value>>,
    error: Option<String>,
    #[serde(rename = "error_description")]
    error_description: Option<String>,
}

/// What the server says in its refusal; none where it says nothing that is known.
fn words(body: &[u8]) -> Option<String> {
    let ErrorBody { message, model_state, error, error_description } = serde_json::from_slice(body).ok()?;
    let fields = model_state.into_iter().flatten().map(|(field, texts)| {
        let texts = texts.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
        format!("{field}: {texts}")
    });
    let parts = message.into_iter().chain(fields).chain(error).chain(error_description);
    let text = parts.collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then_some(text)
}

/// What an answer that is no success means, in the server's own words where it has some.
pub(super) fn refusal(answer: &Answer, doing: &str) -> ConnectorError {
    let mut error = answer.refusal(doing);
    if let Some(words) = words(&answer.body) {
        error.why = format!("the answer is {}: {}", answer.status, shown(&answer.masked(&words), 400));
    }
    if matches!(error.class, FailureClass::Denied | FailureClass::Forbidden) {
        error.hint = Some("the owner of the key must be an active Curator with API access".to_owned());
    }
    error
}
