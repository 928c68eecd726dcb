//! A request refused, before it has the wire shape of its product.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request was refused. The [gate](crate::sandbox::gate) turns it into the error body of
/// the product, where the incident number is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {text}")]
pub(crate) struct Failure {
    /// The HTTP status answered.
    pub(crate) status: StatusCode,
    /// The product's own error number.
    pub(crate) code: u32,
    /// What a person should read.
    pub(crate) text: String,
}

impl Failure {
    /// A refusal with a status, the product's error number and a text.
    pub(crate) fn new(status: StatusCode, code: u32, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into() }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
