//! What a sync decides, told as worlds: a source, a target, a policy, and the lines of the plan between them.

pub(crate) mod build;
pub(crate) mod tell;

mod applying;
mod drift;
mod drift_properties;
mod fields;
mod ids;
mod leavers;
mod leaving;
mod lists;
mod memberships;
mod ownership;
mod preconditions;
mod properties;
mod table;
mod undo;
mod undo_properties;
mod unproven;
mod untold;
mod worlds;
