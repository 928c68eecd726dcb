use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Change, fields};
use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, Principal, PrincipalSet, Record};

/// The state after `changes`, which speak in the group names `names`. Everybody else stays as they are, save that a
/// group which is deleted or renamed is so in everybody's memberships.
///
/// `current` may be read later than the plan: each change is applied to the principal as it is by then.
#[must_use]
pub fn applied(current: PrincipalSet, changes: &[&Change], names: &GroupNames, rules: CaseRules) -> PrincipalSet {
    let (records, mut own_names) = current.into_parts();
    let to_own: Vec<GroupRef> = names.iter().map(|(_, name)| own_names.intern(name)).collect();
    let mut edit =
        Edit { to_own, by_name: FxHashMap::default(), doomed: FxHashSet::default(), renamed: FxHashMap::default() };
    for change in changes.iter().filter(|change| change.action() != Action::Create) {
        edit.by_name.insert((change.kind(), rules.key(change.kind(), change.name())), change);
        edit.note_group(change, &mut own_names);
    }
    let mut after: Vec<Record> = records.into_iter().filter_map(|record| edit.keep(record)).collect();
    for change in changes.iter().filter(|change| change.action() == Action::Create) {
        after.extend(edit.created(change));
    }
    PrincipalSet::build(after, own_names, rules).0
}

struct Edit<'a> {
    /// From a group reference of the plan to one of the state.
    to_own: Vec<GroupRef>,
    by_name: FxHashMap<(Kind, CompactString), &'a Change>,
    doomed: FxHashSet<GroupRef>,
    renamed: FxHashMap<GroupRef, GroupRef>,
}

impl Edit<'_> {
    fn note_group(&mut self, change: &Change, names: &mut GroupNames) {
        if change.kind() != Kind::Group {
            return;
        }
        let group = names.intern(change.name());
        match (change.action(), &change.detail().new_name) {
            (Action::Delete, _) => {
                self.doomed.insert(group);
            }
            (_, Some(name)) => {
                self.renamed.insert(group, names.intern(name));
            }
            _ => {}
        }
    }

    fn keep(&self, record: Record) -> Option<Record> {
        let key = (record.kind(), CompactString::from(record.key()));
        let mut principal = record.principal;
        if let Some(change) = self.by_name.get(&key) {
            if change.action() == Action::Delete {
                return None;
            }
            self.edit(&mut principal, change);
        }
        self.follow(&mut principal);
        Some(Record::new(principal, None))
    }

    fn edit(&self, principal: &mut Principal, change: &Change) {
        let (detail, Some(after)) = (change.detail(), change.after()) else { return };
        for changed in &detail.fields {
            fields::copy(after, principal, &changed.field);
        }
        match change.action() {
            Action::Disable | Action::Enable => principal.active = after.active,
            Action::Strip => principal.groups = Some(Box::default()),
            Action::Create | Action::Update | Action::Rename | Action::Delete => {}
        }
        if let Some(name) = &detail.new_name {
            principal.name.clone_from(name);
        }
        if !detail.join.is_empty() || !change.leaves().is_empty() {
            let leave: Vec<_> = self.own(change.leaves());
            let mut groups: Vec<_> = principal.group_refs().to_vec();
            groups.retain(|group| !leave.contains(group));
            groups.extend(self.own(&detail.join));
            principal.set_groups(groups);
        }
        if after.groups.is_none() {
            principal.groups.take_if(|groups| groups.is_empty());
        }
    }

    fn created(&self, change: &Change) -> Option<Record> {
        let mut principal = change.after()?.clone();
        if principal.groups.is_some() {
            principal.set_groups(self.own(principal.group_refs()));
        }
        self.follow(&mut principal);
        Some(Record::new(principal, None))
    }

    /// A group that goes is in nobody's memberships any more; one that is renamed is so everywhere.
    fn follow(&self, principal: &mut Principal) {
        let moved = |group: &GroupRef| self.doomed.contains(group) || self.renamed.contains_key(group);
        if !principal.group_refs().iter().any(moved) {
            return;
        }
        let kept = principal.group_refs().iter().filter(|group| !self.doomed.contains(group));
        let groups = kept.map(|group| *self.renamed.get(group).unwrap_or(group)).collect();
        principal.set_groups(groups);
    }

    fn own(&self, groups: &[GroupRef]) -> Vec<GroupRef> {
        groups.iter().map(|group| self.to_own[group.index()]).collect()
    }
}
