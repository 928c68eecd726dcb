//! From the sources' records to what is desired: collisions, the merge of several sources, scope, lint, and what the
//! target can hold. Pure.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`sift`](sift()) first, then [`merge`](merge())
//! and [`desire`].
//!
//! Promises: a record that is set aside never causes a removal; two records that the target would take for one are
//! both set aside, each naming where the other stands; one source is not merged, and costs nothing for it.

mod combine;
mod cycles;
mod desire;
mod finding;
mod link;
mod lint;
mod looks;
mod merge;
mod scope;
mod sift;
#[cfg(test)]
mod tests;

pub use desire::{Mapped, desire};
pub use finding::{Finding, LintCode, Severity};
pub use merge::{MergeRule, merge};
pub use scope::{KindScope, Scope};
pub use sift::{Measure, Sifted, sift};
