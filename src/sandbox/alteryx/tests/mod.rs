//! The emulator over real HTTP, as a client meets it.

mod addresses;
mod assets;
mod control;
mod faults;
mod groups;
mod members;
mod size;
mod support;
mod switches;
mod tokens;
mod updates;
mod users;
mod windows;
