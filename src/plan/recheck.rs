use super::{Ability, Action, Capabilities, Change, Held, HoldCode, Ledger, Ownership, Plan, Policy, Wanted};
use crate::principal::{CaseRules, Kind, PatternSet};

/// Asks of every change of a saved plan once more what the planner asks: whether this sync may do that to this
/// principal at all. What may not is held. A file can be written by anybody.
pub fn recheck(plan: &mut Plan, policy: &Policy, can: &Capabilities, ledger: &Ledger) {
    let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
    let asked = Asked { policy, can, ledger, shield };
    let (kept, refused): (Vec<_>, Vec<_>) = std::mem::take(&mut plan.changes)
        .into_iter()
        .map(|change| (asked.refusal(&change), change))
        .partition(|(refusal, _)| refusal.is_none());
    plan.changes = kept.into_iter().map(|(_, change)| change).collect();
    for (refusal, change) in refused {
        let Some((code, reason)) = refusal else { continue };
        let id = change.id();
        plan.held.push(Held { kind: id.kind, name: id.name, wanted: Wanted::Action(change.action()), code, reason });
    }
}

struct Asked<'a> {
    policy: &'a Policy,
    can: &'a Capabilities,
    ledger: &'a Ledger,
    shield: PatternSet,
}

impl Asked<'_> {
    fn refusal(&self, change: &Change) -> Option<(HoldCode, String)> {
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
