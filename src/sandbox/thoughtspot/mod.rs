//! A `ThoughtSpot` cluster: public REST API v1, below `/callosum/v1/tspublic/v1/`, and v2, below `/api/rest/2.0/`, on
//! the same principals.
//!
//! It keeps users and groups, evaluates `user/sync` by itself, and answers with the shapes and
//! statuses of the vendor's API pages. Where those pages are silent, a [switch](Switches)
//! chooses between the behaviours a real cluster could have.
//!
//! Read `router.rs` first, then `difference.rs` (what a synchronisation would change: pure) and
//! `state.rs`. Every handler lives in a file named for its endpoint; those of v2 in `v2/`.

mod accounts;
mod apply;
mod caller;
mod control;
mod cycle;
mod difference;
mod emulator;
mod error;
mod header_list;
mod index;
mod list;
mod org;
mod password;
mod principal;
mod profile;
mod record;
mod requested_by;
mod router;
mod seed;
mod session;
mod state;
mod switches;
mod sync;
mod transfer;
pub mod v2;

#[cfg(test)]
mod tests;

pub use emulator::{Options, ThoughtSpot};
pub use org::{GroupKey, Org};
pub use principal::{PrincipalState, PrincipalType, Visibility};
pub use profile::AccountStatus;
pub use record::Record;
pub use seed::SeedError;
pub use switches::{ListMail, RequestedBy, Switches, UnknownGroup, UpdatedLists};
