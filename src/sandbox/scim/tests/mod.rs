//! The emulator over real HTTP, as a client meets it.

mod conflicts;
mod control;
mod cursors;
mod discovery;
mod filters;
mod leaving;
mod lists;
mod manners;
mod members;
mod patch;
mod put;
mod shapes;
mod size;
mod support;
