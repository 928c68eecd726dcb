//! An Alteryx Server, API V3: users and custom user groups, below `/webapi/v3/`, and `/webapi/oauth2/token`.
//!
//! It keeps users, groups, memberships and what users own, and answers with the shapes of the vendor's pages "User
//! Endpoints" and "User Group Endpoints" and of the Swagger that a server publishes. Where those are silent, a
//! [switch](Switches) chooses between the behaviours a real server could have. Operations, as faults name them, stand
//! below `v3`: `users`, `usergroups/*`; the token is `oauth2/token`.
//!
//! Read `router.rs` first, then `store.rs`. `contract.rs` reads request bodies and finds what is wrong with them,
//! `view.rs` writes records. Every handler lives in a file named for what it acts on.

mod address;
mod assets;
mod base64;
mod contract;
mod create;
mod directory_groups;
mod emulator;
mod group;
mod groups;
mod list;
mod members;
mod refusal;
mod retire;
mod role;
mod router;
mod seed;
mod store;
mod switches;
mod token;
mod update;
mod user;
mod view;

#[cfg(test)]
mod tests;

pub use emulator::{Alteryx, Options};
pub use group::{DirectoryObject, Group};
pub use role::Role;
pub use seed::{Installation, SeedError};
pub use switches::{Authentication, EmptyMembers, Outcome, Release, Switches};
pub use user::{Asset, Assets, User};
