/// Why a text cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the text before it.
    pub at: usize,
    pub message: String,
    /// The word that is not known, and those that are.
    pub unknown: Option<(String, &'static [&'static str])>,
    pub hint: Option<&'static str>,
}

/// A variable that a text asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variable {
    /// Bytes of the text before it.
    pub at: usize,
    pub name: String,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), unknown: None, hint: None }
    }

    pub(super) fn unknown(at: usize, what: &str, word: &str, known: &'static [&'static str]) -> Self {
        Self { unknown: Some((word.to_owned(), known)), ..Self::new(at, format!("there is no {what} `{word}`")) }
    }

    pub(super) fn hinting(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The same in a text that has so many bytes before this one.
    pub(super) fn behind(self, bytes: usize) -> Self {
        Self { at: self.at + bytes, ..self }
    }
}
