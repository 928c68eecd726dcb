use std::fmt;
use std::process::Output;

use super::Document;

/// How a run of the binary ended, and what it said.
pub(crate) struct Run {
    line: String,
    pub(crate) code: Option<i32>,
    /// What it wrote to stdout.
    pub(crate) out: String,
    /// What it wrote to stderr.
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(line: &str, output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let Output { status, stdout, stderr } = output;
        Self { line: line.to_owned(), code: status.code(), out: text(stdout), err: text(stderr) }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert!(self.code == Some(code), "expected exit {code}\n{self}");
        assert!(!self.err.contains("panicked"), "{self}");
        self
    }

    /// Stdout holds `text`.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "expected on stdout: {text}\n{self}");
        self
    }

    /// Stderr holds `text`.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.err.contains(text), "expected on stderr: {text}\n{self}");
        self
    }

    /// Stderr holds exactly one error, and stdout nothing.
    #[track_caller]
    pub(crate) fn fails_once(self) -> Self {
        let errors = self.err.lines().filter(|line| line.starts_with("error:")).count();
        assert!(errors == 1 && self.out.is_empty(), "expected one error and nothing else\n{self}");
        self
    }

    /// The one document that stdout holds.
    #[track_caller]
    pub(crate) fn document(&self) -> Document {
        let mut documents = self.documents();
        assert!(documents.len() == 1, "expected one document\n{self}");
        documents.remove(0)
    }

    /// Stdout as one document over many lines.
    #[track_caller]
    pub(crate) fn whole(&self) -> Document {
        Document::parse(&self.out)
    }

    /// The documents that stdout holds, one a line.
    #[track_caller]
    pub(crate) fn documents(&self) -> Vec<Document> {
        self.out.lines().map(Document::parse).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, code, out: said, err } = self;
        write!(out, "rollcall {line}\nexit {code:?}\n--- stdout\n{said}\n--- stderr\n{err}")
    }
}
