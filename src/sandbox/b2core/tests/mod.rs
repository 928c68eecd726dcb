//! The emulator over real HTTP, as a client meets it.

mod bearer;
mod control;
mod groups;
mod lists;
mod size;
mod support;
mod switches;
mod users;
