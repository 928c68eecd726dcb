//! Leavers: what becomes of a principal that the target has and the sources no longer have.

use super::leaving::{Leaver, Then, moment, ordinal, span};
use super::{Ability, Action, Capabilities, HoldCode, Policy, ReasonCode};
use crate::principal::{Kind, Principal};

/// What a leaver's policy and the product together come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    Retain(String),
    Remove(Action, ReasonCode),
    Hold { wanted: Action, code: HoldCode, reason: String },
}

/// A leaver that may be removed as far as ownership and protection go.
pub(super) struct Departure<'a> {
    pub(super) principal: &'a Principal,
    /// Its folded name.
    pub(super) key: &'a str,
    /// In any but those that everybody is in.
    pub(super) in_groups: bool,
    /// The reading that misses it is proven whole.
    pub(super) whole: bool,
    pub(super) reason: ReasonCode,
    /// What is remembered of its leaving.
    pub(super) leaver: Option<&'a Leaver>,
    /// Rollcall switched it off while the source still had it.
    pub(super) ours: bool,
}

/// Decides on a leaver.
pub(super) fn decide(departure: &Departure<'_>, policy: &Policy, can: &Capabilities) -> Leaving {
    let (kind, leavers) = (departure.principal.kind, &policy.leavers);
    if !policy.remove_deleted {
        return Leaving::Retain("`removeDeleted` is false".into());
    }
    let heir = leavers.transfer_to.as_ref().filter(|_| kind == Kind::User);
    if heir.is_some_and(|heir| can.rules.key(kind, heir) == departure.key) {
        return Leaving::Retain("it receives what leavers own".into());
    }
    let Some(first) = leavers.first(kind, can) else {
        return Leaving::Retain("`leavers` says to report only".into());
    };
    let (action, reason) = match departure.reached(first) {
        None => (first, departure.reason),
        Some(reached) => match departure.follows(reached, policy) {
            Ok(()) => (Action::Delete, ReasonCode::Expired),
            Err(stays) => return Leaving::Retain(stays),
        },
    };
    if let Some(counted) = departure.count(policy) {
        return Leaving::Retain(counted);
    }
    let needed = match action {
        Action::Disable => Ability::Disable,
        Action::Delete => Ability::Delete,
        _ => Ability::Join,
    };
    if !departure.whole {
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
    Leaving::Remove(action, reason)
}

impl Departure<'_> {
    /// Its memory, unless a person has undone what rollcall did: then it leaves anew.
    fn known(&self) -> Option<&Leaver> {
        self.leaver.filter(|leaver| leaver.disabled.is_none() || self.stands())
    }

    fn stands(&self) -> bool {
        self.leaver.is_some_and(|leaver| leaver.stands(self.principal, self.in_groups))
    }

    /// Where the first step would change nothing any more, in words how it stands.
    fn reached(&self, first: Action) -> Option<&'static str> {
        match first {
            Action::Disable if !self.principal.is_active() => Some("disabled"),
            Action::Strip if !self.in_groups => Some("in no group"),
            _ => None,
        }
    }

    /// Whether the delete follows by now on a first step that was done.
    ///
    /// # Errors
    /// Why it stays.
    fn follows(&self, reached: &str, policy: &Policy) -> Result<(), String> {
        let off = self.ours && !self.principal.is_active();
        let (deed, done, since) = match self.known().filter(|_| self.stands() || off) {
            Some(leaver) if leaver.disabled.is_some() => (leaver.deed(), leaver.disabled, leaver.waits_since()),
            // Its wait begins with the first reading that missed it.
            Some(leaver) if leaver.absences > 0 => ("disabled by rollcall", None, Some(leaver.since)),
            _ if off => ("disabled by rollcall", None, None),
            _ => return Err(format!("{reached} already")),
        };
        let on = done.map(|time| format!(" on {}", moment(time))).unwrap_or_default();
        let Then::Delete { after } = policy.leavers.then else { return Err(format!("{deed}{on}")) };
        let Some(since) = since else {
            let after = span(after);
            return Err(format!("{deed}{on}, deleted {after} after this reading"));
        };
        match policy.leavers.then.due(since) {
            Some(due) if due <= policy.now => Ok(()),
            Some(due) => Err(format!("{deed}{on}, deleted from {} on", moment(due))),
            None => Err(format!("{deed}{on}")),
        }
    }

    /// What there is to say where too few readings have missed it. A person who plans needs no second one, and who is not
    /// active in the source was not missed at all.
    fn count(&self, policy: &Policy) -> Option<String> {
        if policy.by_hand || self.reason == ReasonCode::Inactive {
            return None;
        }
        let known = self.known().filter(|leaver| leaver.absences > 0);
        let (absences, needed) = (known.map_or(0, |leaver| leaver.absences).saturating_add(1), policy.leavers.absences);
        let since = known.map(|leaver| format!(", since {}", moment(leaver.since))).unwrap_or_default();
        (absences < needed).then(|| format!("absent for the {} of {needed} readings{since}", ordinal(absences)))
    }
}
