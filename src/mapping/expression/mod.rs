//! The one expression language of the rules: what holds of a record (`when`), and what a value becomes (`set`).
//!
//! May import `principal` and [`hierarchy`](super::hierarchy). Read `engine` first (what the language has), then
//! `subject` (what a record looks like to it), then `condition` and `computed`.
//!
//! Promises: everything is compiled once; an unknown filter, test or function is found then, not at a record; an
//! evaluation ends, in a bounded number of steps, with a value or a sentence that says why there is none; nothing but
//! the record is seen. Variables are looked up one by one: a record is never copied.

mod computed;
mod condition;
mod engine;
mod fault;
mod subject;
#[cfg(test)]
mod tests;
mod words;

pub use computed::Computed;
pub use condition::Condition;
pub use engine::VARIABLES;
pub use fault::{Fault, Variable};
pub(super) use subject::Subject;
