//! A B2CORE Back Office, API v2, below `/api/v2`: its users, its user groups, and signing in.
//!
//! It follows the vendor's pages "Users" and "User groups" (Back Office API) and "Overview" (conventions of the API).
//! Signing in is documented for a sibling product only (B2COPY, "Authorization in the Back Office") and is emulated in
//! that form. Where these pages are silent, a [switch](Switches) chooses between the behaviours a real installation
//! could have.
//!
//! Read `router.rs` first, then `users.rs` (one handler for each endpoint), `sent.rs` (what a body may say) and
//! `deed.rs` (a write, carried out at once or later).

mod bearer;
mod deed;
mod emulator;
mod error;
mod groups;
mod page;
mod record;
mod reply;
mod router;
mod seed;
mod sent;
mod show;
mod signin;
mod state;
mod switches;
mod users;

#[cfg(test)]
mod tests;

pub use emulator::{BackOffice, Options};
pub use seed::{GroupReference, Seed, SeedError, SeedGroup, SeedUser};
pub use switches::{Expiry, FilterMatch, ListBody, Switches, UserGroups};
