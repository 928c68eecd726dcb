//! Alteryx Server, through users and custom user groups of its API V3.
//!
//! The list of groups has no members and no user record has groups: each group is read by itself, and the list once
//! more afterwards, to prove that nothing came or went meanwhile. An update replaces a whole record, so that the record
//! is read just before, changed, and sent back with everything in it. A user who leaves is deactivated.
//!
//! Read `target.rs` first, then `read.rs` and `convert.rs` (their records and ours), `attributes.rs`, `perform.rs` with
//! `members.rs` and `retire.rs`, `judge.rs`, `api.rs` and `wire.rs` (requests and their JSON).
//! May import `principal`, `plan`, `connector` and `http`.
//!
//! Promises: an addition to a group counts only for whom the answer, or the group itself, shows; nobody is chosen among
//! groups of one name; what an answer does not say clearly is settled by reading.

mod api;
mod attributes;
mod config;
mod convert;
mod judge;
mod members;
mod perform;
mod read;
mod retire;
mod target;
#[cfg(test)]
mod tests;
mod wire;

pub use config::{AccountName, AlteryxConfig, Auth, Credentials, Role};
pub use target::Alteryx;
