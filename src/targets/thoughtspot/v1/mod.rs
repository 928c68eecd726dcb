//! ThoughtSpot by its API v1: `session/login`, `user/list`, `user/sync`, `user/transfer/ownership`.
//!
//! Read [`target`] first. The payload of `user/sync` is the whole current list with the plan's edits applied: whoever
//! is not in it would be removed. Facts are from the vendor's "User API" page and its public clients; what is assumed
//! stands behind a setting.

mod api;
mod apply;
mod expected;
mod session;
mod target;
#[cfg(test)]
mod tests;
mod wire;

pub use target::Thoughtspot;
