//! The emulator over real HTTP, as a client meets it.

mod control;
mod creation;
mod failures;
mod listing;
mod membership;
mod platforms;
mod size;
mod support;
