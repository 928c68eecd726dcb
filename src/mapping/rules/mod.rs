//! The rules of a sync: who takes part, under which name, in which groups, with which values.
//!
//! May import what `mapping` may. Read `shape` first (what can be said), then `walk` (the order in which it is done).
//!
//! Promises: `when`, then the patterns, then names, grants and values, all computed from the record as it was read; a
//! record on which any rule fails is set aside whole, with the place of that rule; whoever is set aside is protected
//! under the source's name, the target's name and the id, and where the target's name cannot be worked out, the reading
//! counts as unproven.

mod inquiry;
mod naming;
mod protect;
mod shape;
#[cfg(test)]
mod tests;
mod values;
mod walk;

pub use inquiry::{Answer, Evaluation, GrantAnswer, Inquiry, NameAnswer, PatternAnswer, SetAnswer};
pub use naming::Naming;
pub use shape::{Grant, KindRules, NameRule, Nested, Rules, Setting};
pub(super) use walk::{apply, apply_with};
