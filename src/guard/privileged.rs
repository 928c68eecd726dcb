//! Who would become a member of a privileged group, directly or by nesting.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Evidence, GuardName, Limit, LimitState, Limits, Privileged, Switch, hold, rights};
use crate::plan::{Action, Capabilities, Change, HoldCode, Plan};
use crate::principal::{GroupNames, GroupRef, Kind, Principal, PrincipalSet};

/// The groups of which one is a member by being in them.
pub(super) type Parents = FxHashMap<GroupRef, Vec<GroupRef>>;

/// The parents of every group of the target as it is.
pub(super) fn parents_now(current: &PrincipalSet, names: &GroupNames) -> Parents {
    let groups = &current.records()[..current.count(Kind::Group)];
    let edges = groups
        .iter()
        .filter_map(|group| Some((names.find(&group.principal.name)?, group.principal.group_refs().to_vec())));
    edges.collect()
}

/// The parents of every group as the plan would leave them.
pub(super) fn parents_after(now: &Parents, plan: &Plan) -> Parents {
    let mut after = now.clone();
    for change in plan.changes.iter().filter(|change| change.kind() == Kind::Group) {
        let Some(group) = plan.names.find(change.name()) else { continue };
        match change.after() {
            Some(to) if change.action() != Action::Delete => after.insert(group, to.group_refs().to_vec()),
            _ => after.remove(&group),
        };
    }
    after
}

/// Every group from which `root` is reached, itself included.
pub(super) fn below(root: GroupRef, parents: &Parents) -> FxHashSet<GroupRef> {
    let mut children: FxHashMap<GroupRef, Vec<GroupRef>> = FxHashMap::default();
    for (child, of) in parents {
        for parent in of {
            children.entry(*parent).or_default().push(*child);
        }
    }
    let mut found = FxHashSet::from_iter([root]);
    let mut open = vec![root];
    while let Some(group) = open.pop() {
        for child in children.get(&group).into_iter().flatten() {
            if found.insert(*child) {
                open.push(*child);
            }
        }
    }
    found
}

/// One privileged group and who reaches it.
struct Root {
    name: CompactString,
    before: FxHashSet<GroupRef>,
    after: FxHashSet<GroupRef>,
}

/// Holds every gain that is not allowed, and marks those that are.
pub(super) fn review(plan: &mut Plan, limits: &Limits, evidence: &Evidence<'_>) -> LimitState {
    let Limit::On(rule) = &limits.privileged else {
        return LimitState::off(GuardName::Privileged, "off");
    };
    let gate = Gate {
        rule,
        evidence,
        changed: limits.config_change == Switch::Hold
            && evidence.config_changed
            && evidence.unattended
            && evidence.lifted(GuardName::ConfigChange).is_none(),
    };
    let now = parents_now(evidence.current, &plan.names);
    let open = gate.open(plan, &now);
    let renamed = gate.hold_renames(plan) + rights::hold(plan, rule, evidence, gate.changed, &open);
    // Groups first, and the nearest of them: what a held nesting would have opened is not a gain for its members.
    let mut held = renamed + gate.hold(plan, Kind::Group, Reach::Near, &now);
    held += gate.hold(plan, Kind::Group, Reach::Any, &now);
    held += gate.hold(plan, Kind::User, Reach::Any, &now);
    gate.mark(plan, &now);
    let state =
        LimitState::at_most(GuardName::Privileged, "nobody joins a privileged group who is not on its list", 0, held);
    if held == 0 {
        return state;
    }
    let message = format!("{held} would become members of a privileged group");
    let hint = "add them to `guard.privileged.allow`, or do it by hand in the target; once: --override privileged --reason TEXT";
    state.held(message, hint.into())
}

/// The groups that are privileged or lead to one that is, before the plan or after it; also where nothing is held for it.
#[must_use]
pub fn leading(plan: &Plan, limits: &Limits, evidence: &Evidence<'_>) -> FxHashSet<GroupRef> {
    let built_in = Privileged::default();
    let rule = if let Limit::On(rule) = &limits.privileged { rule } else { &built_in };
    let gate = Gate { rule, evidence, changed: false };
    let roots = gate.roots(plan, &parents_now(evidence.current, &plan.names));
    roots.into_iter().flat_map(|root| root.before.into_iter().chain(root.after)).collect()
}

/// Which memberships are looked at: those in groups that lead there already, or in any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Near,
    Any,
}

struct Gate<'a> {
    rule: &'a Privileged,
    evidence: &'a Evidence<'a>,
    /// The configuration was changed and nobody watches: not even listed gains go through.
    changed: bool,
}

impl Gate<'_> {
    /// A group that takes the name of a privileged one makes all its members privileged.
    fn hold_renames(&self, plan: &mut Plan) -> usize {
        if self.evidence.lifted(GuardName::Privileged).is_some() && !self.changed {
            return 0;
        }
        let rules = self.evidence.can.rules;
        let listed: FxHashSet<CompactString> =
            names_of(self.rule, self.evidence, plan).into_iter().map(|name| rules.key(Kind::Group, name)).collect();
        let reason = "its new name is that of a privileged group";
        hold::changes(plan, HoldCode::Privileged, reason, |change| {
            let new_name = change.detail().new_name.as_deref().filter(|_| change.kind() == Kind::Group);
            new_name.is_some_and(|name| listed.contains(&rules.key(Kind::Group, name)))
        })
    }

    fn hold(&self, plan: &mut Plan, kind: Kind, reach: Reach, now: &Parents) -> usize {
        if self.evidence.lifted(GuardName::Privileged).is_some() && !self.changed {
            return 0;
        }
        let roots = self.roots(plan, now);
        let names = plan.names.clone();
        let code = if self.changed { HoldCode::ConfigChange } else { HoldCode::Privileged };
        let held = |change: &Change, group: GroupRef| {
            change.kind() == kind
                && gained(&roots, change, group, &names)
                    .filter(|root| reach == Reach::Any || root.before.contains(&group))
                    .any(|root| self.changed || !self.allows(root, change, group, &names))
        };
        let reason = |change: &Change, group: GroupRef| {
            let root = gained(&roots, change, group, &names).next().map_or("", |root| root.name.as_str());
            format!("it would become a member of the privileged group `{root}`")
        };
        hold::memberships(plan, code, reason, held, |_, _| false)
    }

    fn mark(&self, plan: &mut Plan, now: &Parents) {
        let (roots, open) = (self.roots(plan, now), self.open(plan, now));
        let names = plan.names.clone();
        for change in &mut plan.changes {
            let joins = change.joins().iter().any(|group| gained(&roots, change, *group, &names).next().is_some());
            change.privileged = joins || rights::gained(change, self.evidence, &open).next().is_some();
        }
    }

    /// The groups whose members have rights once the plan is carried out.
    fn open(&self, plan: &Plan, now: &Parents) -> FxHashSet<GroupRef> {
        self.roots(plan, now).into_iter().flat_map(|root| root.after).collect()
    }

    fn roots(&self, plan: &Plan, now: &Parents) -> Vec<Root> {
        let after = parents_after(now, plan);
        names_of(self.rule, self.evidence, plan)
            .into_iter()
            .filter_map(|name| {
                let group = find(name, plan, self.evidence.can)?;
                Some(Root { name: name.into(), before: below(group, now), after: below(group, &after) })
            })
            .collect()
    }

    /// Whether the list of the privileged group, or of the group joined, names the principal.
    fn allows(&self, root: &Root, change: &Change, group: GroupRef, names: &GroupNames) -> bool {
        let rules = self.evidence.can.rules;
        // By the name it will have: a list names people as they are called then.
        let name = change.after().map_or(change.name(), |after| &after.name);
        let who = rules.key(change.kind(), name);
        let same_group = |name: &str| {
            let key = rules.key(Kind::Group, name);
            key == rules.key(Kind::Group, &root.name) || key == rules.key(Kind::Group, names.name(group))
        };
        let lists = self.rule.allow.iter().filter(|(name, _)| same_group(name));
        lists.flat_map(|(_, entries)| entries).any(|entry| {
            crate::principal::PrincipalId::parse(entry)
                .is_ok_and(|id| id.kind == change.kind() && rules.key(id.kind, &id.name) == who)
        })
    }
}

/// The privileged groups that a membership newly opens.
fn gained<'a>(
    roots: &'a [Root],
    change: &'a Change,
    group: GroupRef,
    names: &'a GroupNames,
) -> impl Iterator<Item = &'a Root> {
    roots.iter().filter(move |root| root.after.contains(&group) && !was_member(root, change, names))
}

fn was_member(root: &Root, change: &Change, names: &GroupNames) -> bool {
    let itself = names.find(change.name()).filter(|_| change.kind() == Kind::Group);
    let before = change.before().map_or(&[][..], Principal::group_refs);
    itself.is_some_and(|group| root.before.contains(&group)) || before.iter().any(|group| root.before.contains(group))
}

/// Before a plan, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
}

/// The names of the groups whose members administrate the product. After a plan, one that goes or loses the right is none
/// of them any more, and one that gains it is.
pub(super) fn admin_groups<'a>(evidence: &'a Evidence<'_>, plan: &'a Plan, moment: Moment) -> Vec<&'a str> {
    let now = evidence.can.admin_groups_of(evidence.current);
    if moment == Moment::Before {
        return now.collect();
    }
    let gives = |change: &Change| {
        let rights = evidence.can.privileges.iter().filter(|privilege| privilege.administrates);
        change.after().is_some_and(|after| rights.clone().any(|privilege| privilege.is_had_by(after)))
    };
    let groups = plan.changes.iter().filter(|change| change.kind() == Kind::Group);
    let changed: FxHashMap<&str, &Change> = groups.map(|change| (change.name(), change)).collect();
    let stays = |name: &&str| match changed.get(*name) {
        Some(change) if change.action() == Action::Delete => false,
        Some(change) => evidence.can.admin_groups.contains(name) || gives(change),
        None => true,
    };
    let kept: Vec<&str> = now.filter(stays).collect();
    let gained: Vec<&str> =
        changed.iter().filter(|(name, change)| gives(change) && !kept.contains(*name)).map(|(name, _)| *name).collect();
    kept.into_iter().chain(gained).collect()
}

/// Every privileged group, as it is or will be.
fn names_of<'a>(rule: &'a Privileged, evidence: &'a Evidence<'_>, plan: &'a Plan) -> Vec<&'a str> {
    let mut names = admin_groups(evidence, plan, Moment::Before);
    for name in admin_groups(evidence, plan, Moment::After).into_iter().chain(rule.groups.iter().map(String::as_str)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The group of the plan that a configured name means.
pub(super) fn find(name: &str, plan: &Plan, can: &Capabilities) -> Option<GroupRef> {
    plan.names.find(name).or_else(|| {
        let key = can.rules.key(Kind::Group, name);
        plan.names.iter().find(|(_, other)| can.rules.key(Kind::Group, other) == key).map(|(group, _)| group)
    })
}
