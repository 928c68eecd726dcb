//! Public REST API v2, below `/api/rest/2.0/`, on the principals of the cluster that API v1 shows.
//!
//! Paths, members, defaults and answers are those of the vendor's machine-readable description; what it leaves open or
//! what live clusters were seen to do otherwise is a [switch](Switches).
//!
//! Read `router.rs` first, then `ask.rs` (how a body is read), `search.rs` (pages) and `user_edit.rs` (what a write
//! does). May import the rest of the emulator of this product, and no other.

mod answer;
mod ask;
mod assign;
mod error;
mod group_edit;
mod group_import;
mod group_search;
mod groups;
mod import;
mod operation;
mod passwords;
mod resolve;
mod router;
mod search;
mod sessions;
mod show_group;
mod show_user;
mod status;
mod switches;
mod system;
mod tokens;
mod user_edit;
mod user_import;
mod user_search;
mod users;

#[cfg(test)]
mod tests;

pub(super) use error::refuse;
pub(super) use router::router;
pub use switches::{ErrorShape, ReleaseVersion, Switches};
