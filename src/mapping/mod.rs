//! From a source's records to what is desired: collisions, the rules of the sync, and what the target can hold. Pure.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`desire`] first, then [`rules`].
//!
//! Promises: a record that is set aside never causes a removal; two records that the target would take for one are
//! both set aside, each naming where the other stands.

mod circles;
mod desire;
pub mod expression;
mod hierarchy;
pub mod rules;
mod scope;
#[cfg(test)]
mod tests;
pub mod trial;

pub use circles::cycles;
pub use desire::{Mapped, desire};
pub use hierarchy::{DEPTH, Hierarchy};
pub use rules::{Naming, Rules};
pub use scope::{KindScope, Scope};
pub use trial::Trial;
