use crate::plan::{Change, Coverage, Whole};

/// One change of a run, and whether it was done.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    pub change: &'a Change,
    /// The outcome of it in the report was `done`.
    pub done: bool,
}

impl Deed<'_> {
    /// The token for taking it back.
    ///
    /// A removal needs the proof that nothing was missed because it is inferred from what is missing: whoever is in no
    /// reading is gone. Here nothing is inferred. That this principal is to go, or to leave that group, is told by the
    /// journal of a run of ours which made it so, and the target itself shows it as that run left it. So the proof is of
    /// the two things that are looked at: the deed was done, and the target was read to its end.
    pub(super) fn whole(&self, target: &Coverage) -> Option<Whole> {
        target.whole().filter(|_| self.done)
    }
}
