use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

/// Something wrong in the configuration, at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    #[serde(serialize_with = "shown")]
    pub file: PathBuf,
    /// From 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// In characters, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// The way to the value, `syncs.corp-to-bi.from[0]`; empty where the file as a whole is meant.
    pub path: String,
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The line itself, unless it holds a secret.
    #[serde(skip)]
    pub(super) excerpt: Excerpt,
}

/// What may be shown of the place.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Excerpt {
    #[default]
    None,
    /// The line holds, or may hold, a secret.
    Withheld,
    Line {
        text: String,
        /// Bytes of `text` that are meant.
        from: usize,
        to: usize,
    },
}

/// A path need not be Unicode; its text does.
fn shown<S: Serializer>(file: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&file.display())
}

impl Problem {
    /// A problem with a file as a whole.
    #[must_use]
    pub fn with_file(file: PathBuf, message: impl Into<String>) -> Self {
        Self {
            file,
            line: 0,
            column: 0,
            path: String::new(),
            message: message.into(),
            hint: None,
            excerpt: Excerpt::None,
        }
    }

    #[must_use]
    pub(super) fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file.display(), self.message),
            line => write!(out, "{}:{line}:{}: {}", self.file.display(), self.column, self.message),
        }
    }
}

/// Every problem of a configuration, sorted by file, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub(super) fn sorted(mut list: Vec<Problem>) -> Self {
        list.sort();
        list.dedup();
        Self(list)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            let line_break = if at == 0 { "" } else { "\n" };
            write!(out, "{line_break}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
