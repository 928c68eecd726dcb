//! What the walk of the difference looks at, and the questions it asks of a single principal.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::gone::{Departure, Leaving, decide};
use super::matching::Case;
use super::memberships::Resolver;
use super::{
    Ability, Action, Bases, Capabilities, HoldCode, Ledger, Ownership, Passed, Policy, ReasonCode, Untold, Whole,
};
use crate::principal::{GroupRef, Kind, PatternSet, PrincipalSet, Record};

/// What the walk looks at and never changes.
pub(super) struct Facts<'a> {
    pub(super) hides_memberships: bool,
    pub(super) untold: &'a Untold,
    pub(super) set_aside: FxHashSet<(Kind, CompactString)>,
    pub(super) set_aside_ids: FxHashSet<(Kind, CompactString)>,
    pub(super) unknown_ids: bool,
    pub(super) out_of_scope: FxHashSet<(Kind, CompactString)>,
    pub(super) contested: FxHashSet<CompactString>,
    pub(super) whole: Option<Whole>,
    pub(super) current: &'a PrincipalSet,
    pub(super) ambiguous: &'a FxHashSet<(Kind, CompactString)>,
    pub(super) policy: &'a Policy,
    pub(super) can: &'a Capabilities,
    pub(super) ledger: &'a Ledger,
    pub(super) shield: PatternSet,
    /// Folded name of who gets what leavers owned: it must outlast them.
    pub(super) heir: Option<CompactString>,
}

/// Why a new principal is not created.
pub(super) enum NotCreated {
    Silently,
    Inactive,
    Held(HoldCode, String),
}

impl Facts<'_> {
    pub(super) fn is_shielded(&self, kind: Kind, key: &str) -> bool {
        self.shield.matches(kind, key) || self.can.is_implicit(kind, key)
    }

    pub(super) fn creation(&self, record: &Record) -> Result<(), NotCreated> {
        let (kind, key) = (record.kind(), record.key());
        if self.can.is_implicit(kind, key) {
            return Err(NotCreated::Silently);
        }
        if self.shield.matches(kind, key) {
            return Err(NotCreated::Held(HoldCode::Protected, "the name is protected".into()));
        }
        if let Some((code, reason)) = self.ambiguity(kind, key) {
            return Err(NotCreated::Held(code, reason));
        }
        if is_inactive(record) {
            return Err(NotCreated::Inactive);
        }
        if !self.can.can(kind, Ability::Create) {
            return Err(NotCreated::Held(HoldCode::TargetCannot, self.can.inability(kind, Ability::Create)));
        }
        if !self.policy.allow.permits(kind, Action::Create) {
            return Err(NotCreated::Held(HoldCode::NotAllowed, format!("`allow.{}` leaves out create", kind.plural())));
        }
        Ok(())
    }

    pub(super) fn is_ambiguous(&self, kind: Kind, key: &str) -> bool {
        !self.ambiguous.is_empty() && self.ambiguous.contains(&(kind, key.into()))
    }

    /// More than one principal of the target has this name.
    fn ambiguity(&self, kind: Kind, key: &str) -> Option<(HoldCode, String)> {
        self.is_ambiguous(kind, key)
            .then(|| (HoldCode::AmbiguousMatch, format!("the target has more than one {} of this name", kind.word())))
    }

    /// Why nothing may be done to it, whatever it is.
    pub(super) fn shielded(&self, kind: Kind, key: &str) -> Option<(HoldCode, String)> {
        if self.shield.matches(kind, key) {
            return Some((HoldCode::Protected, "it is protected".into()));
        }
        let sync = self.ledger.other_owner(kind, key)?;
        Some((HoldCode::OtherOwner, format!("sync `{sync}` owns it")))
    }

    /// Why a principal that the source has too is left as it is; `new_key` where it is renamed.
    pub(super) fn refusal(
        &self,
        kind: Kind,
        key: &str,
        action: Action,
        new_key: Option<&str>,
    ) -> Option<(HoldCode, String)> {
        if let Some(refusal) = self.shielded(kind, key) {
            return Some(refusal);
        }
        if new_key.is_some_and(|key| self.is_shielded(kind, key)) {
            return Some((HoldCode::Protected, "the new name is protected".into()));
        }
        if let Some(refusal) = new_key.and_then(|key| self.ambiguity(kind, key)) {
            return Some(refusal);
        }
        if action == Action::Rename && kind == Kind::User && self.heir.as_deref() == Some(key) {
            return Some((HoldCode::Protected, "what leavers owned goes to it under this name".into()));
        }
        let needed = match action {
            Action::Rename => Some(Ability::Rename),
            Action::Disable | Action::Enable => Some(Ability::Disable),
            // What the target cannot change of an update is told apart.
            _ => None,
        };
        if let Some(needed) = needed.filter(|needed| !self.can.can(kind, *needed)) {
            return Some((HoldCode::TargetCannot, self.can.inability(kind, needed)));
        }
        if !self.policy.allow.permits(kind, action) {
            return Some((HoldCode::NotAllowed, format!("`allow.{}` leaves out {}", kind.plural(), action.word())));
        }
        None
    }

    /// # Errors
    /// Why it is no leaver of this sync, so that there is nothing to say.
    pub(super) fn leaving(&self, record: &Record, reason: ReasonCode, resolver: &Resolver) -> Result<Leaving, Passed> {
        let (kind, key) = (record.kind(), CompactString::from(record.key()));
        if let Some(why) = unremovable(record, &self.shield, self.policy, self.can, self.ledger) {
            return Err(why);
        }
        if self.set_aside.contains(&(kind, key)) {
            return Err(Passed::SetAside);
        }
        if kind == Kind::Group && resolver.is_named(&record.principal.name) {
            return Err(Passed::Named);
        }
        let known_by = self.ledger.owned(kind, record.key()).and_then(|owned| owned.source_id.clone());
        if let Some(id) = known_by {
            if self.set_aside_ids.contains(&(kind, id)) {
                return Err(Passed::SetAside);
            }
            if self.unknown_ids && self.policy.remove_deleted {
                let reason = "a record without a readable id was set aside, and may be this one under a new name";
                let (wanted, code) = (Action::Delete, HoldCode::UnprovenSource);
                return Ok(Leaving::Hold { wanted, code, reason: reason.into() });
            }
        }
        let departure = Departure {
            principal: &record.principal,
            key: record.key(),
            in_groups: record.principal.group_refs().iter().any(|group| !resolver.is_implicit(*group)),
            whole: self.whole.is_some(),
            reason,
            leaver: self.ledger.leaver(kind, record.key()),
            ours: self.ledger.switched_off(kind, record.key()),
        };
        Ok(decide(&departure, self.policy, self.can))
    }

    /// Why the target has somebody whom the source has not.
    pub(super) fn why_gone(&self, record: &Record) -> ReasonCode {
        let key = (record.kind(), CompactString::from(record.key()));
        if self.out_of_scope.contains(&key) { ReasonCode::OutOfScope } else { ReasonCode::Gone }
    }

    /// The groups as they will stand, and the names of the source that no group stands for.
    pub(super) fn resolver(&self, cases: &[Case], desired: &PrincipalSet) -> (Resolver, Vec<GroupRef>) {
        let mut resolver = Resolver::new(self.current, self.policy.memberships);
        let (wanted, has) = (desired.records(), self.current.records());
        let mut renamed_from = Vec::new();
        for case in cases {
            match *case {
                Case::Both { desired, current, renamed } if wanted[desired].kind() == Kind::Group => {
                    let (key, old_key) = (wanted[desired].key(), has[current].key());
                    resolver.define(key, Some(old_key), &has[current].principal.name);
                    if renamed && self.refusal(Kind::Group, old_key, Action::Rename, Some(key)).is_none() {
                        renamed_from.push(old_key);
                    }
                }
                Case::New { desired }
                    if wanted[desired].kind() == Kind::Group && self.creation(&wanted[desired]).is_ok() =>
                {
                    resolver.define(wanted[desired].key(), None, &wanted[desired].principal.name);
                }
                _ => {}
            }
        }
        // No group stands for the old name any more, whoever still names it.
        for old_key in renamed_from {
            resolver.forget(old_key);
        }
        for name in self.can.implicit {
            resolver.mark_implicit(name, self.can.rules);
        }
        resolver.mark_contested(&self.contested, self.can.rules);
        let missing = resolver.resolve(desired.names(), |name| self.can.rules.key(Kind::Group, name));
        for case in cases {
            let Case::Gone { current } = *case else { continue };
            let record = &has[current];
            let leaving = || self.leaving(record, self.why_gone(record), &resolver);
            if record.kind() == Kind::Group && matches!(leaving(), Ok(Leaving::Remove(Action::Delete, _))) {
                resolver.doom(&record.principal.name);
            }
        }
        (resolver, missing)
    }
}

/// Whether the source says that the account is switched off. Of a group it says nothing.
pub(super) fn is_inactive(record: &Record) -> bool {
    record.kind() == Kind::User && !record.principal.is_active()
}

/// Why this sync could not remove the principal at all; none where it could.
fn unremovable(
    record: &Record,
    shield: &PatternSet,
    policy: &Policy,
    can: &Capabilities,
    ledger: &Ledger,
) -> Option<Passed> {
    let (kind, key) = (record.kind(), record.key());
    if can.is_implicit(kind, key) {
        return Some(Passed::Implicit);
    }
    if shield.matches(kind, key) {
        return Some(Passed::Protected);
    }
    if ledger.other_owner(kind, key).is_some() {
        return Some(Passed::OtherOwner);
    }
    (policy.ownership == Ownership::Managed && ledger.owned(kind, key).is_none()).then_some(Passed::NotOwned)
}

/// Counts the target: what there is, and what this sync could remove. Nothing is unchanged yet.
#[must_use]
pub fn bases(current: &PrincipalSet, policy: &Policy, can: &Capabilities, ledger: &Ledger) -> Bases {
    let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
    let mut bases = Bases::default();
    for record in current.records() {
        let base = bases.of_mut(record.kind());
        base.target += 1;
        base.removable += usize::from(unremovable(record, &shield, policy, can, ledger).is_none());
    }
    bases
}
