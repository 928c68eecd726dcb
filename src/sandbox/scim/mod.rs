//! A SCIM 2.0 service (RFC 7643, RFC 7644), below `/v2/`.
//!
//! It starts as the RFC wants a service to be, with full discovery, filters and PATCH. A [switch](Switches) for each
//! way in which services were seen to differ makes it refuse, ignore, cut short or misreport instead.
//!
//! Read `router.rs` first, then `rules.rs` (what every write is held against) and `patch.rs`. `store.rs` keeps the
//! resources, `render.rs` shows them. Every handler lives in a file named for its deed.

mod attribute;
mod caller;
mod control;
mod create;
mod delete;
mod discovery;
mod emulator;
mod error;
mod filter;
mod group_patch;
mod leave;
mod list;
mod manners;
mod members;
mod page;
mod patch;
mod path;
mod place;
mod reading;
mod render;
mod replace;
mod router;
mod rules;
mod schemas;
mod seed;
mod show;
mod store;
mod switches;
mod table;
mod update;
mod writing;

#[cfg(test)]
mod tests;

pub use emulator::{Options, Scim};
pub use reading::{
    Active, Announce, AnswerType, Booleans, ContentType, Counting, Cursor, Discovery, ErrorBody, ErrorStatus, Etag,
    Filtering, Ids, OverMaximum, Projection, SchemaList, Total,
};
pub use seed::{Seed, SeedError};
pub use switches::Switches;
pub use writing::{
    CreateAnswer, Deactivation, Delete, DeleteAnswer, GroupMembers, MemberCap, Method, OrPath, PatchAnswer,
    PutWithoutActive, Support, UnknownMember, ValuePath, ValueRemoval,
};
