//! Checks proofs that somebody hands over, from their bits alone: RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use super::tree::{TreeHash, empty_root, node_hash};

/// Whether `path` shows that `leaf` is entry `index` of the tree of `size` entries with this root.
#[must_use]
pub fn includes(index: u64, size: u64, leaf: TreeHash, path: &[TreeHash], root: TreeHash) -> bool {
    if index >= size {
        return false;
    }
    let mut way = Way { first: index, last: size - 1 };
    let mut hash = leaf;
    for other in path {
        if way.last == 0 {
            return false;
        }
        hash = if way.is_right() { node_hash(other, &hash) } else { node_hash(&hash, other) };
        way.up();
    }
    way.last == 0 && hash == root
}

/// Whether `path` shows that the tree of `old` entries is the beginning of the tree of `new` entries.
#[must_use]
pub fn continues(old: u64, new: u64, old_root: TreeHash, new_root: TreeHash, path: &[TreeHash]) -> bool {
    match (old, path) {
        (_, _) if old > new => false,
        (_, path) if old == new => path.is_empty() && old_root == new_root,
        (0, path) => path.is_empty() && old_root == empty_root(),
        (_, []) => false,
        (_, [begin, rest @ ..]) => {
            // A full tree is a node of the new one, and its root need not be sent.
            let (begin, rest) = if old.is_power_of_two() { (&old_root, path) } else { (begin, rest) };
            climb(Way { first: old - 1, last: new - 1 }, begin, rest, old_root, new_root)
        }
    }
}

fn climb(mut way: Way, begin: &TreeHash, rest: &[TreeHash], old_root: TreeHash, new_root: TreeHash) -> bool {
    while way.first & 1 == 1 {
        way.shift();
    }
    let (mut old, mut new) = (*begin, *begin);
    for other in rest {
        if way.last == 0 {
            return false;
        }
        if way.is_right() {
            old = node_hash(other, &old);
            new = node_hash(other, &new);
        } else {
            new = node_hash(&new, other);
        }
        way.up();
    }
    way.last == 0 && old == old_root && new == new_root
}

/// The numbers of a node and of the last node of its level: `fn` and `sn` of RFC 9162.
struct Way {
    first: u64,
    last: u64,
}

impl Way {
    /// Whether the node is a right child.
    fn is_right(&self) -> bool {
        self.first & 1 == 1 || self.first == self.last
    }

    /// To its parent; a last node without a sister goes up until it has one.
    fn up(&mut self) {
        if self.first & 1 == 0 && self.first == self.last {
            while self.first & 1 == 0 && self.first != 0 {
                self.shift();
            }
        }
        self.shift();
    }

    fn shift(&mut self) {
        self.first >>= 1;
        self.last >>= 1;
    }
}
