//! Users and groups from a JSON file: the array of principals of `ThoughtSpot`'s `/user/sync`.
//!
//! Read [`read`] first.
//!
//! Promises: every strict prefix of a file is a failed reading (but for blanks after the closing bracket); a record
//! that cannot be used is set aside alone; no depth of nesting exhausts the stack.

mod config;
mod read;
mod sketch;
mod source;
#[cfg(test)]
mod tests;

pub use config::JsonConfig;
pub(super) use read::{Counted, parse};
