use std::fmt;

use serde::{Deserialize, Serialize};

/// What the caller may do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureClass {
    /// No answer: try again later.
    Unreachable,
    /// Asked too often: try again later.
    Throttled,
    /// The credentials are refused: do not try again, with whatever.
    Denied,
    /// The credentials are good, and this is not allowed to them. Something else may be.
    Forbidden,
    /// What was asked for is not there.
    Missing,
    /// The product's state forbids it.
    Conflict,
    /// The product refuses the request as such.
    Rejected,
    /// The answer cannot be understood.
    Unexpected,
}

impl FailureClass {
    pub const ALL: [Self; 8] = [
        Self::Unreachable,
        Self::Throttled,
        Self::Denied,
        Self::Forbidden,
        Self::Missing,
        Self::Conflict,
        Self::Rejected,
        Self::Unexpected,
    ];

    /// As notices, logs and metrics have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Forbidden => "forbidden",
            Self::Missing => "missing",
            Self::Conflict => "conflict",
            Self::Rejected => "rejected",
            Self::Unexpected => "unexpected",
        }
    }
}

/// A failed deed of a connector: what was being done, to what, why it failed, and what to do next.
#[derive(Debug, Clone)]
pub struct ConnectorError {
    pub class: FailureClass,
    /// A phrase: ``listing users and groups of ThoughtSpot `bi` ``.
    pub doing: String,
    pub why: String,
    pub hint: Option<String>,
}

impl ConnectorError {
    pub fn new(class: FailureClass, doing: impl Into<String>, why: impl Into<String>) -> Self {
        Self { class, doing: doing.into(), why: why.into(), hint: None }
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl ConnectorError {
    /// Takes secrets out of what a server said: some servers repeat what they were sent.
    #[must_use]
    pub fn without<'a>(mut self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            let encoded: String = reqwest::Url::parse_with_params("http://x/", [("s", secret)])
                .ok()
                .and_then(|url| url.query().map(|query| query.trim_start_matches("s=").to_owned()))
                .unwrap_or_default();
            self.why = self.why.replace(secret, "***");
            if !encoded.is_empty() {
                self.why = self.why.replace(&encoded, "***");
            }
        }
        self
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.doing, self.why)
    }
}

impl std::error::Error for ConnectorError {}

/// Why a request has no usable answer.
#[derive(Debug)]
pub enum SendError {
    /// It was not done.
    Failed(ConnectorError),
    /// It was sent, and whether it was done is unknown: ask the target.
    Unknown(ConnectorError),
}

impl SendError {
    /// The error where the difference does not matter, as for a read.
    #[must_use]
    pub fn into_error(self) -> ConnectorError {
        match self {
            Self::Failed(error) | Self::Unknown(error) => error,
        }
    }

    /// The same with another error.
    #[must_use]
    pub fn map(self, change: impl FnOnce(ConnectorError) -> ConnectorError) -> Self {
        match self {
            Self::Failed(error) => Self::Failed(change(error)),
            Self::Unknown(error) => Self::Unknown(change(error)),
        }
    }
}

impl From<ConnectorError> for SendError {
    /// What fails before it is sent is not done.
    fn from(error: ConnectorError) -> Self {
        Self::Failed(error)
    }
}
