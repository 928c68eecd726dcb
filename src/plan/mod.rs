//! What must change, and why: from the desired and the current state to a plan. Pure: no async, no clock, no I/O.
//!
//! May import `principal`. Read [`diff`](diff()) first, then [`change`].
//!
//! Promises: the same input gives the same plan; a plan applied to the current state ([`applied`]) gives the desired
//! one, and a second plan is then empty; no protected, foreign or unmanaged principal is ever in a change; a reading
//! that is not whole never becomes a removal, since each removal needs a [`Whole`].

mod applied;
mod capabilities;
mod change;
mod coverage;
mod diff;
mod drift;
mod edit;
mod facts;
mod fields;
mod forecast;
mod gone;
mod leaving;
mod ledger;
mod matching;
mod memberships;
mod notes;
mod passed;
#[expect(clippy::module_inception, reason = "the room is named for its main word")]
mod plan;
mod policy;
mod precondition;
mod reason;
mod recheck;
mod settle;
mod steps;
mod summary;
#[cfg(test)]
pub(crate) mod tests;
mod touched;
mod undo;
mod unkept;
mod untold;

pub use applied::{Applied, Memories, Scribe, remember, to_recall};
pub use capabilities::{Abilities, Ability, Advice, Batch, Capabilities, Field, Membership, Privilege, Taken, When};
pub use change::{Action, Change, Detail, FieldChange};
pub use coverage::{Coverage, Whole};
pub use diff::{diff, diff_seen};
pub use drift::{Cause, weigh};
pub use edit::applied;
pub use facts::bases;
pub use forecast::{Cost, Forecast};
pub use leaving::{Leaver, Recorded, Then, moment, ordinal, span};
pub use ledger::{Ledger, Owned, Owner};
pub use matching::{Case, pair};
pub use passed::Passed;
pub use plan::{Adoption, Base, Bases, Current, Desired, Held, LastSeen, Plan, Retained, Wanted};
pub use policy::{Allow, AllowedAction, Drift, First, Leavers, MatchBy, Memberships, Ownership, Policy};
pub use precondition::{Preconditions, Standing, holds};
pub use reason::{HoldCode, ReasonCode};
pub use recheck::recheck;
pub use settle::settle;
pub use steps::{Phase, Step, phases};
pub use summary::{KindSummary, Summary, summary};
pub use undo::{Deed, undo};
pub use untold::{Unkept, Untold};
