//! Refusals in the v1 shape.
//!
//! The body is `{"code", "incident_id_guid", "trace_id_guid", "debug"}`, where `debug` is a JSON
//! array inside a string, and a 415 has no body (public clients parse the former, the vendor's
//! 2017 API pages print the latter). The vendor's pages list few codes; 10002 stands for a bad
//! request, 10097 for a missing session and 10023 for a forbidden one in API v2, and are used
//! here for v1 as well.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::sandbox::failure::Failure;
use crate::sandbox::identity::{Space, guid};

const INCIDENT: HeaderName = HeaderName::from_static("x-callosum-incident-id");
const TRACE: HeaderName = HeaderName::from_static("x-callosum-trace-id");

#[derive(Debug, Serialize)]
struct ErrorBody<'text> {
    code: u32,
    incident_id_guid: &'text str,
    trace_id_guid: &'text str,
    debug: String,
}

/// The response to a refusal; `number` is that of the request.
pub(super) fn refuse(failure: &Failure, number: u64) -> Response {
    let incident = guid(Space::Incident, number);
    let trace = guid(Space::Trace, number);
    let headers = [(INCIDENT, incident.clone()), (TRACE, trace.clone())];
    if failure.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return (failure.status, headers).into_response();
    }
    let debug = serde_json::Value::from(vec![failure.text.as_str()]).to_string();
    let body = ErrorBody { code: failure.code, incident_id_guid: &incident, trace_id_guid: &trace, debug };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    (failure.status, headers, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// 400: the request does not say what it must.
pub(super) fn bad_request(text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, 10_002, text)
}

/// 401: no valid session, or wrong credentials.
pub(super) fn unauthorised(text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, 10_097, text)
}

/// 403: not allowed.
pub(super) fn forbidden(text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::FORBIDDEN, 10_023, text)
}

/// 500: the request is well formed and cannot be carried out.
pub(super) fn invalid(text: impl Into<String>) -> Failure {
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, 10_002, text)
}
