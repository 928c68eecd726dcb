//! From a source's records to what is desired: scope, collisions, and what the target can hold. Pure.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`. Read [`desire`] first.
//!
//! Promises: a record that is set aside never causes a removal; two records that the target would take for one are
//! both set aside, each naming where the other stands.

mod desire;
mod scope;
#[cfg(test)]
mod tests;

pub use desire::{Mapped, desire};
pub use scope::{KindScope, Scope};
