//! Any SCIM 2.0 service (RFC 7643, RFC 7644, paging by cursor: RFC 9865).
//!
//! Services differ more than the RFCs allow: what one takes another refuses, ignores or misreports. So nothing that a
//! service says of itself is believed beyond the next answer, every reading must prove itself (`walk.rs`), every write
//! is compared with what is stored after it (`kept.rs`), and what a service turned out not to take is written another
//! way (`forms.rs`). What cannot be found out is a setting (`config.rs`); what is known of a vendor is a row of data
//! (`presets.rs`), never a condition elsewhere.
//!
//! Read `target.rs` first, then `reading.rs`, `fields.rs` (where a value is kept) and `perform/`.
//! May import `principal`, `plan`, `connector` and `http`.
//!
//! Promises: nobody is removed on a listing that is not proven whole; one operation per attribute, with a path; a group
//! is never replaced, emptied, or written from a part; a value that is not ours is never written over.

mod api;
mod bearer;
mod config;
mod convert;
mod fields;
mod findings;
mod forms;
mod kept;
mod listing;
mod manner;
mod memory;
mod patch;
mod perform;
mod presets;
mod reading;
mod service;
mod target;
#[cfg(test)]
mod tests;
mod typed;
mod walk;
mod wire;

pub use config::{Clearing, ContentType, ExternalId, Groups, Members, Paging, Passwords, ScimConfig, Totals};
pub use presets::{PRESETS, Preset};
pub use target::Scim;
