use chrono::{DateTime, Utc};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::leaving::Then;
use super::{Ability, Action, Capabilities, Field};
use crate::principal::{Kind, Pattern};

/// The rules of one sync that a plan obeys.
#[derive(Debug, Clone)]
pub struct Policy {
    pub remove_deleted: bool,
    pub ownership: Ownership,
    pub memberships: Memberships,
    pub match_by: Vec<MatchBy>,
    /// Besides the target's own system principals.
    pub protect: Vec<Pattern>,
    pub leavers: Leavers,
    /// Values set when a user is created and left alone from then on.
    pub create_only: Vec<Field>,
    pub allow: Allow,
    pub drift: Drift,
    /// When the plan is made.
    pub now: DateTime<Utc>,
    /// A person asks for the plan: one reading that misses somebody is enough.
    pub by_hand: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            remove_deleted: false,
            ownership: Ownership::All,
            memberships: Memberships::Exact,
            match_by: vec![MatchBy::Id, MatchBy::Name],
            protect: Vec::new(),
            leavers: Leavers::default(),
            create_only: Vec::new(),
            allow: Allow::default(),
            drift: Drift::default(),
            now: DateTime::UNIX_EPOCH,
            by_hand: true,
        }
    }
}

/// What becomes of values and memberships that were changed in the target since this sync last applied them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Drift {
    /// They are set again, and named.
    #[default]
    Repair,
    /// The target's value stands, and is counted; what the source has changed too is set.
    Keep,
    /// They are held, and so is what the source has changed too.
    Report,
}

/// Whom a sync may remove.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// Any unprotected principal, as `/user/sync` does.
    #[default]
    All,
    /// Only those that this sync created or has once matched.
    Managed,
}

/// Which memberships a sync may take away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Memberships {
    /// A principal's groups are made equal to the source's.
    #[default]
    Exact,
    /// Only groups that the source defines are added or taken away.
    Managed,
}

/// How a principal of the source is found in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchBy {
    /// By the immutable id that an earlier run recorded.
    Id,
    /// By the folded name.
    Name,
}

/// The first step with a leaver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum First {
    Delete,
    Disable,
    /// Taken out of every group.
    Strip,
    /// Only listed.
    Report,
}

/// How leavers leave.
#[derive(Debug, Clone)]
pub struct Leavers {
    /// So many whole readings in a row must miss them first.
    pub absences: u32,
    /// Unset: disable where the target can, else delete.
    pub users: Option<First>,
    /// Unset: delete.
    pub groups: Option<First>,
    /// What follows on the first step with a user.
    pub then: Then,
    /// Who gets what a deleted user owned.
    pub transfer_to: Option<CompactString>,
}

impl Default for Leavers {
    fn default() -> Self {
        Self { absences: 1, users: None, groups: None, then: Then::Keep, transfer_to: None }
    }
}

impl Leavers {
    /// The first step with a leaver of `kind`; none where it is only listed.
    #[must_use]
    pub fn first(&self, kind: Kind, can: &Capabilities) -> Option<Action> {
        let first = match kind {
            Kind::User => self.users,
            Kind::Group => self.groups,
        };
        Some(match first {
            Some(First::Report) => return None,
            Some(First::Disable) => Action::Disable,
            Some(First::Strip) => Action::Strip,
            None if can.can(kind, Ability::Disable) => Action::Disable,
            Some(First::Delete) | None => Action::Delete,
        })
    }
}

/// What a sync may do to principals of each kind.
#[derive(Debug, Clone)]
pub struct Allow {
    pub users: Vec<AllowedAction>,
    pub groups: Vec<AllowedAction>,
}

/// A family of actions that `allow` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AllowedAction {
    Create,
    /// Also rename and enable.
    Update,
    /// Also strip.
    Disable,
    Delete,
}

impl Default for Allow {
    fn default() -> Self {
        let all = vec![AllowedAction::Create, AllowedAction::Update, AllowedAction::Disable, AllowedAction::Delete];
        Self { users: all.clone(), groups: all }
    }
}

impl Allow {
    #[must_use]
    pub fn permits(&self, kind: Kind, action: Action) -> bool {
        let family = match action {
            Action::Create => AllowedAction::Create,
            Action::Update | Action::Rename | Action::Enable => AllowedAction::Update,
            Action::Disable | Action::Strip => AllowedAction::Disable,
            Action::Delete => AllowedAction::Delete,
        };
        match kind {
            Kind::User => self.users.contains(&family),
            Kind::Group => self.groups.contains(&family),
        }
    }
}
