//! Refusals: a status, a message, and what is wrong with which member.
//!
//! No error body is printed on the vendor's pages; this one is invented: `{"message", "errors": {"email": ["…"]}}`.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::b2core::reply::answer;
use crate::sandbox::failure::Failure;

/// Why a request was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    errors: Problems,
}

/// What is wrong, by member.
pub(super) type Problems = BTreeMap<&'static str, Vec<String>>;

impl Refusal {
    /// A refusal without members.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: Problems::new() }
    }

    /// A body that breaks rules.
    pub(super) fn invalid(status: u16, errors: Problems) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, message: "The given data was invalid.".to_owned(), errors }
    }

    /// One member that breaks a rule.
    pub(super) fn member(status: u16, member: &'static str, text: impl Into<String>) -> Self {
        Self::invalid(status, Problems::from([(member, vec![text.into()])]))
    }

    /// There is nothing of that id.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found.")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, message, errors } = self;
        answer(status, &json!({ "message": message, "errors": errors }))
    }
}

/// The response to a refusal of the gate.
pub(super) fn refuse(failure: &Failure, _number: u64) -> Response {
    answer(failure.status, &json!({ "message": failure.text, "errors": {} }))
}
