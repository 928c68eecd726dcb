//! The words of the domain: what a user or a group is, how its name is compared, and its JSON form.
//!
//! May import nothing of ours. Read [`principal`] first, then [`set`].
//!
//! Promises: a name is folded once, when a set is built; a set is ordered by kind (groups first) and folded
//! name and holds no name twice; two principals with one name are both set aside, never merged.

mod attributes;
mod digest;
mod document;
mod glob;
mod group_names;
mod kind;
mod name;
mod origin;
#[expect(clippy::module_inception, reason = "the room is named for its main word")]
mod principal;
mod set;
mod show;
#[cfg(test)]
mod tests;

pub use attributes::Attributes;
pub use digest::{digest, hex};
pub use document::{Members, PrincipalDocument, PrincipalView, RecordError};
pub use glob::{Pattern, PatternSet, is_like};
pub use group_names::{GroupNames, GroupRef};
pub use kind::{Kind, PrincipalId};
pub use name::{CaseRule, CaseRules, fold};
pub use origin::Origin;
pub use principal::{Password, Principal, PrincipalType, Visibility};
pub use set::{Collision, PrincipalSet, Record};
pub use show::{is_deceiving, neutral, shown};
