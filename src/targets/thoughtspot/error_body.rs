//! How the product says no, in each of its shapes.

use serde::Deserialize;
use serde_json::Value;

use crate::connector::ConnectorError;
use crate::http::Answer;
use crate::principal::shown;

/// An error of API v1, and the inside of one of API v2: `debug` is a JSON array inside a string, or plain text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner {
    code: Value,
    incident_id_guid: Option<String>,
    debug: Option<String>,
}

/// What the product says of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// Its own number: 13003 where an identifier means nobody.
    pub(super) code: Option<u64>,
    /// Its words, with its code and incident.
    pub(super) text: String,
}

impl ErrorBody {
    /// Reads `{code, debug}` (API v1), `{error: {message: {…}}}` (the description of API v2) and
    /// `{error: {message: {debug: {…}}}}` (measured on live clusters); nothing where the body is something else.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let message = body.pointer("/error/message");
        let deep = body.pointer("/error/message/debug").filter(|debug| debug.is_object());
        let inner = deep.or(message).unwrap_or(&body);
        if let Some(text) = inner.as_str() {
            return Some(Self { code: None, text: shown(text, 300) });
        }
        let Inner { code, incident_id_guid, debug } = serde_json::from_value(inner.clone()).ok()?;
        let debug = debug?;
        let lines: Option<Vec<String>> = serde_json::from_str(&debug).ok();
        let text = lines
            .map_or(debug, |lines| lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; "));
        let incident = incident_id_guid.map(|id| format!(", incident {}", shown(&id, 60))).unwrap_or_default();
        let text = format!("{} (code {code}{incident})", shown(&text, 300));
        Some(Self { code: code.as_u64(), text })
    }
}

/// The error with the server's own words, where it gives some.
pub(super) fn explained(mut error: ConnectorError, answer: &Answer) -> ConnectorError {
    if let Some(body) = ErrorBody::read(&answer.body) {
        error.why = format!("the answer is {}: {}", answer.status, body.text);
    }
    error
}
