//! InterWorks Curator, through the documented User endpoints of its API.
//!
//! The portal can tell who is there, make a group, and put people in and take them out. Nobody can be made, changed or
//! removed, and no group changed or removed: that is held, with what a person can do.
//!
//! The documentation is thin, so that everything it does not say is a setting (`config.rs`) or is read by every name it
//! could have (`wire.rs`). What an answer does not say clearly is never taken for done: the portal is read to find out.
//!
//! Read `target.rs` first, then `api.rs` (what a failure is), `convert.rs` (two lists that must agree), `perform.rs`.
//! May import `principal`, `plan`, `connector` and `http`. The key travels in the address of every request: whatever is
//! told of one is masked in `http`.

mod api;
mod config;
mod convert;
mod key;
mod perform;
mod target;
#[cfg(test)]
mod tests;
mod wire;

pub use config::{
    CuratorConfig, GroupRef, Matching, MembershipsFrom, PlatformGroups, RequestStyle, SectionCase, TableauGroup,
    UserRef,
};
pub use target::Curator;
