//! Refusals: `{"message": …, "modelState": {FIELD: [TEXT]}}`, the 400 of the server's own Swagger.
//!
//! The bodies of 401, 403 and 404 are published nowhere; the message alone is an assumption, and the switch
//! `plainErrors` sends text instead.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::sandbox::failure::Failure;

/// A request refused.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    model_state: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'text> {
    message: &'text str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    model_state: &'text BTreeMap<String, Vec<String>>,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), model_state: BTreeMap::new() }
    }

    /// With this status, by its number.
    pub(super) fn numbered(status: u16, message: impl Into<String>) -> Self {
        Self::new(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), message)
    }

    /// 400: the request cannot be carried out as it stands.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400: these fields are missing or wrong.
    pub(super) fn fields(model_state: BTreeMap<String, Vec<String>>) -> Self {
        Self { model_state, ..Self::bad("The request is invalid.") }
    }

    /// 401: no token, or one that has ended.
    pub(super) fn unauthorised() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Authorization has been denied for this request.")
    }

    /// 403: the owner of the key may not do this.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404: no such record or address.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// As text alone.
    pub(super) fn plain(self) -> Response {
        (self.status, self.message).into_response()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::new(failure.status, failure.text)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body { message: &self.message, model_state: &self.model_state };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, [(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The response to a refusal of the gate.
pub(super) fn refuse(failure: &Failure, _number: u64) -> Response {
    Refusal::from(failure.clone()).into_response()
}
