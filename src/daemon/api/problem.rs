//! How the API says no: `application/problem+json` (RFC 9457) with a code of a closed list.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a call is refused. Documented in `docs/http.md`; a code once given never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    BadRequest,
    Unauthenticated,
    Forbidden,
    ForeignOrigin,
    NotFound,
    NoReport,
    MethodNotAllowed,
    Timeout,
    TooLarge,
    UnsupportedMediaType,
    InvalidList,
    TooManyFailures,
    Internal,
    NotBuilt,
    Unavailable,
    Stopping,
    Busy,
}

impl Code {
    pub const ALL: [Self; 17] = [
        Self::BadRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::ForeignOrigin,
        Self::NotFound,
        Self::NoReport,
        Self::MethodNotAllowed,
        Self::Timeout,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidList,
        Self::TooManyFailures,
        Self::Internal,
        Self::NotBuilt,
        Self::Unavailable,
        Self::Stopping,
        Self::Busy,
    ];

    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.told().0
    }

    /// The HTTP status it goes with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.told().1
    }

    fn told(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::BadRequest => ("bad-request", StatusCode::BAD_REQUEST, "The request is not understood"),
            Self::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED, "It is not known who asks"),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "The role does not allow it"),
            Self::ForeignOrigin => ("foreign-origin", StatusCode::FORBIDDEN, "A page of another site asks"),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is no such thing"),
            Self::NoReport => ("no-report", StatusCode::NOT_FOUND, "The run has left no such document"),
            Self::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "Not with this method"),
            Self::Timeout => ("timeout", StatusCode::REQUEST_TIMEOUT, "The request took too long"),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another type")
            }
            Self::InvalidList => ("invalid-list", StatusCode::BAD_REQUEST, "The list cannot be used"),
            Self::TooManyFailures => {
                ("too-many-failures", StatusCode::TOO_MANY_REQUESTS, "Too many calls that were not authentic")
            }
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here"),
            Self::NotBuilt => ("not-built", StatusCode::NOT_IMPLEMENTED, "This is not built yet"),
            Self::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Not at the moment"),
            Self::Stopping => ("stopping", StatusCode::SERVICE_UNAVAILABLE, "The daemon is stopping"),
            Self::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE, "Something else has it"),
        }
    }
}

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) detail: String,
    pub(super) errors: Vec<RecordProblem>,
    /// When to come again, in seconds.
    pub(super) retry_after: Option<u64>,
}

/// A record of a list that cannot be used.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct RecordProblem {
    /// Which, from 0.
    pub(super) index: usize,
    pub(super) reason: String,
}

/// A refusal as it is written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    code: Code,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<RecordProblem>,
}

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(Code::BadRequest, detail)
    }

    pub(super) fn missing(detail: impl Into<String>) -> Self {
        Self::new(Code::NotFound, detail)
    }

    #[must_use]
    pub(super) fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// The headers that say when to come again, and how to prove who asks.
    pub(super) fn headers(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.code == Code::Unauthenticated {
            let bearer = HeaderValue::from_static("Bearer realm=\"rollcall\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
    }
}

impl From<crate::store::StoreError> for Problem {
    fn from(error: crate::store::StoreError) -> Self {
        tracing::error!(%error, "The state did not answer a call of the API");
        Self::new(Code::Unavailable, "the state database does not answer; the log tells why").after(10)
    }
}

impl From<crate::daemon::DeskError> for Problem {
    fn from(error: crate::daemon::DeskError) -> Self {
        match error {
            crate::daemon::DeskError::NoSuchSync(_) => Self::missing(error.to_string()),
            crate::daemon::DeskError::Stopping => Self::new(Code::Stopping, "it takes nothing new").after(10),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (word, status, title) = self.code.told();
        let document = ProblemDocument {
            kind: format!("urn:rollcall:problem:{word}"),
            title,
            status: status.as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            errors: self.errors.clone(),
        };
        let mut response = (status, axum::Json(document)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        self.headers(&mut response);
        response
    }
}
