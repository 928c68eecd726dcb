use std::fmt;
use std::sync::Arc;

/// Where a record was read: `people.csv:7`, or a distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    place: Arc<str>,
    /// Counted from 1; 0 where the place has no lines.
    line: u32,
}

impl Origin {
    /// A line of a file. Lines count from 1.
    #[must_use]
    pub fn line(file: &Arc<str>, line: u64) -> Self {
        Self { place: Arc::clone(file), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    /// A place without lines.
    #[must_use]
    pub fn place(text: &str) -> Self {
        Self { place: text.into(), line: 0 }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => out.write_str(&self.place),
            line => write!(out, "{}:{line}", self.place),
        }
    }
}
