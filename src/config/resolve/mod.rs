//! From shapes that fit to settings that make sense: names that exist, secrets that are there, values in their range,
//! rules that the target can follow. Read [`whole`] first.

mod capable;
mod connector;
mod digest;
mod entry;
mod gateway;
mod leavers;
mod limits;
mod notify;
mod patterns;
mod rules;
mod schedule;
mod secrets;
mod server;
mod shared;
mod source;
mod sources;
mod state;
mod sync;
mod target;
mod trials;
mod webhook;
mod whole;

pub(super) use whole::resolve;
