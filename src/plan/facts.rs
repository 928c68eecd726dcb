//! What the walk of the difference looks at, and the questions it asks of a single principal.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::gone::{Leaving, decide};
use super::matching::Case;
use super::memberships::Resolver;
use super::{Ability, Action, Bases, Capabilities, HoldCode, Ledger, Ownership, Policy, Whole};
use crate::principal::{GroupRef, Kind, PatternSet, PrincipalSet, Record};

/// What the walk looks at and never changes.
pub(super) struct Facts<'a> {
    pub(super) set_aside: FxHashSet<(Kind, CompactString)>,
    pub(super) out_of_scope: FxHashSet<(Kind, CompactString)>,
    pub(super) whole: Option<Whole>,
    pub(super) current: &'a PrincipalSet,
    pub(super) policy: &'a Policy,
    pub(super) can: &'a Capabilities,
    pub(super) ledger: &'a Ledger,
    pub(super) shield: PatternSet,
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

    /// Whether this sync could remove the principal at all.
    pub(super) fn is_removable(&self, record: &Record) -> bool {
        is_removable(record, &self.shield, self.policy, self.can, self.ledger)
    }

    pub(super) fn creation(&self, record: &Record) -> Result<(), NotCreated> {
        let (kind, key) = (record.kind(), record.key());
        if self.can.is_implicit(kind, key) {
            return Err(NotCreated::Silently);
        }
        if self.shield.matches(kind, key) {
            return Err(NotCreated::Held(HoldCode::Protected, "the name is protected".into()));
        }
        if !record.principal.is_active() {
            return Err(NotCreated::Inactive);
        }
        if !self.can.can(kind, Ability::Create) {
            return Err(NotCreated::Held(
                HoldCode::TargetCannot,
                format!("the target cannot create {}", kind.plural()),
            ));
        }
        if !self.policy.allow.permits(kind, Action::Create) {
            return Err(NotCreated::Held(HoldCode::NotAllowed, format!("`allow.{}` leaves out create", kind.plural())));
        }
        Ok(())
    }

    /// None: not a leaver of this sync, nothing to say.
    pub(super) fn leaving(&self, record: &Record, resolver: &Resolver) -> Option<Leaving> {
        let (kind, key) = (record.kind(), CompactString::from(record.key()));
        let used = kind == Kind::Group && resolver.is_named(&record.principal.name);
        if used || !self.is_removable(record) || self.set_aside.contains(&(kind, key)) {
            return None;
        }
        Some(decide(&record.principal, self.whole.is_some(), self.policy, self.can))
    }

    /// The groups as they will stand, and the names of the source that no group stands for.
    pub(super) fn resolver(&self, cases: &[Case], desired: &PrincipalSet) -> (Resolver, Vec<GroupRef>) {
        let mut resolver = Resolver::new(self.current, self.policy.memberships);
        let (wanted, has) = (desired.records(), self.current.records());
        for case in cases {
            match *case {
                Case::Both { desired, current, .. } if wanted[desired].kind() == Kind::Group => {
                    resolver.define(wanted[desired].key(), Some(has[current].key()), &has[current].principal.name);
                }
                Case::New { desired }
                    if wanted[desired].kind() == Kind::Group && self.creation(&wanted[desired]).is_ok() =>
                {
                    resolver.define(wanted[desired].key(), None, &wanted[desired].principal.name);
                }
                _ => {}
            }
        }
        for name in self.can.implicit {
            resolver.mark_implicit(&self.can.rules.key(Kind::Group, name));
        }
        let missing = resolver.resolve(desired.names(), |name| self.can.rules.key(Kind::Group, name));
        for case in cases {
            let Case::Gone { current } = *case else { continue };
            let is_group = has[current].kind() == Kind::Group;
            if is_group && self.leaving(&has[current], &resolver) == Some(Leaving::Remove(Action::Delete)) {
                resolver.doom(&has[current].principal.name);
            }
        }
        (resolver, missing)
    }
}

fn is_removable(record: &Record, shield: &PatternSet, policy: &Policy, can: &Capabilities, ledger: &Ledger) -> bool {
    let (kind, key) = (record.kind(), record.key());
    !shield.matches(kind, key)
        && !can.is_implicit(kind, key)
        && ledger.other_owner(kind, key).is_none()
        && (policy.ownership == Ownership::All || ledger.owned(kind, key).is_some())
}

/// Counts the target: what there is, and what this sync could remove. Nothing is unchanged yet.
#[must_use]
pub fn bases(current: &PrincipalSet, policy: &Policy, can: &Capabilities, ledger: &Ledger) -> Bases {
    let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
    let mut bases = Bases::default();
    for record in current.records() {
        let base = bases.of_mut(record.kind());
        base.target += 1;
        base.removable += usize::from(is_removable(record, &shield, policy, can, ledger));
    }
    bases
}
