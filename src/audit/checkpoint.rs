//! What the log signs: how many entries it has, and their root. C2SP tlog-checkpoint, as of July 2026.

use super::key::SigningKey;
use super::note::signed;
use super::tree::{Frontier, TreeHash};

/// Why the text of a note is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("it is no checkpoint: three lines are expected, the log's name, the number of entries and their root")]
    Lines,
    #[error("its second line is no number of entries")]
    Size,
    #[error("its third line is not the base64 of a root")]
    Root,
}

/// The state of a log: of the first `size` entries the root is this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, which is also that of its keys.
    pub origin: String,
    pub size: u64,
    pub root: TreeHash,
}

impl Checkpoint {
    /// Of a tree as it stands.
    #[must_use]
    pub fn of(origin: &str, tree: &Frontier) -> Self {
        Self { origin: origin.to_owned(), size: tree.size(), root: tree.root() }
    }

    /// The text that is signed. C2SP tlog-checkpoint, "Note text".
    #[must_use]
    pub fn text(&self) -> String {
        let Self { origin, size, root } = self;
        format!("{origin}\n{size}\n{root}\n")
    }

    /// The signed note: what is kept, printed and sent elsewhere. A log never signs two that contradict each other, so
    /// the tree must be the one that is stored, and the first checkpoint after a change of keys is signed by both.
    #[must_use]
    pub fn sign(&self, keys: &[&SigningKey]) -> String {
        signed(&self.text(), keys)
    }

    /// Reads the text of a note. Further lines are allowed there, and mean nothing to us.
    ///
    /// # Errors
    /// When it is not of that form.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(CheckpointError::Lines);
        }
        let is_number = size.bytes().all(|byte| byte.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
        let size = size.parse().ok().filter(|_| is_number).ok_or(CheckpointError::Size)?;
        let root = TreeHash::from_base64(root).ok_or(CheckpointError::Root)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

/// The notes of a file that holds one or several, one behind the other with an empty line between. The text of a
/// checkpoint has no empty line, so that two such lines end a note.
#[must_use]
pub fn checkpoints_of(file: &str) -> Vec<&str> {
    let mut notes = Vec::new();
    let mut rest = file;
    while !rest.is_empty() {
        let after_text = rest.find("\n\n").map_or(rest.len(), |at| at + 2);
        let end = rest[after_text..].find("\n\n").map_or(rest.len(), |at| after_text + at + 1);
        notes.push(&rest[..end]);
        rest = rest[end..].trim_start_matches('\n');
    }
    notes
}

/// The file that [`checkpoints_of`] reads.
#[must_use]
pub fn checkpoint_file<'a>(notes: impl IntoIterator<Item = &'a str>) -> String {
    notes.into_iter().collect::<Vec<_>>().join("\n")
}
