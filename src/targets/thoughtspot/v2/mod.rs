//! ThoughtSpot by its API v2: `users/search` and `groups/search` to read, one call for each thing that is done.
//!
//! Read `target.rs` first, then `pages.rs` (why a listing is believed), `reading.rs` (which rows are meant), `bodies.rs`
//! (what is sent) and `perform.rs`. Facts are from the vendor's machine-readable description and from what third parties
//! measured on live clusters; what is assumed stands behind a setting.
//!
//! Promises: no update is sent without its operation, and never REPLACE, which empties what a body does not name; a
//! listing that could lack somebody is an error; nothing is done in another org than the one that is meant.

mod access;
mod api;
mod bodies;
mod convert;
mod judge;
mod pages;
mod perform;
mod reading;
mod target;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use access::Access;
pub(super) use target::Manner;
pub use target::ThoughtspotV2;
