//! The Merkle tree of the trail: RFC 6962, section 2.1 (RFC 9162, section 2.1.1 says the same).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::principal::hex;

/// A SHA-256 hash of a leaf, a node or a root.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TreeHash([u8; 32]);

impl TreeHash {
    pub const LENGTH: usize = 32;

    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 hexadecimal digits, small letters: the form of a file of leaves.
    #[must_use]
    pub fn hex(&self) -> String {
        hex("", &self.0)
    }

    /// Reads what [`TreeHash::hex`] writes, and nothing else.
    #[must_use]
    pub fn from_hex(text: &[u8]) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; Self::LENGTH];
        let (pairs, []) = text.as_chunks::<2>() else { return None };
        if pairs.len() != Self::LENGTH {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }

    /// Reads the base64 of a checkpoint.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// Base64, as in a checkpoint.
impl fmt::Display for TreeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The hash of an entry: its line without the newline. RFC 6962, section 2.1: SHA-256 of 0x00 and the entry.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> TreeHash {
    TreeHash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of a node. RFC 6962, section 2.1: SHA-256 of 0x01 and both children.
#[must_use]
pub fn node_hash(left: &TreeHash, right: &TreeHash) -> TreeHash {
    TreeHash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root of a tree without entries. RFC 6962, section 2.1: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> TreeHash {
    TreeHash(Sha256::digest([]).into())
}

/// Why stored bytes are no [`Frontier`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the right edge of the audit tree cannot be read: {length} bytes do not fit a tree of {size} entries")]
pub struct FrontierError {
    pub size: u64,
    pub length: usize,
}

/// The right edge of a tree that only grows: what is needed to append to it and to tell its root, and no more. One hash
/// for each full subtree, 64 at most, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    edge: Vec<TreeHash>,
}

impl Frontier {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has: also the number of the next one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn append(&mut self, leaf: TreeHash) {
        let mut node = leaf;
        // Every one at the end of the size is a full subtree that this leaf doubles.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.edge.push(node);
        self.size += 1;
    }

    /// The root of the tree as it stands.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        let mut nodes = self.edge.iter().rev();
        match nodes.next() {
            None => empty_root(),
            Some(last) => nodes.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The size, eight bytes, the highest first, and then the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.edge.iter().flat_map(|node| node.0));
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the length does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, nodes) = bytes.split_first_chunk().ok_or(FrontierError { size: 0, length: bytes.len() })?;
        let size = u64::from_be_bytes(*size);
        let (edge, rest) = nodes.as_chunks();
        if !rest.is_empty() || edge.len() != size.count_ones() as usize {
            return Err(FrontierError { size, length: bytes.len() });
        }
        Ok(Self { size, edge: edge.iter().copied().map(TreeHash).collect() })
    }
}
