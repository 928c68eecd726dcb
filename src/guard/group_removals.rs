//! Members that one group would lose.

use rustc_hash::FxHashMap;

use super::measure::part;
use super::{Evidence, GuardName, Limit, LimitState, Limits, hold};
use crate::plan::{HoldCode, Plan};
use crate::principal::GroupRef;

/// Holds the removals from every group that would lose too large a share.
pub(super) fn review(plan: &mut Plan, limits: &Limits, evidence: &Evidence<'_>) -> LimitState {
    let Limit::On(limit) = &limits.group_removals else {
        return LimitState::off(GuardName::GroupRemovals, "off");
    };
    let rule = format!("no group of {} or more loses over {} % of its members", limit.applies_from, limit.percent);
    let losses = losses(plan);
    let members = members(evidence, &losses);
    let large = losses.iter().filter_map(|(group, lost)| {
        let members = members.get(group).copied().unwrap_or(0);
        (members >= limit.applies_from).then(|| Loss {
            group: *group,
            lost: *lost,
            members,
            most: part(limit.percent, members),
        })
    });
    let mut large: Vec<Loss> = large.collect();
    large.sort_by_key(|loss| {
        (std::cmp::Reverse(loss.lost.saturating_sub(loss.most)), plan.names.name(loss.group).to_owned())
    });
    let Some(worst) = large.first() else {
        return LimitState::at_most(GuardName::GroupRemovals, rule, 0, 0).unbounded();
    };
    let name = plan.names.name(worst.group).to_owned();
    let state = LimitState::at_most(GuardName::GroupRemovals, rule, worst.most, worst.lost).of(format!("group {name}"));
    if worst.lost <= worst.most || evidence.lifted(GuardName::GroupRemovals).is_some() {
        return state;
    }
    let over: Vec<GroupRef> = large.iter().filter(|loss| loss.lost > loss.most).map(|loss| loss.group).collect();
    let message =
        format!("group `{name}` would lose {} of {} members, more than {}", worst.lost, worst.members, worst.most);
    let reason = |_: &_, group: GroupRef| {
        let loss = large.iter().find(|loss| loss.group == group);
        loss.map_or_else(String::new, |loss| format!("the group would lose {} of {} members", loss.lost, loss.members))
    };
    hold::memberships(plan, HoldCode::GroupRemovals, reason, |_, _| false, |_, group| over.contains(&group));
    state.held(message, HoldCode::GroupRemovals.advice().into())
}

struct Loss {
    group: GroupRef,
    lost: usize,
    members: usize,
    most: usize,
}

/// Those who are removed themselves do not count: only memberships that are taken away one by one.
fn losses(plan: &Plan) -> FxHashMap<GroupRef, usize> {
    let mut losses = FxHashMap::default();
    for change in plan.changes.iter().filter(|change| GuardName::GroupRemovals.counts(change)) {
        for group in change.leaves() {
            *losses.entry(*group).or_default() += 1;
        }
    }
    losses
}

fn members(evidence: &Evidence<'_>, losses: &FxHashMap<GroupRef, usize>) -> FxHashMap<GroupRef, usize> {
    let mut members = FxHashMap::default();
    if losses.is_empty() {
        return members;
    }
    for record in evidence.current.records() {
        for group in record.principal.group_refs() {
            *members.entry(*group).or_default() += 1;
        }
    }
    members
}
