//! Leavers: what becomes of a principal that the target has and the sources no longer have.

use super::{Ability, Action, Capabilities, First, HoldCode, Policy};
use crate::principal::{Kind, Record};

/// What a leaver's policy and the product together come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    Retain(String),
    Remove(Action),
    Hold { wanted: Action, code: HoldCode, reason: String },
}

/// Decides on a leaver that may be removed as far as ownership and protection go. `in_groups`: in any but those that
/// everybody is in.
pub(super) fn decide(record: &Record, in_groups: bool, whole: bool, policy: &Policy, can: &Capabilities) -> Leaving {
    if !policy.remove_deleted {
        return Leaving::Retain("`removeDeleted` is false".into());
    }
    let (kind, principal) = (record.kind(), &record.principal);
    let heir = policy.leavers.transfer_to.as_ref().filter(|_| kind == Kind::User);
    if heir.is_some_and(|heir| can.rules.key(kind, heir) == record.key()) {
        return Leaving::Retain("it receives what leavers own".into());
    }
    let first = match kind {
        Kind::User => policy.leavers.users,
        Kind::Group => policy.leavers.groups,
    };
    let can_disable = can.can(kind, Ability::Disable);
    let action = match first {
        Some(First::Report) => return Leaving::Retain("`leavers` says to report only".into()),
        Some(First::Disable) => Action::Disable,
        Some(First::Strip) => Action::Strip,
        None if can_disable => Action::Disable,
        Some(First::Delete) | None => Action::Delete,
    };
    if action == Action::Disable && !principal.is_active() {
        return Leaving::Retain("disabled already".into());
    }
    if action == Action::Strip && !in_groups {
        return Leaving::Retain("in no group already".into());
    }
    let needed = match action {
        Action::Disable => Ability::Disable,
        Action::Delete => Ability::Delete,
        _ => Ability::Join,
    };
    if !whole {
        let reason = "the reading of the source is not proven complete".into();
        return Leaving::Hold { wanted: action, code: HoldCode::UnprovenSource, reason };
    }
    if !can.can(kind, needed) {
        let reason = can.inability(kind, needed);
        return Leaving::Hold { wanted: action, code: HoldCode::TargetCannot, reason };
    }
    if !policy.allow.permits(kind, action) {
        let reason = format!("`allow.{}` leaves out {}", kind.plural(), action.word());
        return Leaving::Hold { wanted: action, code: HoldCode::NotAllowed, reason };
    }
    Leaving::Remove(action)
}
