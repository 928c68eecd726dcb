//! An `InterWorks` Curator portal: the User endpoints of its API, below `/api/v1/`.
//!
//! The vendor's documentation is thin: it names the endpoints and prints one request with its answer
//! (`createFrontendGroup`). Everything else is an assumption, and every assumption is a [switch](Switches);
//! [`ASSUMED`] lists them, and the sandbox says so when it starts.
//!
//! Read `endpoints.rs` first (from a request to its answer), then `state.rs` and `platform.rs` (groups of other
//! products, whose members arrive late).
//!
//! People appear by signing in, never by a call: `POST /_sandbox/login?user=NAME` is somebody who does.

mod control;
mod creation;
mod emulator;
mod endpoints;
mod envelope;
mod index;
mod key;
mod listing;
mod membership;
mod platform;
mod refusal;
mod request;
mod router;
mod seed;
mod sign_in;
mod state;
mod switches;

#[cfg(test)]
mod tests;

pub use emulator::{Curator, Options};
pub use seed::{GroupSeed, PlatformNames, PlatformSeed, Seed, TableauName, TableauSeed, ThoughtSpotSeed, UserSeed};
pub use switches::{
    ASSUMED, Dates, FailureReply, Letters, ListReply, Matching, Memberships, Methods, Parameters, Rows, Spelling,
    Switches, Throttle, Twice, Unknown,
};
