//! Users and groups that somebody pushes to the daemon: a whole list, which counts until the next one.
//!
//! Read [`list`] first (what is taken in), then `unfit.rs` and [`source`].
//!
//! Promises: a list with a record that cannot be used, or that every run would set aside, is refused whole, and so is one
//! without records; a source that never got a list is a failed
//! reading, never an empty one; what is kept of a list holds no password.

mod config;
mod list;
mod source;
#[cfg(test)]
mod tests;
mod unfit;

pub use config::PushConfig;
pub use list::{ListFault, NewList};
