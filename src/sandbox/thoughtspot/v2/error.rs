//! Refusals in the v2 shapes.
//!
//! The description shows `{"error": {"message": {"code", "incident_id_guid", "trace_id_guid", "debug"}}}`; live
//! clusters put that one level deeper, below another `debug`, with a JSON array inside a string for a text (measured
//! by third parties on release 26.8). Its codes: 10002 invalid parameter, 10097 not authenticated, 10023 forbidden,
//! 10038 unexpected; measured besides: 13003 an identifier means nobody, 13090 no access to the org.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::thoughtspot::v2::switches::{ErrorShape, Switches};

const INCIDENT: HeaderName = HeaderName::from_static("x-callosum-incident-id");

/// The response to a refusal; `number` is that of the request.
pub(in super::super) fn refuse(failure: &Failure, number: u64, shape: ErrorShape) -> Response {
    let incident = guid(Space::Incident, number);
    let inner = |debug: Value| {
        json!({
            "code": failure.code,
            "incident_id_guid": incident,
            "trace_id_guid": guid(Space::Trace, number),
            "debug": debug,
        })
    };
    let message = match shape {
        ErrorShape::Spec => inner(json!(failure.text)),
        ErrorShape::Live => json!({ "debug": inner(json!(json!([failure.text, ""]).to_string())) }),
    };
    let body = json!({ "error": { "message": message } }).to_string();
    (failure.status, [(INCIDENT, incident)], [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// 400: the request does not say what it must.
pub(super) fn invalid(text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, 10_002, text)
}

/// An identifier that means nobody.
pub(super) fn missing(switches: Switches, what: &str, identifier: &str) -> Failure {
    let status = status(switches.missing_status);
    Failure::new(status, 13_003, format!("no {what} is known as {identifier}"))
}

/// A name that is taken.
pub(super) fn duplicate(switches: Switches, what: &str, name: &str) -> Failure {
    Failure::new(status(switches.duplicate_status), 10_002, format!("the {what} name {name} is taken"))
}

/// 400: an org that the user may not enter.
pub(super) fn no_org(org: &str) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, 13_090, format!("no access to the org {org}"))
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}
