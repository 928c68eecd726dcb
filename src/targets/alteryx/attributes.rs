//! Attributes: what the server calls them is what we call them.

use serde_json::Value;

use super::config::Role;
use crate::principal::{Attributes, Kind, Principal, shown};

/// The members of a user that can be managed (vendor: "User Endpoints").
pub(super) const USERS: &[&str] = &[
    "role",
    "defaultWorkerTag",
    "canScheduleJobs",
    "canPrioritizeJobs",
    "canAssignJobs",
    "canCreateCollections",
    "isApiEnabled",
    "timeZone",
    "language",
];

/// The members of a group that can be managed.
pub(super) const GROUPS: &[&str] = &["role"];

/// Where a user without a language is put; the server takes no empty one.
pub(super) const LANGUAGE: &str = "en-us";

const LANGUAGES: [&str; 8] = ["de-de", "en-us", "es-es", "fr-fr", "it-it", "ja-jp", "pt-br", "zh-cn"];

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Role,
    Flag,
    Text,
    Language,
}

impl Shape {
    fn of(name: &str) -> Self {
        match name {
            "role" => Self::Role,
            "language" => Self::Language,
            "defaultWorkerTag" | "timeZone" => Self::Text,
            _ => Self::Flag,
        }
    }

    /// What the server holds where nothing is wanted.
    fn nothing(self) -> Value {
        match self {
            Self::Role => Role::Evaluated.text().into(),
            Self::Flag => false.into(),
            Self::Text => "".into(),
            Self::Language => LANGUAGE.into(),
        }
    }
}

/// Bends the values of a principal to what the server holds: a directory writes `TRUE` where the server says `true`.
/// A role is spelled as the server spells it, so that the guard sees it; `Default`, the word of its user interface, is
/// `Evaluated`. What still is no such value is told by [`complaint`].
pub(super) fn bend(principal: &mut Principal) {
    let Some(attributes) = &mut principal.attributes else { return };
    let bent: Attributes = attributes.iter().map(|(name, value)| (name.clone(), bent(name, value))).collect();
    **attributes = bent;
}

fn bent(name: &str, value: &Value) -> Value {
    let shape = Shape::of(name);
    let text = match value {
        Value::String(text) if !text.trim().is_empty() => text.trim(),
        Value::Null | Value::String(_) => return shape.nothing(),
        Value::Array(items) if items.is_empty() => return shape.nothing(),
        other => return other.clone(),
    };
    let found: Option<Value> = match shape {
        Shape::Role if text.eq_ignore_ascii_case("default") => Some(Role::Evaluated.text().into()),
        Shape::Role => {
            let role = Role::ALL.into_iter().find(|role| role.text().eq_ignore_ascii_case(text));
            role.map(|role| role.text().into())
        }
        Shape::Flag => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::from),
        Shape::Text => Some(text.into()),
        Shape::Language => Some(text.to_ascii_lowercase().replace('_', "-").into()),
    };
    found.unwrap_or_else(|| value.clone())
}

/// Why the server could not hold a value that was bent.
pub(super) fn complaint(name: &str, value: &Value) -> Option<String> {
    let one_of = |words: &[&str]| format!("expected one of {}", words.join(", "));
    let expected = match (Shape::of(name), value) {
        (Shape::Role, Value::String(text)) if Role::ALL.iter().any(|role| role.text() == text) => return None,
        (Shape::Flag, Value::Bool(_)) | (Shape::Text, Value::String(_) | Value::Null) => return None,
        (Shape::Language, Value::String(text)) if LANGUAGES.contains(&text.as_str()) => return None,
        (Shape::Role, _) => one_of(&Role::ALL.map(Role::text)),
        (Shape::Flag, _) => "expected true or false".to_owned(),
        (Shape::Text, _) => "expected a text".to_owned(),
        (Shape::Language, _) => one_of(&LANGUAGES),
    };
    Some(format!("the attribute `{name}` is {}: {expected}", shown(&value.to_string(), 60)))
}

/// What is sent for a wanted value.
pub(super) fn sent(name: &str, value: &Value) -> Value {
    if value.is_null() { Shape::of(name).nothing() } else { value.clone() }
}

/// The attributes of a new principal of a kind, as they are sent; none where they are not managed.
pub(super) fn of(principal: &Principal, kind: Kind) -> impl Iterator<Item = (&str, Value)> {
    let taken = if kind == Kind::User { USERS } else { GROUPS };
    let managed = principal.attributes.iter().flat_map(|attributes| attributes.iter());
    let managed = managed.filter(move |(name, _)| taken.contains(&name.as_str()));
    managed.map(|(name, value)| (name.as_str(), sent(name, value)))
}
