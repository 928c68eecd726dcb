//! The tree and its proofs: published vectors, and every size that matters.

use proptest::prelude::*;

use crate::audit::{
    Frontier, FrontierError, TreeHash, consistency_proof, continues, empty_root, includes, inclusion_proof, leaf_hash,
    root_of,
};

const SIZES: usize = 70;

fn leaves(count: usize) -> Vec<TreeHash> {
    (0..count).map(|at| leaf_hash(format!("entry {at}").as_bytes())).collect()
}

fn tree(leaves: &[TreeHash]) -> Frontier {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.append(*leaf);
    }
    tree
}

fn base64(text: &str) -> TreeHash {
    TreeHash::from_base64(text).unwrap()
}

fn hex(text: &str) -> TreeHash {
    TreeHash::from_hex(text.as_bytes()).unwrap()
}

fn flipped(hash: TreeHash, bit: usize) -> TreeHash {
    let mut bytes = *hash.bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    TreeHash::new(bytes)
}

#[test]
fn three_entries_have_the_roots_and_proofs_that_were_worked_out_elsewhere() {
    let entries = [
        r#"{"event":"run.started","seq":0}"#,
        r#"{"event":"op.applied","seq":1}"#,
        r#"{"event":"run.finished","seq":2}"#,
    ];
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    let roots = [
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "C1+AXO9l01ix6RsXbGiwRWLflekIABRHYQwQ72XWrl8=",
        "t9eLbA9Cp6oF341WWqYkVyn01tLPRn7LS+GTAijRNFM=",
        "YPJcyYtkKGmEXYJd13LJfXP1mMXWb6kOImWokVQrdJ0=",
    ];
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(tree(&leaves[..size]).root().to_string(), *root);
        assert_eq!(root_of(&leaves[..size]).to_string(), *root);
    }
    let last = base64("mogBldQ9oiisil+TiLpmEfQvm4OyZSSXYvnfn07Jm+8=");
    assert_eq!(inclusion_proof(&leaves, 1), [leaves[0], last]);
    assert_eq!(consistency_proof(&leaves, 2), [last]);
}

/// The eight leaves of the tests of Certificate Transparency (google/certificate-transparency, `merkle_tree_test.cc`).
#[test]
fn the_trees_of_certificate_transparency() {
    let entries: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    for (at, root) in roots.iter().enumerate() {
        assert_eq!(tree(&leaves[..=at]).root().hex(), *root);
    }
    let proof = [
        hex("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
        hex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
        hex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ];
    assert_eq!(consistency_proof(&leaves, 6), proof);
    assert!(continues(6, 8, hex(roots[5]), hex(roots[7]), &proof));
    assert!(!continues(6, 8, hex(roots[4]), hex(roots[7]), &proof));
}

#[test]
fn every_entry_of_every_small_tree_is_proven_and_nothing_else_is() {
    for size in 1..SIZES {
        let leaves = leaves(size);
        let root = root_of(&leaves);
        let long = size as u64;
        for (at, leaf) in leaves.iter().enumerate() {
            let index = at as u64;
            let path = inclusion_proof(&leaves, at);
            assert!(includes(index, long, *leaf, &path, root), "{at} of {size}");
            assert!(!includes(index, long, flipped(*leaf, at), &path, root));
            assert!(!includes(index, long, *leaf, &path, flipped(root, at)));
            assert!(!includes(long, long, *leaf, &path, root));
            assert!(index + 1 == long || !includes(index + 1, long, *leaf, &path, root), "{at} of {size}");
            for place in 0..path.len() {
                let mut wrong = path.clone();
                wrong[place] = flipped(path[place], at + place);
                assert!(!includes(index, long, *leaf, &wrong, root), "{at} of {size}");
                wrong.remove(place);
                assert!(!includes(index, long, *leaf, &wrong, root), "{at} of {size}");
            }
            let longer: Vec<_> = path.iter().copied().chain([root]).collect();
            assert!(!includes(index, long, *leaf, &longer, root));
        }
    }
}

#[test]
fn every_small_tree_continues_all_before_it_and_no_other() {
    for new in 1..SIZES {
        let leaves = leaves(new);
        let root = root_of(&leaves);
        for old in 0..=new {
            let (before, path) = (root_of(&leaves[..old]), consistency_proof(&leaves, old));
            let (short, long) = (old as u64, new as u64);
            assert!(continues(short, long, before, root, &path), "{old} to {new}");
            assert!(!continues(short, long, flipped(before, new), root, &path), "{old} to {new}");
            assert!(old == 0 || !continues(short, long, before, flipped(root, old), &path), "{old} to {new}");
            assert!(old == new || !continues(long, short, root, before, &path), "{old} to {new}");
            for place in 0..path.len() {
                let mut wrong = path.clone();
                wrong[place] = flipped(path[place], old + place);
                assert!(!continues(short, long, before, root, &wrong), "{old} to {new}");
                wrong.remove(place);
                assert!(!continues(short, long, before, root, &wrong), "{old} to {new}");
            }
            let longer: Vec<_> = path.iter().copied().chain([root]).collect();
            assert!(!continues(short, long, before, root, &longer), "{old} to {new}");
        }
    }
    assert!(continues(0, 0, empty_root(), empty_root(), &[]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Larger trees, and a log that has changed an entry which it had signed.
    #[test]
    fn a_changed_entry_breaks_what_was_proven(size in 71_usize..1500, one in any::<prop::sample::Index>(), bit in 0_usize..256) {
        let honest = leaves(size);
        let changed = one.index(size);
        let mut forged = honest.clone();
        forged[changed] = flipped(honest[changed], bit);
        let (root, wrong) = (root_of(&honest), root_of(&forged));
        let long = size as u64;
        prop_assert_eq!(tree(&honest).root(), root);
        let index = changed as u64;
        prop_assert!(includes(index, long, honest[changed], &inclusion_proof(&honest, changed), root));
        prop_assert!(!includes(index, long, forged[changed], &inclusion_proof(&forged, changed), root));
        // A checkpoint from before the change is a proof against it; one that does not cover it is not.
        let after = changed + 1;
        if after < size {
            let old = root_of(&honest[..after]);
            prop_assert!(continues(after as u64, long, old, root, &consistency_proof(&honest, after)));
            prop_assert!(!continues(after as u64, long, old, wrong, &consistency_proof(&forged, after)));
        }
        let old = root_of(&honest[..changed]);
        prop_assert!(continues(index, long, old, wrong, &consistency_proof(&forged, changed)));
    }

    /// What is stored between two appends is all that is needed.
    #[test]
    fn the_edge_survives_being_stored(size in 0_usize..600) {
        let leaves = leaves(size + 1);
        let stored = tree(&leaves[..size]).to_bytes();
        let mut again = Frontier::from_bytes(&stored).unwrap();
        again.append(leaves[size]);
        prop_assert_eq!(again.root(), root_of(&leaves));
        prop_assert_eq!(again.size(), size as u64 + 1);
        for length in (0..stored.len()).chain([stored.len() + 1, stored.len() + 32]) {
            let mut wrong = stored.clone();
            wrong.resize(length, 0);
            prop_assert!(Frontier::from_bytes(&wrong).is_err(), "{} bytes", length);
        }
    }
}

#[test]
fn the_edge_is_small_and_says_what_does_not_fit() {
    let tree = tree(&leaves(1000));
    assert_eq!(tree.to_bytes().len(), 8 + 32 * 6);
    let error = Frontier::from_bytes(&tree.to_bytes()[..40]).unwrap_err();
    assert_eq!(error, FrontierError { size: 1000, length: 40 });
    insta::assert_snapshot!(error, @"the right edge of the audit tree cannot be read: 40 bytes do not fit a tree of 1000 entries");
}

#[test]
fn a_hash_has_one_text() {
    let hash = leaf_hash(b"x");
    assert_eq!(TreeHash::from_hex(hash.hex().as_bytes()), Some(hash));
    assert_eq!(TreeHash::from_base64(&hash.to_string()), Some(hash));
    assert_eq!(TreeHash::from_hex(hash.hex().to_uppercase().as_bytes()), None);
    assert_eq!(TreeHash::from_hex(&hash.hex().as_bytes()[1..]), None);
    assert_eq!(TreeHash::from_base64(hash.to_string().trim_end_matches('=')), None);
}
