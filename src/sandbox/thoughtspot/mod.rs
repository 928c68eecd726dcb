//! A `ThoughtSpot` cluster, public REST API v1, below `/callosum/v1/tspublic/v1/`.
//!
//! It keeps users and groups, evaluates `user/sync` by itself, and answers with the shapes and
//! statuses of the vendor's API pages. Where those pages are silent, a [switch](Switches)
//! chooses between the behaviours a real cluster could have.
//!
//! Read `router.rs` first, then `difference.rs` (what a synchronisation would change: pure) and
//! `state.rs`. Every handler lives in a file named for its endpoint.

mod accounts;
mod apply;
mod control;
mod cycle;
mod difference;
mod emulator;
mod error;
mod header_list;
mod list;
mod password;
mod principal;
mod record;
mod requested_by;
mod router;
mod seed;
mod session;
mod state;
mod switches;
mod sync;
mod transfer;

#[cfg(test)]
mod tests;

pub use emulator::{Options, ThoughtSpot};
pub use principal::{PrincipalState, PrincipalType, Visibility};
pub use record::Record;
pub use seed::SeedError;
pub use switches::{ListMail, RequestedBy, Switches, UnknownGroup, UpdatedLists};
