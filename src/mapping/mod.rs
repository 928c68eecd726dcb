//! From the sources' records to what is desired: collisions, the merge of several sources, the rules of the sync, lint,
//! and what the target can hold. Pure.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`sift`](sift()) first, then [`merge`](merge()),
//! [`desire`] and [`rules`].
//!
//! Promises: a record that is set aside never causes a removal; two records that the target would take for one are
//! both set aside, each naming where the other stands; one source is not merged, and costs nothing for it.

mod circles;
mod combine;
mod desire;
pub mod expression;
mod finding;
mod hierarchy;
mod link;
mod lint;
mod looks;
mod merge;
pub mod rules;
mod scope;
mod sift;
#[cfg(test)]
mod tests;
pub mod trial;

pub use circles::cycles;
pub use desire::{Mapped, desire, desire_seen};
pub use finding::{Finding, LintCode, Severity};
pub use hierarchy::{DEPTH, Hierarchy};
pub use merge::{MergeRule, claims, merge};
pub use rules::{Inquiry, Naming, Rules};
pub use scope::{KindScope, Scope};
pub use sift::{Measure, Sifted, sift};
pub use trial::Trial;
