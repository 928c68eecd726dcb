//! What the gate knows of a request before the product sees it.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::Uri;
use axum::http::request::Parts;

use crate::sandbox::payload::Payload;

/// A request, without its secrets.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The method in capitals.
    pub(crate) method: String,
    /// The path below the prefix of the product, beginning with a slash.
    pub(crate) path: String,
    /// The path below the base of the interface, without slashes at its ends: `user/list`.
    pub(crate) operation: String,
    /// Query members, secrets masked.
    pub(crate) query: BTreeMap<String, String>,
    /// Names of the body's fields, in the order of arrival; of the members, sorted, where it is a JSON object.
    pub(crate) parts: Vec<String>,
    /// The body's `applyChanges` field; false when absent.
    pub(crate) apply_changes: bool,
}

impl Call {
    /// Describes a request whose path stands below one of the `bases` of its product.
    pub(crate) fn describe(head: &Parts, payload: &Payload, bases: &[&str]) -> Self {
        let path = head.uri.path();
        let below = bases.iter().find_map(|base| path.strip_prefix(base)).unwrap_or(path);
        Self {
            method: head.method.as_str().to_owned(),
            path: path.to_owned(),
            operation: below.trim_matches('/').to_owned(),
            query: masked_query(&head.uri),
            parts: payload.names().map(str::to_owned).chain(members(payload)).collect(),
            apply_changes: payload.flag("applyChanges").unwrap_or(false),
        }
    }
}

/// The members of a JSON object.
fn members(payload: &Payload) -> Vec<String> {
    match payload.json() {
        Some(serde_json::Value::Object(members)) => members.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

fn masked_query(uri: &Uri) -> BTreeMap<String, String> {
    let Ok(Query(members)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
        return BTreeMap::new();
    };
    members
        .into_iter()
        .map(|(name, value)| {
            let value = if is_secret(&name) { "***".to_owned() } else { value };
            (name, value)
        })
        .collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "token", "secret", "session", "apikey"].iter().any(|word| name.contains(word))
}
