use crate::connector::Memory;
use crate::plan::{Capabilities, Current, Ledger, Memories};
use crate::principal::Kind;

/// What is settled besides, once the run has ended well.
#[derive(Default)]
pub struct Aftermath {
    /// Folded names of principals in this sync's care, and of leavers, that the target no longer has.
    pub(super) gone: Vec<(Kind, String)>,
    /// Who was on the way out before this run.
    pub(super) leavers: Ledger,
    /// Folded names of those with whom a person has undone what rollcall did about their leaving.
    pub(super) undone: Vec<(Kind, String)>,
    /// Folded names of those whom rollcall had switched off and a person switched on again.
    pub(super) on_again: Vec<(Kind, String)>,
    /// What sources keep of their readings, by name.
    pub(super) memories: Vec<(String, Memory)>,
    /// What is to be remembered of those who come into this sync's care as they are.
    pub(super) adopted: Memories,
}

impl Aftermath {
    /// From what was remembered, and what the target shows by now.
    pub(super) fn new(ledger: Ledger, current: &Current, can: &Capabilities, memories: Vec<(String, Memory)>) -> Self {
        Self {
            gone: ledger.missing_from(current),
            undone: ledger.undone_in(&current.set, can),
            on_again: ledger.on_again_in(&current.set),
            leavers: ledger.into_leavers(),
            memories,
            adopted: Memories::default(),
        }
    }
}
