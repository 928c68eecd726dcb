//! The systems whose principals are to match. One folder a kind, and one row a kind in the table below.
//!
//! May import `principal`, `plan`, `guard`, `connector` and `http`; never a source, the configuration or the store.
//! Each folder: `mod.rs` (the trait), `config.rs`, `api.rs` (requests), `wire.rs` (their JSON).
//!
//! Promises: a target never decides what to change; after `apply` a reading gives what was desired.

pub mod alteryx;
pub mod b2core;
pub mod curator;
pub mod file;
pub mod scim;
mod table;
#[cfg(test)]
mod tests;
pub mod thoughtspot;

pub use table::TargetFile;
