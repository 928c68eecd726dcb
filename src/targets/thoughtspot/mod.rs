//! ThoughtSpot, through API v1 (`user/sync`) or API v2 (searches, and one call for each thing that is done).
//!
//! Read `config.rs` first: `api` chooses which of the two folders is used. `v1/` sends the whole state in one call; `v2/`
//! takes steps. What both know of the product is here: whom it brings along, how names compare, how it says no.
//!
//! May import `principal`, `plan`, `connector` and `http`. The two folders do not know each other.

mod config;
mod error_body;
mod product;
mod v1;
mod v2;

pub use config::{Api, SuperUsers, ThoughtspotConfig, UpdatedLists};
pub use v1::Thoughtspot;
pub use v2::ThoughtspotV2;
