use std::fmt;

use chrono::{DateTime, Utc};

/// What a source kept of its last accepted reading, so that the next one need fetch only what changed since. Opaque to
/// everybody else, and a matter of speed alone: without it everything is read.
#[derive(Clone, PartialEq, Eq)]
pub struct Memory {
    /// What was asked when it was made: a source that asks anything else has no use for it.
    pub key: String,
    /// How far the changes were followed.
    pub cookie: Vec<u8>,
    /// When everything was last read.
    pub full_read: DateTime<Utc>,
    /// The content in numbered parts, each stored by itself. To be stored: only those that changed, unless it is new.
    pub parts: Vec<(u32, Vec<u8>)>,
    /// To be stored: the cookie of the memory whose other parts still hold; none where this is all there is.
    pub since: Option<Vec<u8>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key: _, cookie, full_read, parts, since } = self;
        let sizes = (parts.len(), cookie.len());
        write!(
            out,
            "Memory({} parts, {} bytes of cookie, read {full_read}, anew {})",
            sizes.0,
            sizes.1,
            since.is_none()
        )
    }
}
