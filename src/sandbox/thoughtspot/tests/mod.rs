//! The emulator over real HTTP, as a client meets it.

mod accounts;
mod control;
mod faults;
mod journal;
mod session;
mod size;
pub(super) mod support;
mod switches;
mod sync;
mod sync_refusals;
