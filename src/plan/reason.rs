use serde::{Deserialize, Serialize};

/// Why a change is wanted. The list is closed and documented in `docs/plans.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// In the source, not in the target.
    New,
    /// In both, with a different value or membership.
    Changed,
    /// The same immutable id under a new name.
    Renamed,
    /// In the target, no longer in the source.
    Gone,
    /// In the source, but the sync's rules leave it out.
    OutOfScope,
    /// The source says that the account is not active.
    Inactive,
    /// Rollcall disabled it or took it out of its groups, and the wait of `leavers.users.after` is over.
    Expired,
    /// Back in the source after rollcall had disabled it.
    Returned,
    /// A run is taken back.
    Undone,
}

impl ReasonCode {
    /// One sentence for a person.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::New => "in the source, not in the target",
            Self::Changed => "differs from the source",
            Self::Renamed => "same immutable id, new name in the source",
            Self::Gone => "in the target, no longer in the source",
            Self::OutOfScope => "in the source, but left out by the rules of this sync",
            Self::Inactive => "not active in the source",
            Self::Expired => "gone for good: rollcall disabled it or took it out of its groups, and the wait is over",
            Self::Returned => "active again in the source",
            Self::Undone => "takes back what a run did",
        }
    }
}

/// Why something wanted is not done. The list is closed and documented in `docs/plans.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldCode {
    Protected,
    OtherOwner,
    TargetCannot,
    NotAllowed,
    ReusedName,
    AmbiguousMatch,
    UnprovenSource,
    Privileged,
    GroupRemovals,
    ConfigChange,
    /// Changed in the target since, and `drift: report`.
    Drift,
    /// To be taken back, and changed in the target since.
    MovedSince,
}

impl HoldCode {
    /// Whether the guard holds it.
    #[must_use]
    pub fn by_guard(self) -> bool {
        matches!(self, Self::UnprovenSource | Self::Privileged | Self::GroupRemovals | Self::ConfigChange)
    }

    /// Whether an apply is only partly done for it (exit 4): what the guard holds, and what has moved.
    #[must_use]
    pub fn makes_partial(self) -> bool {
        self.by_guard() || self == Self::MovedSince
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Protected => "take it out of the source, or change it by hand in the target",
            Self::OtherOwner => "let the owning sync manage it, or release it there first",
            Self::TargetCannot => "do it by hand in the target",
            Self::NotAllowed => "add the action to `allow` of this sync, or do it by hand in the target",
            Self::ReusedName => {
                "a different person has this name now: rename one of the two, or remove the old account by hand"
            }
            Self::AmbiguousMatch => "more than one account fits: make the names or ids unambiguous",
            Self::UnprovenSource => "see `missing` of the source; removals follow once a reading is whole",
            Self::Privileged => "add it to `guard.privileged.allow` of this sync, or do it by hand in the target",
            Self::GroupRemovals => "check the group in the source; then `apply --override groupRemovals --reason TEXT`",
            Self::ConfigChange => {
                "check the change of the configuration; then a person runs `apply` without `--unattended`"
            }
            Self::MovedSince => "look at it in the target: what was done since stands; change it there by hand",
            Self::Drift => {
                "take it over into the source, set it back by hand in the target, or write `drift: repair` to have it set back"
            }
        }
    }
}
