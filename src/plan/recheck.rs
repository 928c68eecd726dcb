use super::gone::{Departure, Leaving, decide};
use super::{
    Ability, Action, Capabilities, Change, Held, HoldCode, Ledger, Owner, Ownership, Plan, Policy, ReasonCode,
    Retained, Wanted,
};
use crate::principal::{CaseRules, GroupNames, Kind, PatternSet};

/// Asks of every change of a saved plan once more what the planner asks: whether this sync may do that to this
/// principal at all, and whether it is still time for it to leave. What may not is held, who stays is retained. A file can
/// be written by anybody.
pub fn recheck(plan: &mut Plan, policy: &Policy, can: &Capabilities, ledger: &Ledger) {
    let asked = Asked::new(policy, can, ledger);
    for change in std::mem::take(&mut plan.changes) {
        let (id, wanted) = (change.id(), Wanted::Action(change.action()));
        let stays = asked.refusal(&change).map(|(code, reason)| Stays::Held(code, reason));
        match stays.or_else(|| asked.stays(&change, &plan.names)) {
            None => plan.changes.push(change),
            Some(Stays::Retained(reason)) => plan.retained.push(Retained { kind: id.kind, name: id.name, reason }),
            Some(Stays::Held(code, reason)) => {
                plan.held.push(Held { kind: id.kind, name: id.name, wanted, code, reason });
            }
        }
    }
}

/// Why a change is not carried out.
enum Stays {
    Held(HoldCode, String),
    Retained(String),
}

/// What a sync may do at all.
pub(super) struct Asked<'a> {
    policy: &'a Policy,
    can: &'a Capabilities,
    ledger: &'a Ledger,
    shield: PatternSet,
}

impl<'a> Asked<'a> {
    pub(super) fn new(policy: &'a Policy, can: &'a Capabilities, ledger: &'a Ledger) -> Self {
        let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
        Self { policy, can, ledger, shield }
    }

    /// How it came into this sync's care.
    pub(super) fn owner(&self, kind: Kind, key: &str) -> Owner {
        self.ledger.owned(kind, key).map_or(Owner::None, |owned| owned.owner)
    }

    /// Why a leaver stays: by what is remembered, and at this hour.
    fn stays(&self, change: &Change, names: &GroupNames) -> Option<Stays> {
        let (kind, action) = (change.kind(), change.action());
        // Whom the source says to switch off is no leaver.
        if !action.removes() || (change.reason == ReasonCode::Inactive && action == Action::Disable) {
            return None;
        }
        let (principal, key) = (change.before()?, self.can.rules.key(kind, change.name()));
        let reason = if change.reason == ReasonCode::Inactive { ReasonCode::Inactive } else { ReasonCode::Gone };
        let departure = Departure {
            principal,
            key: &key,
            in_groups: self.can.is_in_groups(principal, names),
            whole: true,
            reason,
            leaver: self.ledger.leaver(kind, &key),
            ours: self.ledger.switched_off(kind, &key),
        };
        match decide(&departure, self.policy, self.can) {
            Leaving::Remove(wanted, _) if wanted == action => None,
            Leaving::Remove(wanted, _) => Some(Stays::Retained(format!("`leavers` says to {} it now", wanted.word()))),
            Leaving::Retain(reason) => Some(Stays::Retained(reason)),
            Leaving::Hold { wanted: _, code, reason } => Some(Stays::Held(code, reason)),
        }
    }

    /// Why this sync may not do that; none where it may.
    pub(super) fn refusal(&self, change: &Change) -> Option<(HoldCode, String)> {
        let (kind, action, rules): (_, _, CaseRules) = (change.kind(), change.action(), self.can.rules);
        let names = [Some(change.name()), change.detail().new_name.as_deref()];
        for key in names.into_iter().flatten().map(|name| rules.key(kind, name)) {
            if self.shield.matches(kind, &key) || self.can.is_implicit(kind, &key) {
                return Some((HoldCode::Protected, "it is protected".into()));
            }
            if let Some(sync) = self.ledger.other_owner(kind, &key) {
                return Some((HoldCode::OtherOwner, format!("sync `{sync}` owns it")));
            }
        }
        let owned = self.ledger.owned(kind, &rules.key(kind, change.name())).is_some();
        if action.removes() && self.policy.ownership == Ownership::Managed && !owned {
            return Some((HoldCode::Protected, "it is not in the care of this sync".into()));
        }
        let heir = self.policy.leavers.transfer_to.as_deref();
        if action.removes() && heir.is_some_and(|heir| rules.key(kind, heir) == rules.key(kind, change.name())) {
            return Some((HoldCode::Protected, "what leavers owned goes to it".into()));
        }
        let needed = match action {
            Action::Create => Ability::Create,
            Action::Update if change.detail().fields.is_empty() => {
                if kind == Kind::Group {
                    Ability::Nest
                } else {
                    Ability::Join
                }
            }
            Action::Update => Ability::Update,
            Action::Strip => Ability::Join,
            Action::Rename => Ability::Rename,
            Action::Disable | Action::Enable => Ability::Disable,
            Action::Delete => Ability::Delete,
        };
        if !self.can.can(kind, needed) {
            return Some((HoldCode::TargetCannot, self.can.inability(kind, needed)));
        }
        let permitted = self.policy.allow.permits(kind, action);
        (!permitted).then(|| (HoldCode::NotAllowed, format!("`allow.{}` leaves out {}", kind.plural(), action.word())))
    }
}
