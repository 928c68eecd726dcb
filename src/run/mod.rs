//! One run of a sync, from reading to report.
//!
//! May import every room but `daemon` and `cli`. Read [`pipeline`] first: it is the only file that knows the order.
//!
//! Promises: a failed reading never reaches the difference; a dry run stops before `apply`; only a run that applied
//! moves what is remembered.

mod accept;
mod ask;
mod drift;
mod error;
mod evidence;
mod explain;
mod job;
mod judge;
mod passwords;
mod pipeline;
mod read;
mod recall;
mod saved;
mod verify;
mod witness;

pub use ask::{Ask, Clock};
pub use error::RunError;
pub use explain::{explain, explain_saved};
pub use job::{Feed, Job};
pub use pipeline::{Planned, apply, plan};
pub use saved::plan_from_file;
