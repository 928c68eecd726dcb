//! One run of a sync, from reading to report.
//!
//! May import every room but `daemon` and `cli`. Read [`pipeline`] first: it is the only file that knows the order.
//!
//! Promises: a failed reading never reaches the difference; a dry run stops before `apply`; only a run that applied
//! moves what is remembered; a list that came with its run is kept only where the guard lets that pass.

mod accept;
mod aftermath;
mod ask;
mod care;
mod conduct;
mod departures;
mod drift;
mod error;
mod evidence;
mod exit;
mod explain;
mod given;
mod health;
mod job;
mod journal;
mod judge;
mod leavers;
mod list;
mod passwords;
mod pipeline;
mod read;
mod recall;
mod recover;
mod saved;
#[cfg(test)]
mod tests;
mod trail;
mod undo;
mod verify;
mod witness;

pub use ask::{Ask, Clock};
pub use care::{Care, Cared, care};
pub use conduct::{Begins, Conducted, Deed, Order, conduct};
pub use error::RunError;
pub use exit::Exit;
pub use explain::{explain, explain_saved};
pub use given::Given;
pub use health::may_run;
pub use job::{Feed, Job};
pub use leavers::leavers;
pub use list::list;
pub use pipeline::{Planned, apply, plan};
pub use saved::plan_from_file;
pub use undo::undo;
