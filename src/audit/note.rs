//! Text with signatures below it: C2SP signed-note, as of July 2026.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::{KeyId, SigningKey, VerifyingKey};

/// More than any note of ours has. At least 16 must be taken (C2SP signed-note, "Format"), and the signatures of other
/// kinds may have five kilobytes each.
const MOST_SIGNATURES: usize = 100;
const LONGEST: usize = 1 << 20;
const DASH: &str = "\u{2014} ";

/// Why a text is no note, or one that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("it is longer than a note may be")]
    TooLong,
    #[error("it holds a control character")]
    Control,
    #[error("it has no signature: an empty line and lines that begin with a long dash must end it")]
    Unsigned,
    #[error("its signature line {0} is not of the form `— NAME SIGNATURE`")]
    Line(usize),
    #[error("it is signed by none of the known keys, only by {}", .0.join(", "))]
    Unknown(Vec<String>),
    #[error("the signature under the name of {0} is not that key's: the text or the signature was changed, or forged")]
    Forged(String),
}

/// One signature line. Nothing is known of it until it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

/// A signed text, taken apart and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// Takes a note apart: the last empty line stands between text and signatures.
    ///
    /// # Errors
    /// When it has not the form of a note.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > LONGEST {
            return Err(NoteError::TooLong);
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Control);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
        if lines.lines().count() > MOST_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        let signatures = lines.split('\n').enumerate();
        let signatures = signatures.map(|(at, line)| Signature::parse(line).ok_or(NoteError::Line(at + 1)));
        Ok(Self { text: format!("{text}\n"), signatures: signatures.collect::<Result<_, _>>()? })
    }

    /// What is signed, its last newline included. It is worth nothing before [`Note::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The keys among `known` that have signed it. Signatures of other keys are passed over, also of those that share
    /// only the name or only the id with a known one.
    ///
    /// # Errors
    /// When no known key has signed it, or a signature that says it is a known key's is not.
    pub fn verify<'a>(
        &self,
        known: impl IntoIterator<Item = &'a VerifyingKey>,
    ) -> Result<Vec<&'a VerifyingKey>, NoteError> {
        let mut signers = Vec::new();
        for key in known {
            let mut own =
                self.signatures.iter().filter(|line| line.name == key.name() && line.id == key.id()).peekable();
            if own.peek().is_none() {
                continue;
            }
            if !own.all(|line| key.verifies(&self.text, &line.bytes)) {
                return Err(NoteError::Forged(key.short()));
            }
            signers.push(key);
        }
        if signers.is_empty() { Err(NoteError::Unknown(self.signers())) } else { Ok(signers) }
    }

    /// Who is said to have signed it, as `NAME+ID`.
    #[must_use]
    pub fn signers(&self) -> Vec<String> {
        self.signatures.iter().map(|line| format!("{}+{}", line.name, line.id)).collect()
    }
}

impl Signature {
    /// `— NAME base64(id, signature)`.
    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        let signature = STANDARD.decode(signature).ok()?;
        let (id, bytes) = signature.split_first_chunk()?;
        let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
        (is_name && !bytes.is_empty()).then(|| Self { name: name.to_owned(), id: KeyId(*id), bytes: bytes.to_vec() })
    }
}

/// `text`, which ends with a newline, signed by these keys.
pub(super) fn signed(text: &str, keys: &[&SigningKey]) -> String {
    let mut note = format!("{text}\n");
    for key in keys {
        let mut signature = key.public().id().0.to_vec();
        signature.extend(key.sign(text));
        let _ = writeln!(note, "{DASH}{} {}", key.public().name(), STANDARD.encode(signature));
    }
    note
}
