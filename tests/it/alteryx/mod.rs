//! What is special about Alteryx Server: groups that do not list their members, failures that come as 200, records that
//! an update replaces, deactivation that takes memberships away, and Windows.
//!
//! Read `world.rs` first. What every target does is told in `conformance`.

mod groups;
mod leavers;
mod lost;
mod members;
mod users;
mod windows;
mod world;
