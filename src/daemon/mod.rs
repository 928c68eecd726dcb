//! What decides when the daemon does what: schedules, calls from outside, and who waits for whom.
//!
//! May import every room but `cli`. Read [`due`] first (when is it time), then [`queue`] (what runs now, and what waits
//! for what), then [`hook`] and [`payload`] (who may ask for a run, and what for). `clock_change.rs` is about hours that
//! a clock shows twice or never. [`timer`] alone knows the library that wakes us; it decides nothing. [`metrics`] and [`logs`] are for whoever watches.
//!
//! Promises: all but the timer is pure, and time is passed in; a time of a schedule comes once, whatever the clock does;
//! a run that answers a request begins after the request came; of one sync one run at a time, on one target too; however
//! many ask, the memory of it is bounded; a call that is not signed by one of our secrets changes nothing, and is not
//! told why.

mod clock_change;
mod desk;
mod due;
mod hook;
mod logs;
mod metrics;
mod payload;
mod queue;
mod request;
#[cfg(test)]
mod tests;
mod timer;

pub use desk::{Desk, DeskError, LiveRun, Stage};
pub use due::{Due, next_after};
pub use hook::{HookError, HookKeys, MOST_BYTES, Verified, refuse, verify};
pub use logs::run_span;
pub use metrics::{ALL_METRICS, Described, EndedRun, HookCall, METRICS_TYPE, Metrics};
pub use payload::{Payload, PayloadError};
pub use queue::{Lane, Queue};
pub use request::{Cause, Causes, Counted, Pushed, Start, Terms, Trigger};
pub use timer::{Clock, Tick, Ticks, Timer, TimerError};
