use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::daemon::HookError;
use crate::report::Via;
use crate::run::Conducted;

/// A run that has ended.
pub struct EndedRun<'a> {
    pub sync: &'a str,
    /// Who asked first, where several did.
    pub via: Via,
    /// Everybody was looked at, not some by name.
    pub whole: bool,
    pub lasted: Duration,
    pub at: DateTime<Utc>,
    pub conducted: &'a Conducted,
}

/// What became of a call of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookCall {
    /// It asks for a run, of its own or with others.
    Accepted,
    /// It had come before.
    Duplicate,
    /// Not as a call has to be.
    Malformed,
    /// Not signed with one of our secrets, or too old.
    Unauthentic,
    TooLarge,
    /// Of another type of content.
    MediaType,
    /// It failed to sign too often.
    TooMany,
    /// The daemon stops, or cannot write it down.
    Unavailable,
}

impl HookCall {
    pub const ALL: [Self; 8] = [
        Self::Accepted,
        Self::Duplicate,
        Self::Malformed,
        Self::Unauthentic,
        Self::TooLarge,
        Self::MediaType,
        Self::TooMany,
        Self::Unavailable,
    ];

    /// As the label has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Malformed => "malformed",
            Self::Unauthentic => "unauthentic",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::TooMany => "too-many",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<HookError> for HookCall {
    fn from(error: HookError) -> Self {
        match error {
            HookError::Missing(_) | HookError::Header(_) | HookError::Malformed(_) => Self::Malformed,
            HookError::Unauthentic(_) => Self::Unauthentic,
            HookError::TooLarge => Self::TooLarge,
            HookError::MediaType(_) => Self::MediaType,
        }
    }
}
