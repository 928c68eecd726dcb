use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// A list of principals that somebody pushed, as a source reads it. It may hold passwords of new users.
#[derive(Clone)]
pub struct PushedList {
    /// A JSON array of principals.
    pub text: Arc<str>,
    /// `sha256:` of it without passwords.
    pub digest: String,
    pub received: DateTime<Utc>,
    /// The name of the token.
    pub sender: String,
}

impl fmt::Debug for PushedList {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PushedList({} from {} at {})", self.digest, self.sender, self.received)
    }
}
