//! Administrators that must stay.

use rustc_hash::{FxHashMap, FxHashSet};

use super::privileged::{Moment, Parents, admin_groups, below, find, parents_after, parents_now};
use super::{Evidence, GuardName, Limit, LimitState, Limits};
use crate::plan::{Change, Plan};
use crate::principal::{GroupRef, Kind, Principal};

pub(super) fn limit(plan: &Plan, limits: &Limits, evidence: &Evidence<'_>) -> LimitState {
    let Limit::On(limit) = &limits.admins else { return LimitState::off(GuardName::Admins, "off") };
    let can = evidence.can;
    if can.admin_groups.is_empty() && !can.privileges.iter().any(|privilege| privilege.administrates) {
        return LimitState::off(GuardName::Admins, "this target has no administrator groups");
    }
    let now = parents_now(evidence.current, &plan.names);
    let before = reaching(admin_groups(evidence, plan, Moment::Before), plan, evidence, &now);
    let after = reaching(admin_groups(evidence, plan, Moment::After), plan, evidence, &parents_after(&now, plan));
    let changes: FxHashMap<&str, &Change> = plan
        .changes
        .iter()
        .filter(|change| change.kind() == Kind::User)
        .map(|change| (change.name(), change))
        .collect();
    let is_admin = |principal: &Principal, groups: &FxHashSet<GroupRef>| {
        let by_value = can.privileges.iter().any(|privilege| privilege.administrates && privilege.is_had_by(principal));
        let by_group = || principal.group_refs().iter().any(|group| groups.contains(group));
        principal.is_active() && (by_value || can.leaves_to_groups(principal) && by_group())
    };
    let (mut had, mut keeps) = (0, 0);
    for record in &evidence.current.records()[evidence.current.count(Kind::Group)..] {
        let principal = &record.principal;
        had += usize::from(is_admin(principal, &before));
        let then = match changes.get(principal.name.as_str()) {
            Some(change) => change.after(),
            None => Some(principal),
        };
        keeps += usize::from(then.is_some_and(|then| is_admin(then, &after)));
    }
    let created = plan.changes.iter().filter(|change| change.kind() == Kind::User && change.before().is_none());
    keeps += created.filter_map(Change::after).filter(|then| is_admin(then, &after)).count();
    let rule = format!("at least {} administrators stay", limit.keep);
    let state = LimitState::at_least(GuardName::Admins, rule, limit.keep, keeps);
    if keeps >= limit.keep || keeps >= had {
        return state;
    }
    let message = format!("it would leave {keeps} administrators of {had}, fewer than {}", limit.keep);
    state.tripped(
        message,
        "check who loses administrator rights; if it is right: apply --override admins --reason TEXT".into(),
    )
}

/// Every group by which one is an administrator.
fn reaching(roots: Vec<&str>, plan: &Plan, evidence: &Evidence<'_>, parents: &Parents) -> FxHashSet<GroupRef> {
    let roots = roots.into_iter().filter_map(|name| find(name, plan, evidence.can));
    roots.flat_map(|root| below(root, parents)).collect()
}
