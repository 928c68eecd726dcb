use serde::{Deserialize, Serialize};

/// Why the difference has nothing to say of a principal: neither a change, nor held, nor retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passed {
    /// It is as the source wants it.
    Unchanged,
    /// Everybody is in this group: nothing is ever done about it.
    Implicit,
    /// Switched off in the source, and not in the target: it is not created.
    Inactive,
    /// A leaver that is protected.
    Protected,
    /// A leaver that another sync owns.
    OtherOwner,
    /// A leaver that is not in the care of a sync which removes only what is.
    NotOwned,
    /// A leaver, or so it seems: a record that may be it was set aside.
    SetAside,
    /// What differs was changed in the target since, and is left so.
    Kept,
    /// A group that no source defines and somebody of the source names: it is used as it is.
    Named,
}

impl Passed {
    /// One sentence for a person.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unchanged => "it is as the source wants it",
            Self::Implicit => "everybody is in this group, so nothing is ever done about it",
            Self::Inactive => "it is not active in the source, and who is not is never created",
            Self::Protected => "it is protected, so it is no leaver",
            Self::OtherOwner => "another sync owns it, so it is no leaver of this one",
            Self::NotOwned => "this sync neither created it nor has once matched it, and `ownership` is managed",
            Self::SetAside => "a record that may be it was set aside, and nobody is removed for that",
            Self::Kept => "what differs was changed in the target since, and `drift: keep` leaves it so",
            Self::Named => "no source defines it, but somebody of the source is in it: it is used as it is",
        }
    }
}
