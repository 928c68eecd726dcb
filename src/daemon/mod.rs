//! `rollcall serve`: runs that nobody has to start. What decides when what is done, and the loop that does it.
//!
//! May import every room but `cli`. Read [`due`] first (when is it time), then [`queue`] (what runs now, and what waits
//! for what), then [`hook`] and [`payload`] (who may ask for a run, and what for): these are pure, and so are
//! `calendar.rs` (which times have come and wait for a run), `wish.rs` (what a run is to do) and `clock_change.rs` (hours
//! that a clock shows twice or never). [`timer`] alone knows the library that wakes us; it decides nothing.
//!
//! Then [`serve`]: the one loop. `worker.rs` is one run, in a thread of its own; [`desk`] is what everybody speaks to;
//! `company.rs` looks at what other replicas do, and `kept.rs` is what
//! was asked as it stands in the state; `systemd.rs` tells that we live; [`metrics`] and [`logs`] are for whoever
//! watches; [`api`] is what others speak to, over HTTP.
//!
//! Promises: time is passed in; a time of a schedule comes once, whatever the clock does, and is answered once, however
//! many replicas there are; a run that answers a request begins after the request came; of one sync one run at a time, on
//! one target too; however many ask, the memory of it is bounded;
//! a run that was promised comes, whatever becomes of the process, save one by hand; a call that is not signed by one of our secrets changes
//! nothing, and is not told why; a run that fails, or panics, ends alone.

pub mod api;
mod calendar;
mod clock_change;
mod company;
mod desk;
mod due;
mod hook;
mod kept;
mod live;
mod logs;
mod metrics;
mod news;
mod opening;
mod payload;
mod queue;
mod reload;
mod request;
mod serve;
mod systemd;
#[cfg(test)]
mod tests;
mod timer;
mod wish;
mod worker;

pub use desk::{Desk, DeskError, LiveRun, Stage, lanes};
pub use due::{Due, next_after};
pub use hook::{HookError, HookKeys, MOST_BYTES, Verified, refuse, verify};
pub use kept::{row_of, trigger_of};
pub use logs::run_span;
pub use metrics::{ALL_METRICS, Described, EndedRun, HookCall, METRICS_TYPE, Metrics};
pub use news::{News, Outlook, RanFacts};
pub use opening::{Command, Opening, ServeError};
pub use payload::{Payload, PayloadError};
pub use queue::{Lane, Queue};
pub use reload::Loader;
pub use request::{Cause, Causes, Counted, Pushed, Start, Terms, Trigger, new_id};
pub use serve::serve;
pub use timer::{Clock, Tick, Ticks, Timer, TimerError};
