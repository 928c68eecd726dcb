//! Looking on while a plan is made.

use crate::mapping::{Mapped, Sifted};
use crate::plan::{Current, Ledger, Passed, Plan, Policy};
use crate::principal::{PrincipalSet, Record};

/// Sees what a plan is made of, at each step the very values that go on to the next one. It changes nothing.
pub(super) trait Witness: Send {
    /// Each source as it was read and sifted, in the order of `from`.
    fn read(&mut self, _sources: &[(String, Sifted)]) {}

    /// All sources as one, before the rules.
    fn merged(&mut self, _whole: &Sifted, _current: &Current, _ledger: &Ledger) {}

    /// What the rules made of it, before it is bent to what the target can hold.
    fn ruled(&mut self, _set: &PrincipalSet) {}

    /// What is desired of the target.
    fn desired(&mut self, _mapped: &Mapped, _current: &Current, _ledger: &Ledger, _policy: &Policy) {}

    /// A principal of which the plan has nothing to say.
    fn passed(&mut self, _record: &Record, _why: Passed) {}

    /// The plan before the guard, who moved told.
    fn decided(&mut self, _plan: &Plan) {}

    /// What `drift` holds of it.
    fn drifted(&mut self, _plan: &Plan) {}
}

/// Nobody looks on.
pub(super) struct Nobody;

impl Witness for Nobody {}
