//! Emulators of the target products, for trying rollcall out and for testing it.
//!
//! One [`Sandbox`] is one HTTP server on a loopback address. Each product answers under a
//! prefix of its own (`/thoughtspot/…`), keeps its state in memory, writes down every request
//! in a [journal](JournalEntry), and can be told to misbehave ([`Fault`]).
//!
//! Read `server.rs` first, then `gate.rs` (what every request passes), then the folder of a
//! product. A product is a folder with its own router, state and switches; adding one touches
//! that folder and its row in `table.rs`.
//!
//! Promises: no file is written, no wall clock is read (created and modified times come from a
//! logical [`Clock`]), and no password, cookie or token is ever put in the journal or the log.
//! This room shares no type with the connectors: a mistake shared by both sides would pass
//! every test.

pub mod alteryx;
pub mod b2core;
mod call;
mod clock;
mod control;
pub mod curator;
mod failure;
mod fault_reply;
mod faults;
mod gate;
mod identity;
mod journal;
mod payload;
mod product;
mod rate;
pub mod scim;
mod secret;
mod server;
mod table;
pub mod thoughtspot;
mod wire;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use faults::{Fault, FaultKind};
pub use journal::{Changes, JournalEntry};
pub use product::{Emulator, Product};
pub use rate::RateLimit;
pub use secret::Secret;
pub use server::{Sandbox, StartError};
pub use table::Options;
