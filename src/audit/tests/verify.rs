//! The verifier as a database feeds it, and what it makes of checkpoints and keys.

use serde_json::json;

use super::trail::{LOG, Trail, key, line, note, other_key};
use crate::audit::{
    Broken, Checkpoint, Fault, Flaw, Frontier, SigningKey, Tally, TreeHash, Trust, Verdict, Verifier, canonical,
    leaf_hash, verdict_json, verdict_text,
};

fn hash(line: &str) -> TreeHash {
    leaf_hash(line.as_bytes())
}

/// One of each, for the page that lists them.
pub(super) fn every_fault() -> Vec<Fault> {
    let (line, seq, why) = (Some(8), 7, String::from("why"));
    vec![
        Fault::Changed { line, seq },
        Fault::LeafChanged { line, seq },
        Fault::Missing { line, from: 7, to: 9 },
        Fault::CutShort { line, from: 7, to: 7 },
        Fault::Displaced { line: 8, lines: 1, seq: 9, expected: Some(7) },
        Fault::Displaced { line: 8, lines: 3, seq: 2, expected: None },
        Fault::Added { line: 8 },
        Fault::OutOfStep { line, found: 9, expected: 7 },
        Fault::Unreadable { line, seq, flaw: Flaw::NotCanonical },
        Fault::Unended { line: 8 },
        Fault::LeavesDamaged { line: 8 },
        Fault::LeavesShort { line: 8, seq },
        Fault::Root { after: 7, size: 10, others: 2 },
        Fault::Rewritten { after: 7, size: 10, others: 0 },
        Fault::Beyond { size: 10, found: 7 },
        Fault::Checkpoint { number: 2, why: why.clone() },
        Fault::Unproven { size: 10, why },
        Fault::Late { size: 7 },
        Fault::NoCheckpoint,
        Fault::Unsigned { from: 7, to: 9 },
    ]
}

/// Rows of a database: a line, and the hash beside it.
fn verdict(notes: &[&str], rows: &[(Option<&str>, TreeHash)]) -> Verdict {
    let mut verifier = Verifier::new(vec![(key().public().clone(), Trust::Given)]);
    for note in notes {
        verifier.checkpoint(note);
    }
    for (line, stored) in rows {
        match line {
            Some(line) => verifier.record(line.as_bytes(), Some(*stored)),
            None => verifier.absent(*stored),
        }
    }
    verifier.finish()
}

fn rows(lines: &[String]) -> Vec<(Option<&str>, TreeHash)> {
    lines.iter().map(|line| (Some(line.as_str()), hash(line))).collect()
}

#[track_caller]
fn faults(verdict: Verdict) -> Vec<Fault> {
    verdict.expect_err("it is broken").faults
}

fn lines(count: u64) -> Vec<String> {
    (0..count).map(line).collect()
}

#[test]
fn a_database_that_was_left_alone_is_whole() {
    let lines = lines(5);
    let (first, last) = (note(&lines[..2], &[&key()]), note(&lines, &[&key()]));
    let tally = verdict(&[&last, &first], &rows(&lines)).unwrap();
    let Tally { size, root, checkpoints, proven, covered, first, last, absent, .. } = tally;
    assert_eq!((size, checkpoints, proven, covered, absent), (5, 2, 2, 5, 0));
    let mut tree = Frontier::new();
    for line in &lines {
        tree.append(hash(line));
    }
    assert_eq!(root, Some(tree.root()));
    assert_eq!(first.as_deref(), Some("2026-07-01T08:00:00.000Z"));
    assert_eq!(last.as_deref(), Some("2026-07-01T08:00:04.000Z"));
    let empty = Checkpoint::of(LOG, &Frontier::new()).sign(&[&key()]);
    assert_eq!(verdict(&[&empty], &[]).unwrap().proven, 1);
}

#[test]
fn a_row_that_was_changed_deleted_or_put_in_is_named() {
    let lines = lines(6);
    let signed = note(&lines, &[&key()]);
    let changed = lines[2].replace("done", "gone");
    let mut rows = rows(&lines);
    rows[2].0 = Some(&changed);
    assert_eq!(faults(verdict(&[&signed], &rows)), [Fault::Changed { line: None, seq: 2 }]);
    // With its hash, only the signature tells, and only where.
    rows[2].1 = hash(&changed);
    assert_eq!(faults(verdict(&[&signed], &rows)), [Fault::Root { after: 0, size: 6, others: 0 }]);
    let first = note(&lines[..2], &[&key()]);
    let next = note(&lines[..3], &[&key()]);
    let found = faults(verdict(&[&signed, &first, &next], &rows));
    assert_eq!(found, [Fault::Root { after: 2, size: 3, others: 1 }]);
    // The hash alone.
    rows[2].0 = Some(&lines[2]);
    assert_eq!(faults(verdict(&[&signed], &rows)), [Fault::LeafChanged { line: None, seq: 2 }]);
    rows.remove(2);
    let gap = Fault::OutOfStep { line: None, found: 3, expected: 2 };
    assert_eq!(faults(verdict(&[&signed], &rows))[0], gap);
}

#[test]
fn without_stored_hashes_a_change_is_between_two_checkpoints() {
    let mut trail = Trail::new(9, &[3, 6, 9]);
    trail.leaves = None;
    assert!(trail.verdict().is_ok());
    trail.lines[4] = trail.lines[4].replace("done", "gone");
    assert_eq!(trail.faults(), [Fault::Root { after: 3, size: 6, others: 1 }]);
    let mut trail = Trail::new(9, &[3, 6, 9]);
    trail.leaves = None;
    trail.lines.remove(4);
    let gap = Fault::OutOfStep { line: Some(5), found: 5, expected: 4 };
    assert_eq!(trail.faults(), [gap, Fault::Beyond { size: 9, found: 8 }]);
}

#[test]
fn a_purge_that_the_trail_tells_of_is_no_gap() {
    let mut lines = lines(5);
    let purge = json!({ "seq": 5, "time": "t", "event": "retention.purged", "from": 0, "to": 1 });
    lines.push(canonical(&purge).unwrap());
    let signed = note(&lines, &[&key()]);
    let mut rows = rows(&lines);
    rows[0].0 = None;
    rows[1].0 = None;
    let tally = verdict(&[&signed], &rows).unwrap();
    assert_eq!((tally.absent, tally.purged, tally.size), (2, vec![(0, 1)], 6));
    // More than it tells of.
    rows[2].0 = None;
    assert_eq!(faults(verdict(&[&signed], &rows)), [Fault::Missing { line: None, from: 0, to: 2 }]);
    // The same as files.
    let mut trail = Trail::of(lines.clone(), &[6]);
    trail.lines.drain(..2);
    assert_eq!(trail.verdict().unwrap().absent, 2);
    trail.lines.drain(..3);
    assert_eq!(trail.lines.len(), 1);
    assert_eq!(trail.faults(), [Fault::Missing { line: Some(1), from: 0, to: 4 }]);
    // Who only says so, without a signature, is not believed.
    let rest = line(6);
    let purge = canonical(&json!({ "seq": 7, "time": "t", "event": "retention.purged", "from": 2, "to": 2 })).unwrap();
    rows.extend([(Some(rest.as_str()), hash(&rest)), (Some(purge.as_str()), hash(&purge))]);
    let found = faults(verdict(&[&signed], &rows));
    assert_eq!(found, [Fault::Missing { line: None, from: 0, to: 2 }, Fault::Unsigned { from: 6, to: 7 }]);
}

/// A trail in which record 3 hands over to another key.
fn rotated() -> Vec<String> {
    let public = other_key().public().to_string();
    let rotation = json!({ "seq": 3, "time": "t", "event": "key.rotated", "publicKey": public });
    let mut lines = lines(8);
    lines[3] = canonical(&rotation).unwrap();
    lines
}

#[test]
fn a_new_key_is_believed_once_the_old_one_has_signed_for_it() {
    let lines = rotated();
    let (old, new) = (key(), other_key());
    let both = note(&lines[..5], &[&old, &new]);
    let last = note(&lines, &[&new]);
    let tally = verdict(&[&both, &last], &rows(&lines)).unwrap();
    let signers: Vec<_> = tally.signers.iter().map(|signer| (signer.trust, signer.checkpoints)).collect();
    assert_eq!(signers, [(Trust::Given, 1), (Trust::Rotated, 1)]);
    // Without the old key's word for it the new one is nobody's.
    let found = faults(verdict(&[&last], &rows(&lines)));
    assert!(matches!(&found[..], [Fault::Unproven { size: 8, .. }, Fault::Unsigned { from: 0, to: 7 }]), "{found:?}");
    let early = note(&lines[..3], &[&old]);
    let found = faults(verdict(&[&early, &last], &rows(&lines)));
    assert!(matches!(&found[..], [Fault::Unproven { size: 8, .. }, Fault::Unsigned { from: 3, to: 7 }]), "{found:?}");
}

#[test]
fn a_forged_record_hands_over_to_nobody() {
    let (honest, forged) = (lines(8), rotated());
    let signed = note(&honest[..5], &[&key()]);
    let last = note(&honest, &[&other_key()]);
    let mut rows = rows(&honest);
    rows[3].0 = Some(&forged[3]);
    let found = faults(verdict(&[&signed, &last], &rows));
    assert!(found.contains(&Fault::Changed { line: None, seq: 3 }), "{found:?}");
    assert!(found.iter().any(|fault| matches!(fault, Fault::Unproven { size: 8, .. })), "{found:?}");
}

#[test]
fn a_checkpoint_that_was_kept_shows_that_history_was_signed_anew() {
    let honest = Trail::new(20, &[]);
    let kept = note(&honest.lines[..12], &[&key()]);
    let mut lines = honest.lines.clone();
    lines[4] = lines[4].replace("done", "gone");
    let mut trail = Trail::of(lines, &[8, 20]);
    assert!(trail.verdict().is_ok(), "who has the key can write another trail");
    let found = faults(trail.verdict_of(&trail.bytes(), &[&kept]));
    assert_eq!(found, [Fault::Rewritten { after: 8, size: 12, others: 0 }]);
    // Of the same size, in either order.
    let kept = note(&honest.lines, &[&key()]);
    let found = faults(trail.verdict_of(&trail.bytes(), &[&kept]));
    assert_eq!(found, [Fault::Rewritten { after: 20, size: 20, others: 0 }]);
    trail.notes.insert(0, kept);
    assert_eq!(trail.faults(), [Fault::Rewritten { after: 8, size: 20, others: 0 }]);
    // And that the end was cut off and signed anew.
    let short = Trail::of(honest.lines[..10].to_vec(), &[10]);
    let kept = note(&honest.lines[..12], &[&key()]);
    assert_eq!(faults(short.verdict_of(&short.bytes(), &[&kept])), [Fault::Beyond { size: 12, found: 10 }]);
}

#[test]
fn checkpoints_that_prove_nothing() {
    let lines = lines(4);
    let good = note(&lines, &[&key()]);
    let of = |notes: &[&str]| faults(verdict(notes, &rows(&lines)));
    assert_eq!(of(&[]), [Fault::NoCheckpoint]);
    assert_eq!(of(&[&note(&lines[..3], &[&key()])]), [Fault::Unsigned { from: 3, to: 3 }]);
    let found = of(&["nonsense", &good]);
    assert!(matches!(&found[..], [Fault::Checkpoint { number: 1, .. }]), "{found:?}");
    let found = of(&[&note(&lines, &[&other_key()])]);
    assert!(matches!(&found[..], [Fault::Unproven { size: 4, .. }, Fault::Unsigned { from: 0, to: 3 }]), "{found:?}");
    let found = of(&[&good.replacen(LOG, "elsewhere.example", 1)]);
    assert!(matches!(&found[0], Fault::Unproven { why, .. } if why.contains("was changed, or forged")), "{found:?}");
    // A key of the same owner for another log.
    let test = SigningKey::new("recon.example.com/audit/test", &[9; 32]).unwrap();
    let mut verifier = Verifier::new(vec![(test.public().clone(), Trust::Given)]);
    verifier.checkpoint(&note(&lines, &[&test]));
    for line in &lines {
        verifier.record(line.as_bytes(), None);
    }
    let found = faults(verifier.finish());
    assert!(matches!(&found[0], Fault::Unproven { why, .. } if why.contains("signed by a key of")), "{found:?}");
    // One that comes when it can no longer be compared.
    let mut verifier = Verifier::new(vec![(key().public().clone(), Trust::Given)]);
    for line in &lines {
        verifier.record(line.as_bytes(), None);
    }
    verifier.checkpoint(&good);
    verifier.checkpoint(&note(&lines[..2], &[&key()]));
    assert_eq!(faults(verifier.finish()), [Fault::Late { size: 2 }]);
}

#[test]
fn a_log_that_writes_nonsense_is_told_so_even_when_it_signs_it() {
    let mut lines = lines(6);
    lines[1] = r#"{"time":"t", "seq":1,"event":"e"}"#.into();
    lines[2] = "no json".into();
    lines[3] = r#"{"event":"e","seq":3}"#.into();
    lines[4] = line(9);
    let found = faults(verdict(&[&note(&lines, &[&key()])], &rows(&lines)));
    let unreadable = |seq, flaw| Fault::Unreadable { line: None, seq, flaw };
    assert_eq!(
        found,
        [
            unreadable(1, Flaw::NotCanonical),
            unreadable(2, Flaw::NotJson),
            unreadable(3, Flaw::Incomplete),
            Fault::OutOfStep { line: None, found: 9, expected: 4 },
            Fault::OutOfStep { line: None, found: 5, expected: 10 },
        ]
    );
}

#[test]
fn a_thousand_faults_are_counted_and_the_first_hundred_told() {
    let mut trail = Trail::new(1000, &[1000]);
    for line in &mut trail.lines {
        *line = line.replace("done", "gone");
    }
    let Broken { faults, unlisted, .. } = *trail.verdict().unwrap_err();
    assert_eq!((faults.len(), unlisted), (100, 900));
    assert_eq!(faults[99], Fault::Changed { line: Some(100), seq: 99 });
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, told from its beginning to its end")]
fn a_person_is_told_where_and_what_to_do() {
    let mut trail = Trail::new(2000, &[1000, 2000]);
    insta::assert_snapshot!(plain(&verdict_text(&trail.verdict())), @r#"
    The audit trail is whole: all 2000 records are as they were written and signed.
      log          recon.example.com/audit/prod
      size         2000
      root         SYlwz4Mr54rO/CyJ8JMF2WtEN1NBSXT5te3a9M4pKfw=
      time         2026-07-01T08:00:00.000Z to 2026-07-01T08:33:19.000Z
      checkpoints  2 of 2 signed and fitting, the last over 2000 records
      signed by    recon.example.com/audit/prod+0d8c88ec, 2 checkpoints
    "#);
    trail.lines[16] = trail.lines[16].replace("done", "gone");
    trail.lines.remove(1200);
    insta::assert_snapshot!(plain(&verdict_text(&trail.verdict())), @r#"
    The audit trail is broken: 2 faults, the first at line 17 (seq 16).
      changed · line 17 (seq 16) · the record is not the one that was written: its hash is another
      missing · line 1201 (seq 1200) · the record of seq 1200 is not here (1 record)
        do: keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it
      log          recon.example.com/audit/prod
      size         2000
      root         SYlwz4Mr54rO/CyJ8JMF2WtEN1NBSXT5te3a9M4pKfw=
      time         2026-07-01T08:00:00.000Z to 2026-07-01T08:33:19.000Z
      checkpoints  2 of 2 signed and fitting, the last over 2000 records
      not here     1 record, by its hash alone
      signed by    recon.example.com/audit/prod+0d8c88ec, 2 checkpoints
    "#);
    let all = Err(Box::new(Broken { tally: Tally::default(), faults: every_fault(), unlisted: 3 }));
    insta::assert_snapshot!(plain(&verdict_text(&all)), @r#"
    The audit trail is broken: 23 faults, the first at line 8 (seq 7).
      changed · line 8 (seq 7) · the record is not the one that was written: its hash is another
        do: keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it
      leaf-changed · line 8 (seq 7) · the record is the one that was signed, but the hash that is stored beside it was changed
        do: the records are judged by the checkpoint alone; export once more to have their hashes whole
      missing · line 8 (seq 7) · the records of seq 7 to 9 are not here (3 records)
        do: keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it
      cut-short · line 8 (seq 7) · the end is missing: the record of seq 7 is not here (1 record)
        do: was the file copied whole? Export once more; if that ends there too, records were deleted after they had been signed
      displaced · line 8 (seq 9) · this is the record of seq 9, out of its place: seq 7 belongs here
      displaced · line 8 (seq 2) · these are the records of seq 2 to 4, out of their place
      added · line 8 · a line that no record of the trail is: it was added
      out-of-step · line 8 (seq 7) · it is numbered 9, where 7 follows
      unreadable · line 8 (seq 7) · the record cannot be read: it is not in canonical form
        do: keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it
      unended · line 8 · the last line does not end: a newline is missing
        do: was the file copied whole? The record itself is complete
      leaves-damaged · the file of leaf hashes cannot be read from its line 8 on
      leaves-short · line 8 (seq 7) · the file of leaf hashes ends before this record
        do: the records are judged by the checkpoint alone; export once more to have their hashes whole
      root · seq 7 · the root of the first 10 records is not the one that was signed, nor are those of 2 later checkpoints: something among seq 7 to 9 was changed, and its hash with it
        do: compare these records with an earlier export, or with the reports of the runs; who made the change had access to the database
      rewritten · seq 7 · two stories were signed: the signed checkpoint of 10 records has another root than these records, and yet another signed checkpoint fits them
        do: one key has signed two stories: compare these records with an earlier export, and find out who has had the key
      beyond · seq 7 · the signed checkpoint tells of 10 records, and there are 7
        do: was the file copied whole? Export once more; if that ends there too, records were deleted after they had been signed
      checkpoint · checkpoint 2 cannot be used: why
      unproven · the checkpoint of 10 records proves nothing: why
        do: is it the right key? Ask the operator for the log's public key by another way than the export, and give it with --public-key
      late · the checkpoint of 7 records came after them and was not compared
        do: give checkpoints before the records that they are about
      no-checkpoint · there is no checkpoint, so nothing is signed
      unsigned · seq 7 · the records of seq 7 to 9 are after the last checkpoint, signed by nobody
        do: export once more: an export ends with a checkpoint; until then these records could be anybody's
      … and 3 more
      size         0
      root         unknown
      checkpoints  0 of 0 signed and fitting, the last over 0 records
    "#);
}

#[test]
fn a_program_is_told_the_same() {
    let mut trail = Trail::new(3, &[3]);
    trail.lines[1] = trail.lines[1].replace("done", "gone");
    insta::assert_snapshot!(verdict_json(&trail.verdict()), @r#"{"absent":0,"checkpoints":{"covered":3,"fitting":1,"given":1},"faults":[{"code":"changed","hint":"keep this copy as it is, export once more from the database, and compare the two; if both have it, somebody with access to the database did it","line":2,"seq":1,"text":"the record is not the one that was written: its hash is another"}],"first":"2026-07-01T08:00:00.000Z","keys":[{"checkpoints":1,"key":"recon.example.com/audit/prod+0d8c88ec+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4","trust":"given"}],"last":"2026-07-01T08:00:02.000Z","log":"recon.example.com/audit/prod","purged":[],"root":"xXyGqESi+R8+DIoJA8qm6lphSlo6iaZJ/fXn6CF/LHI=","schema":"rollcall.audit-verification/v1","size":3,"unlisted":0,"whole":false}"#);
}

/// Without colours, which are stripped where the text is printed.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
