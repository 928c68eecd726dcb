//! Writes a trail as it is handed out.

use std::io::{self, Write};

use super::tree::{Frontier, TreeHash, leaf_hash};

/// Writes records and their hashes, one a line each, in the order of the tree. The checkpoints and the public key go
/// beside them: [`checkpoint_file`](super::checkpoint_file), [`VerifyingKey`](super::VerifyingKey).
pub struct Exporter<L, H> {
    lines: L,
    leaves: H,
    tree: Frontier,
}

impl<L: Write, H: Write> Exporter<L, H> {
    pub fn new(lines: L, leaves: H) -> Self {
        Self { lines, leaves, tree: Frontier::new() }
    }

    /// The next record: its line without a newline.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn record(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.lines, "{line}")?;
        self.absent(leaf_hash(line.as_bytes()))
    }

    /// The next record was purged: its hash keeps the tree whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn absent(&mut self, leaf: TreeHash) -> io::Result<()> {
        self.tree.append(leaf);
        writeln!(self.leaves, "{}", leaf.hex())
    }

    /// The tree of what was written: the last checkpoint must be of it.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(mut self) -> io::Result<Frontier> {
        self.lines.flush()?;
        self.leaves.flush()?;
        Ok(self.tree)
    }
}
