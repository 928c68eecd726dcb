//! Which groups a principal joins and leaves, in the target's own group names.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Memberships;
use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, PrincipalSet};

/// What is known of each group, by reference into the names of the plan.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "five plain facts about a group")]
struct Standing {
    /// Everybody is in it: never a difference.
    implicit: bool,
    /// Who is in it cannot be told: never a difference.
    contested: bool,
    /// It is deleted by this plan, and its memberships go with it.
    doomed: bool,
    /// A source defines it.
    defined: bool,
    /// A source principal names it.
    named: bool,
}

/// Translates the group names of the source into groups of the target.
pub(super) struct Resolver {
    pub(super) names: GroupNames,
    /// From a reference of the desired set to one of the plan; none where no such group will stand.
    to_plan: Vec<Option<GroupRef>>,
    standing: Vec<Standing>,
    by_key: FxHashMap<CompactString, GroupRef>,
    rule: Memberships,
}

impl Resolver {
    /// Starts with the groups that the target has; `key` folds a group's name.
    pub(super) fn new(current: &PrincipalSet, rule: Memberships) -> Self {
        let mut names = current.names().clone();
        let groups = &current.records()[..current.count(Kind::Group)];
        let by_key = groups.iter().map(|group| (group.key().into(), names.intern(&group.principal.name))).collect();
        let mut resolver = Self { names, to_plan: Vec::new(), standing: Vec::new(), by_key, rule };
        resolver.grow();
        resolver
    }

    fn grow(&mut self) {
        self.standing.resize(self.names.len(), Standing::default());
    }

    /// A group of the source stands in the target under the folded name `key`, or will, spelled `name`.
    pub(super) fn define(&mut self, desired_key: &str, current_key: Option<&str>, name: &str) {
        let group = match current_key.and_then(|key| self.by_key.get(key)) {
            Some(group) => *group,
            None => self.names.intern(name),
        };
        self.grow();
        self.standing[group.index()].defined = true;
        self.by_key.insert(desired_key.into(), group);
    }

    /// No group stands under the folded name `key`.
    pub(super) fn forget(&mut self, key: &str) {
        self.by_key.remove(key);
    }

    /// Everybody is in the group `name`, whether or not the target lists the group itself.
    pub(super) fn mark_implicit(&mut self, name: &str, rules: CaseRules) {
        let key = rules.key(Kind::Group, name);
        let listed = self.by_key.get(&key).copied();
        let named = self.names.iter().filter(|(_, other)| rules.key(Kind::Group, other) == key).map(|(group, _)| group);
        for group in named.chain(listed) {
            self.standing[group.index()].implicit = true;
        }
    }

    /// Groups whose members cannot be told, by folded name.
    pub(super) fn mark_contested(&mut self, contested: &FxHashSet<CompactString>, rules: CaseRules) {
        if contested.is_empty() {
            return;
        }
        let listed = contested.iter().filter_map(|key| self.by_key.get(key)).copied();
        let is_meant = |name: &str| contested.contains(&rules.key(Kind::Group, name));
        let named = self.names.iter().filter(|(_, name)| is_meant(name)).map(|(group, _)| group);
        for group in named.chain(listed) {
            self.standing[group.index()].contested = true;
        }
    }

    pub(super) fn is_implicit(&self, group: GroupRef) -> bool {
        self.standing[group.index()].implicit
    }

    /// The group is deleted by this plan.
    pub(super) fn doom(&mut self, name: &str) {
        if let Some(group) = self.names.find(name) {
            self.standing[group.index()].doomed = true;
        }
    }

    /// Looks up every group name of the desired set once. Returns those that no group stands for.
    pub(super) fn resolve(&mut self, desired: &GroupNames, fold: impl Fn(&str) -> CompactString) -> Vec<GroupRef> {
        let mut missing = Vec::new();
        self.to_plan = desired
            .iter()
            .map(|(reference, name)| {
                let group = self.by_key.get(&fold(name)).copied();
                match group {
                    Some(group) => self.standing[group.index()].named = true,
                    None => missing.push(reference),
                }
                group
            })
            .collect();
        missing
    }

    /// Whether a source principal names this group of the target.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.names.find(name).is_some_and(|group| self.standing[group.index()].named)
    }

    /// The groups of the target that a source principal is to be in.
    pub(super) fn wanted(&self, desired: &[GroupRef]) -> Vec<GroupRef> {
        let mut groups: Vec<_> = desired
            .iter()
            .filter_map(|group| self.to_plan[group.index()])
            .filter(|group| {
                let Standing { implicit, contested, defined, .. } = self.standing[group.index()];
                !implicit && !contested && (self.rule == Memberships::Exact || defined)
            })
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// What to join and what to leave. `desired` is `None` where memberships are unmanaged.
    pub(super) fn delta(&self, desired: Option<&[GroupRef]>, has: &[GroupRef]) -> (Vec<GroupRef>, Vec<GroupRef>) {
        let Some(desired) = desired else { return (Vec::new(), Vec::new()) };
        let wanted = self.wanted(desired);
        let join = wanted.iter().filter(|group| has.binary_search(group).is_err()).copied().collect();
        let leave = has.iter().filter(|group| wanted.binary_search(group).is_err() && self.may_leave(**group));
        (join, leave.copied().collect())
    }

    /// The groups that somebody who is back joins again: those of the recorded names that still stand, that the source does
    /// not decide on, and that are not in `has`. `decides`: the source says who is in its groups.
    pub(super) fn restored(
        &self,
        recorded: &[CompactString],
        decides: bool,
        has: &[GroupRef],
        fold: impl Fn(&str) -> CompactString,
    ) -> Vec<GroupRef> {
        if decides && self.rule == Memberships::Exact {
            return Vec::new();
        }
        let is_left = |group: &GroupRef| {
            let Standing { implicit, contested, doomed, defined, named: _ } = self.standing[group.index()];
            !(implicit || contested || doomed || (decides && defined) || has.binary_search(group).is_ok())
        };
        recorded.iter().filter_map(|name| self.by_key.get(&fold(name)).copied()).filter(is_left).collect()
    }

    fn may_leave(&self, group: GroupRef) -> bool {
        let Standing { implicit, contested, doomed, defined, named: _ } = self.standing[group.index()];
        !implicit && !contested && !doomed && (self.rule == Memberships::Exact || defined)
    }
}
