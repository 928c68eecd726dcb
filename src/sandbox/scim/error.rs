//! Refusals in the shape of RFC 7644, 3.12, or in one of the shapes that services were seen to have instead.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::reading::{ErrorBody, ErrorStatus};
use crate::sandbox::scim::switches::Switches;

const ERROR_URN: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The words of `scimType` (RFC 7644, table 9; RFC 9865, table 1), by the number a failure carries.
const TYPES: [&str; 13] = [
    "",
    "invalidFilter",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidCursor",
    "expiredCursor",
    "invalidCount",
    "tooMany",
    "",
];

/// No `scimType`.
pub(super) const PLAIN: u32 = 0;
pub(super) const INVALID_FILTER: u32 = 1;
pub(super) const UNIQUENESS: u32 = 2;
pub(super) const MUTABILITY: u32 = 3;
pub(super) const INVALID_SYNTAX: u32 = 4;
pub(super) const INVALID_PATH: u32 = 5;
pub(super) const NO_TARGET: u32 = 6;
pub(super) const INVALID_VALUE: u32 = 7;
pub(super) const INVALID_CURSOR: u32 = 8;
pub(super) const EXPIRED_CURSOR: u32 = 9;
pub(super) const INVALID_COUNT: u32 = 10;
/// The service breaks: a 500 with a page, whatever the switches say.
const CRASH: u32 = 12;

/// 400 with this `scimType`.
pub(super) fn refused(code: u32, text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, code, text)
}

/// 501: the service has no such feature.
pub(super) fn not_implemented(what: &str) -> Failure {
    Failure::new(StatusCode::NOT_IMPLEMENTED, PLAIN, format!("{what} is not implemented"))
}

/// 405: the resource takes no such method.
pub(super) fn not_allowed() -> Failure {
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, PLAIN, "the resource does not take this method")
}

/// 500 with a page.
pub(super) fn crash() -> Failure {
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, CRASH, "the service broke")
}

/// The status of an unknown id.
pub(super) fn unknown(switches: &Switches, id: &str) -> Failure {
    let status = StatusCode::from_u16(switches.unknown_id.unwrap_or(404)).unwrap_or(StatusCode::NOT_FOUND);
    Failure::new(status, PLAIN, format!("Resource {id} not found"))
}

/// A refusal of the gate.
pub(super) fn refuse(failure: &Failure, _number: u64) -> Response {
    respond(failure, &Switches::default())
}

/// A refusal as the switches want it.
pub(super) fn respond(failure: &Failure, switches: &Switches) -> Response {
    if failure.code == CRASH || switches.error_body == ErrorBody::Html {
        let page = format!("<!doctype html>\n<html><body><h1>{}</h1></body></html>\n", failure.status);
        return (failure.status, [(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    }
    if switches.error_body == ErrorBody::Empty {
        return failure.status.into_response();
    }
    let mut body = json!({ "schemas": [ERROR_URN], "detail": failure.text });
    match switches.error_status {
        ErrorStatus::Text => body["status"] = Value::from(failure.status.as_str()),
        ErrorStatus::Number => body["status"] = Value::from(failure.status.as_u16()),
        ErrorStatus::Absent => {}
    }
    if switches.schema_member {
        body["schema"] = Value::from(ERROR_URN);
    }
    let word = usize::try_from(failure.code).ok().and_then(|code| TYPES.get(code)).copied().unwrap_or_default();
    let untyped = failure.code == UNIQUENESS && switches.untyped_conflicts;
    if !word.is_empty() && !untyped {
        body["scimType"] = Value::from(word);
    }
    (failure.status, [(CONTENT_TYPE, "application/scim+json")], body.to_string()).into_response()
}
