//! Makes proofs from all leaves. Who checks them is in `checked_proof.rs`, written from the other document, so that one
//! mistake does not pass both ways.

use super::tree::{TreeHash, empty_root, node_hash};

/// The root of a tree with these leaves. RFC 6962, section 2.1: MTH.
#[must_use]
pub fn root_of(leaves: &[TreeHash]) -> TreeHash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The hashes that lead from leaf `index` to the root. RFC 6962, section 2.1.1: PATH. Empty where there is no such leaf,
/// and in a tree of one.
#[must_use]
pub fn inclusion_proof(leaves: &[TreeHash], index: usize) -> Vec<TreeHash> {
    if leaves.len() < 2 || index >= leaves.len() {
        return Vec::new();
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, other) = if index < middle {
        (inclusion_proof(left, index), root_of(right))
    } else {
        (inclusion_proof(right, index - middle), root_of(left))
    };
    path.push(other);
    path
}

/// The hashes that show that the tree of the first `size` leaves is the beginning of the tree of all. RFC 6962, section
/// 2.1.2: PROOF. Empty where nothing need be shown: of no leaves, and of all.
#[must_use]
pub fn consistency_proof(leaves: &[TreeHash], size: usize) -> Vec<TreeHash> {
    if size == 0 || size >= leaves.len() { Vec::new() } else { part(leaves, size, true) }
}

/// RFC 6962, section 2.1.2: SUBPROOF. `known`: the root of the first `size` leaves is what the asker has.
fn part(leaves: &[TreeHash], size: usize, known: bool) -> Vec<TreeHash> {
    if size == leaves.len() {
        return if known { Vec::new() } else { vec![root_of(leaves)] };
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, other) = if size <= middle {
        (part(left, size, known), root_of(right))
    } else {
        (part(right, size - middle, false), root_of(left))
    };
    path.push(other);
    path
}

/// The largest power of two below `length`, which is at least two.
fn split(length: usize) -> usize {
    1 << (length - 1).ilog2()
}
