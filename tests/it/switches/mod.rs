//! Every switch of every emulator, turned while a connector is at work: what the vendors leave open is either harmless, or
//! told and nothing is lost.
//!
//! `census.rs` takes the switches and faults from the emulators themselves and fails where one is turned by no test. A switch
//! that changes nothing of how a story ends is a row of [`story::ends_well`]; the others have tests of their own.

mod alteryx;
mod b2core;
mod census;
mod curator;
mod scim;
mod scim_conflicts;
mod scim_troubles;
mod scim_writes;
mod story;
mod thoughtspot;
