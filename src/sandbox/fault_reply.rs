//! The answers that a fault gives in place of the product.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::sandbox::failure::Failure;
use crate::sandbox::faults::FaultKind;

const SIGN_IN: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>\
<form method=\"post\" action=\"/login\"><input name=\"username\"><input name=\"password\" \
type=\"password\"><button>Sign in</button></form></body></html>\n";

/// The answer of a fault that stands in for the product; `None` for faults that do not answer.
pub(crate) fn fault_reply(kind: &FaultKind) -> Option<Response> {
    match kind {
        FaultKind::Status { code, retry_after, body, content_type } => {
            Some(status(*code, retry_after.as_deref(), body.as_deref(), content_type.as_deref()))
        }
        FaultKind::Html => Some(ok("text/html; charset=utf-8", SIGN_IN)),
        FaultKind::InvalidJson => Some(ok("application/json", "{\"usersAdded\":[\"")),
        FaultKind::EmptyList => Some(ok("application/json", "[]")),
        FaultKind::Latency { .. }
        | FaultKind::CutBefore
        | FaultKind::CutAfter
        | FaultKind::Truncate { .. }
        | FaultKind::Rewrite { .. }
        | FaultKind::ExpireSession => None,
    }
}

fn ok(content_type: &'static str, body: &'static str) -> Response {
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

fn status(code: u16, retry_after: Option<&str>, body: Option<&str>, content_type: Option<&str>) -> Response {
    let status = StatusCode::from_u16(code).ok().filter(|status| !status.is_informational());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => {
            let mut response = Response::new(Body::from(body.to_owned()));
            *response.status_mut() = status;
            set(&mut response, CONTENT_TYPE, content_type.unwrap_or("text/plain"));
            response
        }
        None => Failure::new(status, 10_000, format!("fault ordered: status {code}")).into_response(),
    };
    if let Some(moment) = retry_after {
        set(&mut response, RETRY_AFTER, moment);
    }
    response
}

/// Sets a header; a value that HTTP does not allow is left out.
fn set(response: &mut Response, name: axum::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
