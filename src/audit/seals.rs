//! Who may sign, and who did.

use super::checkpoint::Checkpoint;
use super::key::VerifyingKey;
use super::note::Note;
use super::tally::{Signer, Trust};

/// The keys that are believed. They only become more: a key that was replaced has still signed what it has signed.
pub(super) struct Seals(Vec<Signer>);

impl Seals {
    pub(super) fn new(keys: Vec<(VerifyingKey, Trust)>) -> Self {
        let signers = keys.into_iter().map(|(key, trust)| Signer { key, trust, checkpoints: 0 });
        Self(signers.collect())
    }

    /// Believes a key that a proven record names.
    pub(super) fn trust(&mut self, key: VerifyingKey) {
        if self.0.iter().all(|signer| signer.key != key) {
            self.0.push(Signer { key, trust: Trust::Rotated, checkpoints: 0 });
        }
    }

    /// Which of the keys have signed a checkpoint, by their places. A key signs for the log of its own name alone (C2SP
    /// tlog-checkpoint, "Signatures").
    pub(super) fn signers(&self, checkpoint: &Checkpoint, note: &Note) -> Result<Vec<usize>, String> {
        let signers = note.verify(self.0.iter().map(|signer| &signer.key)).map_err(|error| error.to_string())?;
        let has_signed =
            |(_, signer): &(usize, &Signer)| signer.key.name() == checkpoint.origin && signers.contains(&&signer.key);
        let places: Vec<_> = self.0.iter().enumerate().filter(has_signed).map(|(at, _)| at).collect();
        match signers.first() {
            Some(other) if places.is_empty() => {
                Err(format!("it is of the log {}, and signed by a key of {}", checkpoint.origin, other.name()))
            }
            _ => Ok(places),
        }
    }

    pub(super) fn count(&mut self, places: &[usize]) {
        for place in places {
            self.0[*place].checkpoints += 1;
        }
    }

    pub(super) fn into_signers(self) -> Vec<Signer> {
        self.0
    }
}
