//! Taking items out of a plan: they are held, the rest goes on.

use crate::plan::{Change, Held, HoldCode, Plan, Wanted};
use crate::principal::GroupRef;

/// Moves the memberships that `join` or `leave` picks from the changes to the held items. Returns how many.
pub(super) fn memberships(
    plan: &mut Plan,
    code: HoldCode,
    reason: impl Fn(&Change, GroupRef) -> String,
    join: impl Fn(&Change, GroupRef) -> bool,
    leave: impl Fn(&Change, GroupRef) -> bool,
) -> usize {
    let before = plan.held.len();
    let mut idle = Vec::new();
    for change in &mut plan.changes {
        let joins: Vec<_> = change.joins().iter().copied().filter(|group| join(change, *group)).collect();
        let leaves: Vec<_> = change.leaves().iter().copied().filter(|group| leave(change, *group)).collect();
        if joins.is_empty() && leaves.is_empty() {
            continue;
        }
        let name = |group: &GroupRef| plan.names.name(*group).into();
        for group in &joins {
            plan.held.push(held(change, Wanted::Join(name(group)), code, reason(change, *group)));
        }
        for group in &leaves {
            plan.held.push(held(change, Wanted::Leave(name(group)), code, reason(change, *group)));
        }
        change.withhold(&joins, &leaves);
        if change.is_idle() {
            idle.push(change.kind());
        }
    }
    plan.changes.retain(|change| !change.is_idle());
    for kind in idle {
        plan.bases.of_mut(kind).unchanged += 1;
    }
    plan.held.len() - before
}

/// Moves whole changes to the held items. Returns how many.
pub(super) fn changes(plan: &mut Plan, code: HoldCode, reason: &str, pick: impl Fn(&Change) -> bool) -> usize {
    let (kept, taken): (Vec<_>, Vec<_>) =
        std::mem::take(&mut plan.changes).into_iter().partition(|change| !pick(change));
    plan.changes = kept;
    plan.held.extend(taken.iter().map(|change| held(change, Wanted::Action(change.action()), code, reason.into())));
    taken.len()
}

fn held(change: &Change, wanted: Wanted, code: HoldCode, reason: String) -> Held {
    let id = change.id();
    Held { kind: id.kind, name: id.name, wanted, code, reason }
}
