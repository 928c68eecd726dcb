//! Answers: JSON with a status, and what they tell the journal.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::sandbox::journal::{Changes, Effect};

/// A JSON body.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// No body.
pub(super) fn silent(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT).into_response()
}

/// Tells the journal that this was a write, what it changed, and what a careful client would not have sent.
pub(super) fn wrote(mut response: Response, changes: Changes, warnings: Vec<String>) -> Response {
    response.extensions_mut().insert(Effect { warnings, ..Effect::write(changes) });
    response
}
