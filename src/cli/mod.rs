//! The command line: one file a command.
//!
//! May import every room. Read [`args`] first, then [`start`].
//!
//! Promises: data goes to stdout and everything else to stderr; only [`output`] prints; every failure has a next step
//! where there is one; the exit code says what the contract says.

mod apply;
mod args;
mod audit;
mod calendar;
mod care;
mod check;
mod demo;
mod dump;
mod explain;
mod generate;
mod leavers;
mod log_line;
mod output;
mod progress;
mod runs;
mod sandbox;
mod serve;
mod session;
mod signals;
mod start;
mod sync;
mod telemetry;
#[cfg(test)]
mod tests;
mod token;
mod trials;
mod trigger;
mod undo;

pub use args::Arguments;
pub use start::start;
