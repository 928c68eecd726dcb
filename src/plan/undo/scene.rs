//! What an undo looks at: the target as it is, and the past run's group names in today's.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Deed;
use crate::plan::{Capabilities, Current, fields};
use crate::principal::{GroupNames, GroupRef, Kind, Principal};

pub(super) struct Scene<'a> {
    pub(super) current: &'a Current,
    pub(super) can: &'a Capabilities,
    names: GroupNames,
    /// From a reference of the past run to one of today, renames by that run followed.
    by_now: Vec<GroupRef>,
    /// By kind and folded old name, the new names of those whom the run renamed.
    renamed: FxHashMap<(Kind, CompactString), CompactString>,
    /// Groups that the run made and that go: their memberships go with them.
    pub(super) doomed: FxHashSet<GroupRef>,
    /// Groups that the run deleted and that are made again.
    pub(super) remade: FxHashSet<GroupRef>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(deeds: &[Deed<'_>], past: &GroupNames, current: &'a Current, can: &'a Capabilities) -> Self {
        let renamed = deeds.iter().filter(|deed| deed.done).filter_map(|deed| {
            let change = deed.change;
            let new_name = change.detail().new_name.clone()?;
            Some(((change.kind(), can.rules.key(change.kind(), change.name())), new_name))
        });
        let renamed: FxHashMap<_, _> = renamed.collect();
        let mut names = current.set.names().clone();
        // Groups without members too: a plan speaks of them.
        for group in &current.set.records()[..current.set.count(Kind::Group)] {
            names.intern(&group.principal.name);
        }
        for deed in deeds.iter().filter(|deed| deed.change.kind() == Kind::Group) {
            names.intern(deed.change.name());
        }
        let by_now = past.iter().map(|(_, name)| {
            let key = (Kind::Group, can.rules.key(Kind::Group, name));
            let name = renamed.get(&key).map_or(name, CompactString::as_str);
            // In the spelling of the target, where it has the group.
            let there = current.set.get(Kind::Group, &can.rules.key(Kind::Group, name));
            names.intern(there.map_or(name, |group| &group.principal.name))
        });
        let by_now = by_now.collect();
        let (doomed, remade) = (FxHashSet::default(), FxHashSet::default());
        Self { current, can, names, by_now, renamed, doomed, remade }
    }

    pub(super) fn key(&self, kind: Kind, name: &str) -> CompactString {
        self.can.rules.key(kind, name)
    }

    pub(super) fn find(&self, kind: Kind, name: &str) -> Option<&'a Principal> {
        self.current.set.get(kind, &self.key(kind, name)).map(|record| &record.principal)
    }

    /// By the name that the run left it with.
    pub(super) fn find_renamed(&self, kind: Kind, name: &str) -> Option<&'a Principal> {
        let name = self.renamed.get(&(kind, self.key(kind, name))).map_or(name, CompactString::as_str);
        self.find(kind, name)
    }

    pub(super) fn is_ambiguous(&self, kind: Kind, name: &str) -> bool {
        self.current.ambiguous.contains(&(kind, self.key(kind, name)))
    }

    /// The groups of the past run as they are by now; sorted, without those that are nobody's to change.
    pub(super) fn groups(&self, past: &[GroupRef]) -> Vec<GroupRef> {
        let mut groups: Vec<GroupRef> =
            past.iter().map(|group| self.by_now[group.index()]).filter(|group| !self.is_quiet(*group)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The group that the past run called so, as it is by now.
    pub(super) fn group(&self, name: &str) -> Option<GroupRef> {
        let name = self.renamed.get(&(Kind::Group, self.key(Kind::Group, name))).map_or(name, CompactString::as_str);
        let there = self.find(Kind::Group, name);
        self.names.find(there.map_or(name, |group| &group.name))
    }

    pub(super) fn name(&self, group: GroupRef) -> &str {
        self.names.name(group)
    }

    /// Whether there will be such a group.
    pub(super) fn stands(&self, group: GroupRef) -> bool {
        let is_there = self.find(Kind::Group, self.name(group)).is_some() && !self.doomed.contains(&group);
        is_there || self.remade.contains(&group)
    }

    /// Everybody is in it, or something else keeps its members.
    pub(super) fn is_quiet(&self, group: GroupRef) -> bool {
        let key = self.key(Kind::Group, self.name(group));
        let untold = self.current.untold.groups.iter().chain(&self.current.untold.unsure);
        self.can.is_implicit(Kind::Group, &key) || untold.into_iter().any(|name| self.key(Kind::Group, name) == key)
    }

    /// The groups that a principal of the target is in, without those that are nobody's to change.
    pub(super) fn has(&self, now: &Principal) -> Vec<GroupRef> {
        now.group_refs().iter().copied().filter(|group| !self.is_quiet(*group)).collect()
    }

    /// What differs between a principal of the past run and the target, where the target tells.
    pub(super) fn differs(&self, past: &Principal, now: &Principal) -> Option<String> {
        if is_other(past, now) {
            return Some("another account has the name by now".into());
        }
        let mut changes = fields::changes(past, now, &[]).into_iter();
        let value = changes.find(|change| !self.current.untold.hides(&change.field)).map(|change| change.field.text());
        let active = || (past.is_active() != now.is_active()).then(|| "active".to_owned());
        let is_told = past.groups.is_some() && !self.current.hides_memberships;
        let groups = || (is_told && self.groups(past.group_refs()) != self.has(now)).then(|| "groupNames".to_owned());
        let what = value.or_else(active).or_else(groups)?;
        Some(format!("{what} was changed in the target since"))
    }

    /// Hands the group names to the plan.
    pub(super) fn into_names(self, names: &mut GroupNames) -> &'a Current {
        *names = self.names;
        self.current
    }
}

/// Whether another account has the name by now.
pub(super) fn is_other(past: &Principal, now: &Principal) -> bool {
    matches!((&past.id, &now.id), (Some(past), Some(now)) if past != now)
}
