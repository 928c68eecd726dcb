/// What proves that a reading is whole, and which proof is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    pub proofs: Vec<String>,
    pub missing: Vec<String>,
}

impl Coverage {
    /// A reading proved whole by `proof`.
    #[must_use]
    pub fn proved(proof: impl Into<String>) -> Self {
        Self { proofs: vec![proof.into()], missing: Vec::new() }
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }

    /// The token without which no removal can be made; none where a proof is missing.
    #[must_use]
    pub fn whole(&self) -> Option<Whole> {
        self.is_whole().then_some(Whole(()))
    }

    /// Both readings together: whole only if each is.
    pub fn join(&mut self, other: Self) {
        self.proofs.extend(other.proofs);
        self.missing.extend(other.missing);
    }
}

/// Witness that every reading which a removal stands on was read to its end: of every source, for a leaver; of the
/// target, for what a run of ours did and an undo takes back ([`Deed`](super::Deed)). Only [`Coverage::whole`] makes
/// one.
#[derive(Debug, Clone, Copy)]
pub struct Whole(());
