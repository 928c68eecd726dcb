//! Somebody has changed the files of an export: whatever it was is found, and where.

use proptest::prelude::*;
use proptest::sample::Index;

use super::trail::{Trail, line};
use crate::audit::{Fault, VerifyingKey};

const RECORDS: u64 = 2000;

fn trail() -> Trail {
    Trail::new(RECORDS, &[700, 1400, 2000])
}

/// Places that look like chance and are always the same.
fn places(count: usize, below: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |at| (at * 7919 + 13) * 104_729 % below)
}

#[test]
fn a_byte_anywhere() {
    let trail = trail();
    let bytes = trail.bytes();
    for at in places(40, bytes.len()) {
        let mut wrong = bytes.clone();
        wrong[at] ^= 1 << (at % 8);
        let number = bytes[..at].split(|byte| *byte == b'\n').count() as u64 - 1;
        let faults = trail.verdict_of(&wrong, &[]).unwrap_err().faults;
        assert_eq!(faults[0], Fault::Changed { line: Some(number + 1), seq: number }, "byte {at}");
        let is_split = (bytes[at] == b'\n') != (wrong[at] == b'\n');
        assert!(is_split || faults.len() == 1, "byte {at}: {faults:?}");
    }
}

#[test]
fn a_line_that_is_gone() {
    let trail = trail();
    for at in places(12, 1999).chain([0, 1998]) {
        let mut wrong = trail.clone();
        wrong.lines.remove(at);
        let seq = at as u64;
        assert_eq!(wrong.faults(), [Fault::Missing { line: Some(seq + 1), from: seq, to: seq }]);
    }
    let mut wrong = trail.clone();
    wrong.lines.drain(100..300);
    wrong.lines.remove(1000);
    let gone = |line, from, to| Fault::Missing { line: Some(line), from, to };
    assert_eq!(wrong.faults(), [gone(101, 100, 299), gone(1001, 1200, 1200)]);
}

#[test]
fn two_lines_in_each_others_place() {
    let trail = trail();
    for (one, other) in
        places(10, 1000).zip(places(10, 999).map(|at| 1000 + at)).chain([(5, 6), (0, 1999), (1998, 1999)])
    {
        let mut wrong = trail.clone();
        wrong.lines.swap(one, other);
        let (one, other) = (one as u64, other as u64);
        let out = |here, seq| Fault::Displaced { line: here + 1, lines: 1, seq, expected: Some(here) };
        assert_eq!(wrong.faults(), [out(one, other), out(other, one)]);
    }
}

#[test]
fn lines_that_were_moved_or_added() {
    let trail = trail();
    let mut wrong = trail.clone();
    let block: Vec<_> = wrong.lines.drain(100..200).collect();
    wrong.lines.splice(400..400, block);
    let moved = [
        Fault::Missing { line: Some(101), from: 100, to: 199 },
        Fault::Displaced { line: 401, lines: 100, seq: 100, expected: None },
    ];
    assert_eq!(wrong.faults(), moved);

    let mut wrong = trail.clone();
    wrong.lines.insert(50, line(50).replace("done", "gone"));
    wrong.lines.insert(900, line(20));
    let added = [Fault::Added { line: 51 }, Fault::Displaced { line: 901, lines: 1, seq: 20, expected: None }];
    assert_eq!(wrong.faults(), added);

    let mut wrong = trail.clone();
    wrong.lines.push("{}".into());
    assert_eq!(wrong.faults(), [Fault::Added { line: 2001 }]);
    wrong.lines[2000] = line(2000);
    assert_eq!(
        wrong.faults(),
        [Fault::LeavesShort { line: 2001, seq: 2000 }, Fault::Unsigned { from: 2000, to: 2000 }]
    );
}

#[test]
fn the_end_cut_off() {
    let trail = trail();
    for kept in [1999, 1400, 1399, 1, 0] {
        let mut wrong = trail.clone();
        wrong.lines.truncate(kept);
        let from = kept as u64;
        assert_eq!(wrong.faults(), [Fault::CutShort { line: Some(from + 1), from, to: 1999 }]);
        // With its hashes only the checkpoint knows.
        wrong.leaves.as_mut().unwrap().truncate(kept * 65);
        assert_eq!(wrong.faults(), [Fault::Beyond { size: 2000, found: from }]);
        // With its checkpoints too, nothing tells but a checkpoint that was kept elsewhere.
        let last = wrong.notes.pop().unwrap();
        wrong.notes.truncate(if kept >= 1400 { 2 } else { 0 });
        let found = wrong.verdict_of(&wrong.bytes(), &[&last]).unwrap_err().faults;
        assert_eq!(found, [Fault::Beyond { size: 2000, found: from }]);
    }
    let bytes = trail.bytes();
    let found = trail.verdict_of(&bytes[..bytes.len() - 1], &[]).unwrap_err().faults;
    assert_eq!(found, [Fault::Unended { line: 2000 }]);
    let found = trail.verdict_of(&bytes[..bytes.len() - 9], &[]).unwrap_err().faults;
    assert_eq!(found, [Fault::Changed { line: Some(2000), seq: 1999 }, Fault::Unended { line: 2000 }]);
}

#[test]
fn a_hash_beside_the_trail() {
    let trail = trail();
    let leaves = trail.leaves.clone().unwrap();
    for at in places(12, leaves.len()) {
        let mut wrong = trail.clone();
        let mut bytes = leaves.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        wrong.leaves = Some(String::from_utf8(bytes).unwrap());
        let seq = at as u64 / 65;
        let damaged = Fault::LeavesDamaged { line: seq + 1 };
        let changed = Fault::LeafChanged { line: Some(seq + 1), seq };
        assert_eq!(wrong.faults(), [if at % 65 == 64 { damaged } else { changed }]);
    }
    let mut wrong = trail.clone();
    wrong.leaves = Some(leaves[..65 * 900 + 20].to_owned());
    assert_eq!(wrong.faults(), [Fault::LeavesDamaged { line: 901 }]);
    wrong.leaves = Some(leaves[..65 * 900].to_owned());
    assert_eq!(wrong.faults(), [Fault::LeavesShort { line: 901, seq: 900 }]);
    wrong.leaves = Some(leaves[1..].to_owned());
    assert_eq!(wrong.faults(), [Fault::LeavesDamaged { line: 1 }]);
    // Both, so that they fit each other: the signature does not.
    wrong.lines[900] = wrong.lines[900].replace("done", "gone");
    wrong.leaves = Trail::of(wrong.lines.clone(), &[]).leaves;
    assert_eq!(wrong.faults(), [Fault::Root { after: 700, size: 1400, others: 1 }]);
}

#[test]
fn a_byte_of_the_checkpoints_or_of_the_key() {
    let trail = Trail::new(3, &[2, 3]);
    let notes = trail.notes.join("\n");
    for at in 0..notes.len() {
        for bit in [0, 5] {
            let mut bytes = notes.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            // What is not UTF-8 is not read at all.
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let wrong = Trail { notes: vec![text], ..trail.clone() };
            assert!(wrong.verdict().is_err(), "byte {at}, bit {bit}: {}", wrong.notes[0]);
        }
    }
    let key = trail.keys[0].to_string();
    for at in 0..key.len() {
        let mut bytes = key.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(VerifyingKey::parse(&text).is_err(), "{text}");
    }
}

/// What somebody does to the lines.
#[derive(Debug, Clone)]
enum Deed {
    Drop(Index),
    Swap(Index, Index),
    Repeat(Index, Index),
    Move(Index, Index),
    Add(Index),
    Change(Index),
    Cut(Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Deed::Drop),
        (at(), at()).prop_map(|(one, other)| Deed::Swap(one, other)),
        (at(), at()).prop_map(|(one, other)| Deed::Repeat(one, other)),
        (at(), at()).prop_map(|(one, other)| Deed::Move(one, other)),
        at().prop_map(Deed::Add),
        at().prop_map(Deed::Change),
        at().prop_map(Deed::Cut),
    ]
}

impl Deed {
    fn to(&self, lines: &mut Vec<String>) {
        let length = lines.len();
        if length < 2 {
            return;
        }
        match self {
            Self::Drop(at) => drop(lines.remove(at.index(length))),
            Self::Swap(one, other) => lines.swap(one.index(length), other.index(length)),
            Self::Repeat(from, to) => lines.insert(to.index(length + 1), lines[from.index(length)].clone()),
            Self::Move(from, to) => {
                let line = lines.remove(from.index(length));
                lines.insert(to.index(length), line);
            }
            Self::Add(at) => {
                lines.insert(at.index(length + 1), line(at.index(length) as u64).replace("done", "hidden"));
            }
            Self::Change(at) => {
                let at = at.index(length);
                lines[at] = lines[at].replacen('u', "U", 1);
            }
            Self::Cut(at) => lines.truncate(at.index(length)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Several at once, and no signature was touched: broken exactly when something differs, and the first place that is
    /// told is the first that differs.
    #[test]
    fn anything_done_to_the_lines_is_located(deeds in proptest::collection::vec(deed(), 1..5)) {
        let honest = Trail::new(40, &[13, 40]);
        let mut wrong = honest.clone();
        for deed in &deeds {
            deed.to(&mut wrong.lines);
        }
        let same = honest.lines.iter().zip(&wrong.lines).take_while(|(one, other)| one == other).count();
        match wrong.verdict() {
            Ok(_) => prop_assert_eq!(honest.lines, wrong.lines),
            Err(broken) => {
                prop_assert_ne!(&honest.lines, &wrong.lines);
                prop_assert_eq!(broken.faults[0].line(), Some(same as u64 + 1), "{:?}", broken.faults);
            }
        }
    }

    /// Without the hashes it is found as well, though the place is told less exactly.
    #[test]
    fn anything_done_to_the_lines_is_found_without_hashes(deeds in proptest::collection::vec(deed(), 1..5)) {
        let mut wrong = Trail::new(40, &[13, 40]);
        wrong.leaves = None;
        let honest = wrong.lines.clone();
        for deed in &deeds {
            deed.to(&mut wrong.lines);
        }
        prop_assert_eq!(wrong.verdict().is_ok(), honest == wrong.lines);
    }
}
