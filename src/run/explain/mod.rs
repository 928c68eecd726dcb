//! Why one principal gets what it gets: its way through the very run that decides on it, or through a saved plan.
//!
//! Read `trail` first (what is noted while the plan is made), then `tell` (what becomes of it in the end).
//!
//! Promises: nothing is worked out a second time that a run works out; nothing is written, neither to a target nor to
//! what is remembered.

mod conclude;
mod decided;
mod follow;
mod saved;
mod tell;
mod trail;

pub use saved::explain_saved;
pub use tell::explain;
