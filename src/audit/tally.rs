use super::fault::Fault;
use super::key::VerifyingKey;
use super::tree::TreeHash;

/// More faults than a person reads; the rest are counted.
const MOST: usize = 100;

/// Why a key is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The auditor has it by a way of their own.
    Given,
    /// It came with the trail: whoever made the trail made it too.
    Beside,
    /// A signed record of the trail says that it follows.
    Rotated,
}

/// A key, why it is believed, and how many checkpoints it has signed that fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    pub key: VerifyingKey,
    pub trust: Trust,
    pub checkpoints: u64,
}

/// What was gone through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// The name of the log, once a checkpoint fitted.
    pub origin: Option<String>,
    /// Records of the tree, also those that are not here.
    pub size: u64,
    /// None where a gap leaves it unknown.
    pub root: Option<TreeHash>,
    /// `time` of the first and of the last record that are here.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Checkpoints that were given, and those of them that are signed and fit.
    pub checkpoints: u64,
    pub proven: u64,
    /// The records that the last fitting checkpoint is about.
    pub covered: u64,
    /// The records that the last signed checkpoint is about, whether it fits or not.
    pub signed: u64,
    /// Records of which there is only the hash.
    pub absent: u64,
    /// What records say was purged, both ends included.
    pub purged: Vec<(u64, u64)>,
    pub signers: Vec<Signer>,
}

/// A trail that is not as it was written and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub tally: Tally,
    /// In the order of the file; those without a place follow.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub unlisted: u64,
}

/// The first items, and how many more there were.
#[derive(Debug)]
pub(super) struct Listed<T> {
    pub(super) items: Vec<T>,
    pub(super) unlisted: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { items: Vec::new(), unlisted: 0 }
    }
}

impl<T> Listed<T> {
    pub(super) fn push(&mut self, item: T) {
        if self.items.len() < MOST {
            self.items.push(item);
        } else {
            self.unlisted += 1;
        }
    }

    pub(super) fn extend(&mut self, items: impl Iterator<Item = T>, unlisted: u64) {
        for item in items {
            self.push(item);
        }
        self.unlisted += unlisted;
    }
}
