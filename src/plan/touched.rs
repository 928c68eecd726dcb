//! Who changes because a group goes: their memberships go with it, and the product may report them as updated.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Change, Plan};
use crate::principal::{GroupRef, Kind, PrincipalId, PrincipalSet};

/// Writes under each group that goes or is renamed who loses or follows the membership.
pub(super) fn list_touched(plan: &mut Plan, current: &PrincipalSet) {
    let mut touched: FxHashMap<GroupRef, Vec<PrincipalId>> = plan
        .changes
        .iter()
        .filter(|change| goes(change))
        .filter_map(|change| Some((plan.names.find(change.name())?, Vec::new())))
        .collect();
    if touched.is_empty() {
        return;
    }
    let deleted = plan.changes.iter().filter(|change| change.action() == Action::Delete);
    let deleted: FxHashSet<(Kind, &str)> = deleted.map(|change| (change.kind(), change.name())).collect();
    for record in current.records() {
        let principal = &record.principal;
        if deleted.contains(&(principal.kind, principal.name.as_str())) {
            continue;
        }
        for group in principal.group_refs() {
            if let Some(list) = touched.get_mut(group) {
                list.push(PrincipalId { kind: principal.kind, name: principal.name.clone() });
            }
        }
    }
    for change in plan.changes.iter_mut().filter(|change| goes(change)) {
        if let Some(list) = plan.names.find(change.name()).and_then(|group| touched.remove(&group)) {
            change.detail_mut().touches = list;
        }
    }
}

fn goes(change: &Change) -> bool {
    change.kind() == Kind::Group && matches!(change.action(), Action::Delete | Action::Rename)
}
