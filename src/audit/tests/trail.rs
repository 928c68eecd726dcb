//! A trail of made-up records as the files of an export.

use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use crate::audit::{
    Bundle, Checkpoint, Exporter, Fault, SigningKey, Trust, Verdict, VerifyingKey, canonical, checkpoint_file,
};

pub(super) const LOG: &str = "recon.example.com/audit/prod";

/// The seed of RFC-like fame: 00, 01, … 1f.
pub(super) fn seed() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at).unwrap())
}

pub(super) fn key() -> SigningKey {
    SigningKey::new(LOG, &seed()).unwrap()
}

/// Another of the same log.
pub(super) fn other_key() -> SigningKey {
    SigningKey::new(LOG, &[7; 32]).unwrap()
}

/// A record that looks like one.
pub(super) fn line(seq: u64) -> String {
    let name = format!("u{seq:07}");
    let record = json!({
        "seq": seq, "time": format!("2026-07-01T08:{:02}:{:02}.000Z", seq / 60 % 60, seq % 60),
        "event": "change.outcome", "run": "0190-a", "sync": "corp-to-bi", "kind": "user", "name": name,
        "action": "update", "outcome": "done", "attempts": 1,
    });
    canonical(&record).unwrap()
}

/// What an export holds, to be changed before it is written.
#[derive(Clone)]
pub(super) struct Trail {
    pub(super) lines: Vec<String>,
    pub(super) leaves: Option<String>,
    pub(super) notes: Vec<String>,
    pub(super) keys: Vec<VerifyingKey>,
}

impl Trail {
    /// One with checkpoints of these sizes, signed by [`key`].
    pub(super) fn new(records: u64, sizes: &[u64]) -> Self {
        Self::of((0..records).map(line).collect(), sizes)
    }

    pub(super) fn of(lines: Vec<String>, sizes: &[u64]) -> Self {
        let (mut bytes, mut leaves) = (Vec::new(), Vec::new());
        let mut exporter = Exporter::new(&mut bytes, &mut leaves);
        for line in &lines {
            exporter.record(line).unwrap();
        }
        exporter.finish().unwrap();
        let notes = sizes.iter().map(|size| note(&lines[..usize::try_from(*size).unwrap()], &[&key()])).collect();
        Self { lines, leaves: Some(String::from_utf8(leaves).unwrap()), notes, keys: vec![key().public().clone()] }
    }

    /// The records as they are, each ended.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>().into_bytes()
    }

    pub(super) fn verdict(&self) -> Verdict {
        self.verdict_of(&self.bytes(), &[])
    }

    /// With other bytes for its records, and checkpoints that were kept elsewhere.
    pub(super) fn verdict_of(&self, bytes: &[u8], kept: &[&str]) -> Verdict {
        let folder = TempDir::new().unwrap();
        let bundle = Bundle::of(&folder.path().join("trail.jsonl"));
        std::fs::write(folder.path().join("trail.jsonl"), bytes).unwrap();
        if let Some(leaves) = &self.leaves {
            std::fs::write(bundle.leaves(), leaves).unwrap();
        }
        if !self.notes.is_empty() {
            std::fs::write(bundle.checkpoints(), checkpoint_file(self.notes.iter().map(String::as_str))).unwrap();
        }
        let kept: Vec<PathBuf> = kept
            .iter()
            .enumerate()
            .map(|(at, note)| {
                let path = folder.path().join(format!("kept-{at}"));
                std::fs::write(&path, note).unwrap();
                path
            })
            .collect();
        bundle.verify(self.keys.iter().map(|key| (key.clone(), Trust::Given)).collect(), &kept).unwrap()
    }

    #[track_caller]
    pub(super) fn faults(&self) -> Vec<Fault> {
        self.verdict().expect_err("it is broken").faults
    }
}

/// The note of a tree of these lines.
pub(super) fn note(lines: &[String], keys: &[&SigningKey]) -> String {
    let mut exporter = Exporter::new(Vec::new(), Vec::new());
    for line in lines {
        exporter.record(line).unwrap();
    }
    Checkpoint::of(LOG, &exporter.finish().unwrap()).sign(keys)
}
