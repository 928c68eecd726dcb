//! From shapes that fit to settings that make sense: names that exist, secrets that are there, values in their range,
//! rules that the target can follow. Read [`whole`] first.

mod capable;
mod connector;
mod digest;
mod entry;
mod limits;
mod patterns;
mod secrets;
mod shared;
mod source;
mod sources;
mod state;
mod sync;
mod target;
mod whole;

pub(super) use whole::resolve;
