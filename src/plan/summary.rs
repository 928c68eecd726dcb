use serde::{Deserialize, Serialize};

use super::{Action, Cause, Plan};
use crate::principal::Kind;

/// How many of each, for one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KindSummary {
    pub create: usize,
    pub update: usize,
    pub rename: usize,
    pub disable: usize,
    pub delete: usize,
    pub enable: usize,
    pub strip: usize,
    pub retain: usize,
    pub unchanged: usize,
    pub held: usize,
    pub rejected: usize,
    /// Those of whom something was changed in the target since and is set back; left out where there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub drift: usize,
    pub memberships: MembershipSummary,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Memberships of principals of a kind; those of created and removed ones count too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MembershipSummary {
    pub add: usize,
    pub remove: usize,
}

/// Counts per kind of change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Summary {
    pub users: KindSummary,
    pub groups: KindSummary,
}

impl Summary {
    #[must_use]
    pub fn of(&self, kind: Kind) -> &KindSummary {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut KindSummary {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }
}

impl KindSummary {
    /// The count of one action.
    #[must_use]
    pub fn action(&self, action: Action) -> usize {
        match action {
            Action::Create => self.create,
            Action::Update => self.update,
            Action::Rename => self.rename,
            Action::Disable => self.disable,
            Action::Enable => self.enable,
            Action::Strip => self.strip,
            Action::Delete => self.delete,
        }
    }

    fn action_mut(&mut self, action: Action) -> &mut usize {
        match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Rename => &mut self.rename,
            Action::Disable => &mut self.disable,
            Action::Enable => &mut self.enable,
            Action::Strip => &mut self.strip,
            Action::Delete => &mut self.delete,
        }
    }
}

/// Counts a plan; `rejected` are the kinds of the records that were set aside.
#[must_use]
pub fn summary(plan: &Plan, rejected: impl IntoIterator<Item = Kind>) -> Summary {
    let mut counts = Summary::default();
    for change in &plan.changes {
        let kind = counts.of_mut(change.kind());
        *kind.action_mut(change.action()) += 1;
        kind.drift += usize::from(change.causes().any(Cause::is_of_target));
        kind.memberships.add += change.joins().len();
        kind.memberships.remove += match (change.action(), change.before()) {
            (Action::Strip, Some(before)) => before.group_refs().len(),
            _ => change.leaves().len(),
        };
    }
    for retained in &plan.retained {
        counts.of_mut(retained.kind).retain += 1;
    }
    for held in &plan.held {
        counts.of_mut(held.kind).held += 1;
    }
    for kind in rejected {
        counts.of_mut(kind).rejected += 1;
    }
    for kind in Kind::ALL {
        counts.of_mut(kind).unchanged = plan.bases.of(kind).unchanged;
    }
    counts
}
