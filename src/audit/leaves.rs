//! The file of leaf hashes beside a trail: one a line, 64 hexadecimal digits and a newline, so that every hash has its
//! place in the file.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::tree::TreeHash;

const LINE: usize = 65;

/// The hashes, read in order, or at any place where something is out of order.
pub(super) struct Leaves<R> {
    input: BufReader<R>,
    /// The hash that is read next without seeking.
    cursor: u64,
    length: u64,
    damaged: Option<u64>,
    last: Option<(u64, TreeHash)>,
}

impl<R: Read + Seek> Leaves<R> {
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let bytes = input.seek(SeekFrom::End(0))?;
        input.rewind()?;
        let length = bytes / LINE as u64;
        let damaged = (!bytes.is_multiple_of(LINE as u64)).then_some(length);
        Ok(Self { input: BufReader::new(input), cursor: 0, length, damaged, last: None })
    }

    /// How many hashes there are before any damage.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The first place that cannot be read.
    pub(super) fn damaged(&self) -> Option<u64> {
        self.damaged
    }

    /// The hash of record `index`; nothing where the file is damaged or over.
    pub(super) fn at(&mut self, index: u64) -> io::Result<Option<TreeHash>> {
        if index >= self.length {
            return Ok(None);
        }
        if let Some((_, hash)) = self.last.filter(|(last, _)| *last == index) {
            return Ok(Some(hash));
        }
        if index != self.cursor {
            self.input.seek(SeekFrom::Start(index * LINE as u64))?;
        }
        let mut line = [0; LINE];
        self.input.read_exact(&mut line)?;
        self.cursor = index + 1;
        let hash = line.strip_suffix(b"\n").and_then(TreeHash::from_hex);
        self.last = hash.map(|hash| (index, hash));
        if hash.is_none() {
            self.damaged = Some(index);
            self.length = index;
        }
        Ok(hash)
    }
}
