//! The limits a plan must pass before anything is written. Pure.
//!
//! May import `principal` and `plan`. Read [`review`](review()) first, then [`limits`].
//!
//! Promises: only [`review`](review()) makes an [`ApprovedPlan`]; every limit is in the result, with its value and
//! head-room, tripped or not, or OFF; there is no override for an empty, an unproven or a failed reading.

mod admins;
mod budget;
mod evidence;
mod group_removals;
mod hold;
mod limits;
mod measure;
mod privileged;
mod review;
mod rights;
mod source;
mod state;
#[cfg(test)]
mod tests;

pub use evidence::{Evidence, Readings, SourceEvidence, Spending, Spent};
pub use limits::{
    Admins, Budget, Changes, Clears, Creations, Expect, ExpectKind, GroupRemovals, Limit, Limits, MaxAge, Privileged,
    Removals, Shrink, Switch, Window,
};
pub use privileged::leading;
pub use review::{ApprovedPlan, Reviewed, Verdict, review};
pub use state::{GuardName, LimitState, Override, State};
