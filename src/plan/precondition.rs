use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Capabilities, Change, Current, Untold, fields};
use crate::principal::{GroupNames, Kind, Principal, PrincipalSet};

/// How a change of a plan stands to the target as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The target is as the plan saw it: it may be done.
    Holds,
    /// What the change wants is so already.
    Already,
    /// The target has moved since; the text says how.
    Moved(String),
}

/// The changes of a plan beside the target, read again.
pub struct Preconditions<'a> {
    names: &'a GroupNames,
    now: &'a PrincipalSet,
    hides_memberships: bool,
    untold: &'a Untold,
    /// Folded names of groups of which it is not told who is in them.
    untold_groups: FxHashSet<CompactString>,
    ambiguous: &'a FxHashSet<(Kind, CompactString)>,
    can: &'a Capabilities,
    /// Groups that the plan deletes: their memberships go with them.
    doomed: FxHashSet<&'a str>,
    /// Groups that the plan renames: their members follow.
    renamed: FxHashMap<&'a str, &'a str>,
}

impl<'a> Preconditions<'a> {
    /// `changes` are all of the plan that may be done by now; they speak in the group names `names`.
    #[must_use]
    pub fn new(
        changes: impl IntoIterator<Item = &'a Change>,
        names: &'a GroupNames,
        current: &'a Current,
        can: &'a Capabilities,
    ) -> Self {
        let Current { set: now, coverage: _, hides_memberships, untold, ambiguous } = current;
        let mut found = Self {
            names,
            now,
            hides_memberships: *hides_memberships,
            untold,
            untold_groups: untold
                .groups
                .iter()
                .chain(&untold.unsure)
                .map(|name| can.rules.key(Kind::Group, name))
                .collect(),
            ambiguous,
            can,
            doomed: FxHashSet::default(),
            renamed: FxHashMap::default(),
        };
        for change in changes.into_iter().filter(|change| change.kind() == Kind::Group) {
            match (change.action(), &change.detail().new_name) {
                (Action::Delete, _) => _ = found.doomed.insert(change.name()),
                (_, Some(name)) => _ = found.renamed.insert(change.name(), name.as_str()),
                _ => {}
            }
        }
        found
    }

    /// Compares one change with the target.
    #[must_use]
    pub fn standing(&self, change: &Change) -> Standing {
        let find = |name: &str| self.find(change.kind(), name);
        let new_name = change.detail().new_name.as_deref();
        let found = find(change.name());
        if change.action() == Action::Delete && self.is_ambiguous(change.kind(), change.name()) {
            return Standing::Moved("several in the target have the name by now".into());
        }
        if self.is_done(change, found, new_name.and_then(find)) {
            return Standing::Already;
        }
        let several = [new_name, change.before().is_none().then(|| change.name())].into_iter().flatten();
        if several.into_iter().any(|name| self.is_ambiguous(change.kind(), name)) {
            return Standing::Moved("several in the target have the name by now".into());
        }
        match (change.before(), found) {
            (None, None) => Standing::Holds,
            (None, Some(_)) => Standing::Moved("it exists by now, with other values".into()),
            (Some(_), None) => Standing::Moved("it is no longer there".into()),
            (Some(before), Some(now)) => match self.moved(before, now) {
                Some(what) => Standing::Moved(format!("{what} was changed in the target since")),
                None if new_name.is_some_and(|name| find(name).is_some()) => {
                    Standing::Moved("the new name is taken by now".into())
                }
                None => Standing::Holds,
            },
        }
    }

    fn find(&self, kind: Kind, name: &str) -> Option<&'a Principal> {
        self.now.get(kind, &self.can.rules.key(kind, name)).map(|record| &record.principal)
    }

    fn is_ambiguous(&self, kind: Kind, name: &str) -> bool {
        !self.ambiguous.is_empty() && self.ambiguous.contains(&(kind, self.can.rules.key(kind, name)))
    }

    fn is_done(&self, change: &Change, found: Option<&Principal>, renamed: Option<&Principal>) -> bool {
        let is_renaming = change.detail().new_name.is_some();
        match (change.action(), found, renamed) {
            (Action::Delete, found, _) => found.is_none(),
            (_, None, Some(now)) if is_renaming => self.is_as_wanted(change, now),
            (_, Some(now), _) if !is_renaming => self.is_as_wanted(change, now),
            _ => false,
        }
    }

    fn is_as_wanted(&self, change: &Change, now: &Principal) -> bool {
        let shown = change.detail().fields.iter().filter(|change| !self.untold.hides(&change.field));
        change.after().is_some_and(|after| {
            // Some products show little or nothing of whoever is switched off.
            let is_so =
                if change.action() == Action::Disable { !now.is_active() } else { self.lacks(after, now).is_none() };
            is_so
                && !fields::lacks(shown, now)
                && (keeps_groups(change, after)
                    || self.hides_memberships
                    || self.is_member_as_wanted(change, after, now))
        })
    }

    fn is_member_as_wanted(&self, change: &Change, after: &Principal, now: &Principal) -> bool {
        let (expected, has) = (self.expected(after), self.has(now));
        match change.action() {
            // Some products take whoever is switched off out of every group.
            Action::Disable => has.iter().all(|group| expected.contains(group)),
            _ => expected == has,
        }
    }

    /// What the target has now that the plan did not see. What it had not counts as nothing.
    fn moved(&self, before: &Principal, now: &Principal) -> Option<String> {
        let groups =
            || (!self.hides_memberships && self.expected(before) != self.has(now)).then(|| "groupNames".into());
        self.lacks(before, now).or_else(|| self.lacks(now, before)).or_else(groups)
    }

    /// The first value of `wanted` that `has` shows to be different.
    fn lacks(&self, wanted: &Principal, has: &Principal) -> Option<String> {
        let mut changes = fields::changes(wanted, has, &[]).into_iter();
        let active = || (wanted.is_active() != has.is_active()).then(|| "active".into());
        changes.find(|change| !self.untold.hides(&change.field)).map(|change| change.field.text()).or_else(active)
    }

    /// The memberships of a principal of the plan, as the groups are called by now.
    fn expected(&self, principal: &'a Principal) -> Vec<&'a str> {
        let by_now = |name: &'a str| match self.renamed.get(name) {
            Some(new_name) if self.find(Kind::Group, name).is_none() => Some(*new_name),
            None if self.doomed.contains(name) && self.find(Kind::Group, name).is_none() => None,
            _ => Some(name),
        };
        let names = self.names.sorted(principal.group_refs());
        let mut expected: Vec<&str> = names.into_iter().filter(|name| self.counts(name)).filter_map(by_now).collect();
        expected.sort_unstable();
        expected.dedup();
        expected
    }

    fn has(&self, principal: &Principal) -> Vec<&'a str> {
        let mut names = self.now.names().sorted(principal.group_refs());
        names.retain(|name| self.counts(name));
        names
    }

    /// The product itself puts everybody into an implicit group, and of some groups it is not told who is in them.
    fn counts(&self, group: &str) -> bool {
        let key = self.can.rules.key(Kind::Group, group);
        !self.can.is_implicit(Kind::Group, &key) && !self.untold_groups.contains(&key)
    }
}

/// Whether a change says nothing of memberships.
fn keeps_groups(change: &Change, after: &Principal) -> bool {
    after.groups.is_none() && change.joins().is_empty() && change.leaves().is_empty()
}

/// Whether `now` has every value that `change` leads to; memberships apart. Of who is switched off the others are not
/// asked: some products show little or nothing of them.
#[must_use]
pub fn holds(change: &Change, now: &Principal) -> bool {
    let same = |after: &Principal| change.action() == Action::Disable || fields::changes(after, now, &[]).is_empty();
    let has_all = |after: &Principal| same(after) && after.is_active() == now.is_active();
    change.after().is_some_and(has_all) && !fields::lacks(&change.detail().fields, now)
}
