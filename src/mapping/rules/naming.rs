use std::collections::BTreeMap;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, Principal};

/// How a group of the source is called in the target: a function of its name alone, so that whoever names the group
/// follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Naming {
    /// From the source's name to the target's. Such a name is not changed further.
    pub map: BTreeMap<CompactString, CompactString>,
    /// Taken from the front of a name that has it.
    pub strip: CompactString,
    /// Taken from the end of a name that has it.
    pub strip_suffix: CompactString,
    /// Put in front of every name, after that.
    pub add: CompactString,
}

impl Naming {
    pub(super) fn is_identity(&self) -> bool {
        *self == Self::default()
    }
}

/// The naming made ready for one target.
pub(super) struct Namer<'a> {
    naming: &'a Naming,
    map: FxHashMap<CompactString, &'a CompactString>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(naming: &'a Naming, rules: CaseRules) -> Self {
        let map = naming.map.iter().map(|(from, to)| (rules.key(Kind::Group, from), to)).collect();
        Self { naming, map }
    }

    /// Whether `map` has this folded name.
    pub(super) fn maps(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// The name in the target; empty where nothing is left of it.
    pub(super) fn name(&self, key: &str, name: &str) -> CompactString {
        if let Some(to) = self.map.get(key) {
            return (*to).clone();
        }
        let Naming { map: _, strip, strip_suffix, add } = self.naming;
        let middle = name.strip_prefix(strip.as_str()).unwrap_or(name);
        let middle = middle.strip_suffix(strip_suffix.as_str()).unwrap_or(middle);
        if middle.trim().is_empty() {
            return CompactString::default();
        }
        let mut named = add.clone();
        named.push_str(middle);
        named
    }
}

/// The group names of the target, and what each reference of the source became.
pub(super) struct Renamed {
    pub(super) names: GroupNames,
    /// None where no group has changed its name.
    to: Option<Vec<Option<GroupRef>>>,
    /// Folded names that more than one group of the source comes to, and none of them alone.
    pub(super) contested: FxHashSet<CompactString>,
}

impl Renamed {
    pub(super) fn unchanged(names: GroupNames) -> Self {
        Self { names, to: None, contested: FxHashSet::default() }
    }

    /// Renames every group that is named. `owners` are the folded names that groups of the source have in the target,
    /// and had in the source: another group of the source whose name comes out the same is left out, or its members
    /// would join a group that is not theirs. If `is_aside` knows that one, its members must not leave for it either.
    pub(super) fn new(
        names: &GroupNames,
        namer: &Namer<'_>,
        rules: CaseRules,
        owners: &FxHashMap<CompactString, CompactString>,
        is_aside: impl Fn(&CompactString) -> bool,
    ) -> Self {
        let (mut renamed, mut contested) = (GroupNames::new(), FxHashSet::default());
        // Where no group of the source stands for a name, the first that comes to it.
        let mut first: FxHashMap<CompactString, CompactString> = FxHashMap::default();
        let to = names.iter().map(|(_, name)| {
            let key = rules.key(Kind::Group, name);
            let new = namer.name(&key, name);
            let named = rules.key(Kind::Group, &new);
            if new.is_empty() {
                return None;
            }
            let owner = owners.get(&named);
            let is_other = owner.is_some_and(|owner| *owner != key);
            let is_contested = match owner {
                Some(_) => is_other && is_aside(&key),
                None => *first.entry(named.clone()).or_insert_with(|| key.clone()) != key,
            };
            if is_contested {
                contested.insert(named);
            }
            (!is_other).then(|| renamed.intern(&new))
        });
        let to = Some(to.collect());
        Self { names: renamed, to, contested }
    }

    pub(super) fn groups(&self, groups: &[GroupRef]) -> Vec<GroupRef> {
        match &self.to {
            None => groups.to_vec(),
            Some(to) => groups.iter().filter_map(|group| to[group.index()]).collect(),
        }
    }

    /// Renames the groups that `principal` is in.
    pub(super) fn follow(&self, principal: &mut Principal) {
        if self.to.is_some()
            && let Some(groups) = &principal.groups
        {
            principal.set_groups(self.groups(groups));
        }
    }
}
