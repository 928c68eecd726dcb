use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Capabilities, Current, Leaver};
use crate::principal::{Kind, PrincipalSet};

/// How a principal came into a sync's care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    Created,
    /// Found in the target and matched.
    Adopted,
    None,
}

/// What is remembered of a principal in a sync's care.
#[derive(Debug, Clone)]
pub struct Owned {
    pub owner: Owner,
    /// The immutable id in the source under which it was matched.
    pub source_id: Option<CompactString>,
    /// Rollcall itself disabled it.
    pub disabled: bool,
}

/// Who owns what in one target, as one sync sees it. Empty where nothing is remembered.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    own: [FxHashMap<CompactString, Owned>; 2],
    by_source_id: [FxHashMap<CompactString, CompactString>; 2],
    others: [FxHashMap<CompactString, String>; 2],
    leavers: [FxHashMap<CompactString, Leaver>; 2],
}

fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Group => 0,
        Kind::User => 1,
    }
}

impl Ledger {
    /// Remembers a principal of this sync under its folded name.
    pub fn insert(&mut self, kind: Kind, key: CompactString, owned: Owned) {
        if let Some(id) = &owned.source_id {
            self.by_source_id[slot(kind)].insert(id.clone(), key.clone());
        }
        self.own[slot(kind)].insert(key, owned);
    }

    /// Remembers that another sync owns it.
    pub fn insert_other(&mut self, kind: Kind, key: CompactString, sync: String) {
        self.others[slot(kind)].insert(key, sync);
    }

    #[must_use]
    pub fn owned(&self, kind: Kind, key: &str) -> Option<&Owned> {
        self.own[slot(kind)].get(key)
    }

    /// The folded name under which an immutable id of the source was last matched.
    #[must_use]
    pub fn key_of(&self, kind: Kind, source_id: &str) -> Option<&str> {
        self.by_source_id[slot(kind)].get(source_id).map(CompactString::as_str)
    }

    /// How many principals of a kind are in this sync's care.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.own[slot(kind)].len()
    }

    /// The other sync that owns it.
    #[must_use]
    pub fn other_owner(&self, kind: Kind, key: &str) -> Option<&str> {
        self.others[slot(kind)].get(key).map(String::as_str)
    }

    /// Remembers that a principal is on its way out.
    pub fn insert_leaver(&mut self, kind: Kind, key: CompactString, leaver: Leaver) {
        self.leavers[slot(kind)].insert(key, leaver);
    }

    /// What is remembered of its leaving, whether or not it is in this sync's care.
    #[must_use]
    pub fn leaver(&self, kind: Kind, key: &str) -> Option<&Leaver> {
        self.leavers[slot(kind)].get(key)
    }

    /// Everybody who is on the way out, by kind and folded name.
    #[must_use]
    pub fn leavers(&self) -> Vec<(Kind, &str, &Leaver)> {
        let of = |kind: Kind| self.leavers[slot(kind)].iter().map(move |(key, leaver)| (kind, key.as_str(), leaver));
        let mut all: Vec<_> = Kind::ALL.into_iter().flat_map(of).collect();
        all.sort_unstable_by_key(|(kind, key, _)| (*kind, *key));
        all
    }

    /// Nothing but who is on the way out.
    #[must_use]
    pub fn into_leavers(self) -> Self {
        Self { leavers: self.leavers, ..Self::default() }
    }

    /// Whether rollcall switched it off, as far as anybody remembers.
    #[must_use]
    pub fn switched_off(&self, kind: Kind, key: &str) -> bool {
        let owned = || self.owned(kind, key).is_some_and(|owned| owned.disabled);
        self.leaver(kind, key).is_some_and(Leaver::is_off) || owned()
    }

    /// Folded names of this sync's principals, and of leavers, that `current`, a whole reading, lacks; those that several
    /// have are not gone.
    #[must_use]
    pub fn missing_from(&self, current: &Current) -> Vec<(Kind, String)> {
        let Current { set: current, coverage: _, hides_memberships: _, untold: _, ambiguous } = current;
        let is_missing = |kind: Kind, key: &CompactString| {
            current.position(kind, key).is_none() && !ambiguous.contains(&(kind, key.clone()))
        };
        let mut missing: Vec<(Kind, String)> = Vec::new();
        for kind in Kind::ALL {
            let own = &self.own[slot(kind)];
            if !has_all(current, kind, own) {
                missing.extend(own.keys().filter(|key| is_missing(kind, key)).map(|key| (kind, key.to_string())));
            }
            let leavers = self.leavers[slot(kind)].keys().filter(|key| !own.contains_key(*key));
            missing.extend(leavers.filter(|key| is_missing(kind, key)).map(|key| (kind, key.to_string())));
        }
        missing.sort_unstable();
        missing
    }

    /// Folded names of those whom rollcall switched off or took out of their groups, and with whom `current` shows that a
    /// person has undone it.
    #[must_use]
    pub fn undone_in(&self, current: &PrincipalSet, can: &Capabilities) -> Vec<(Kind, String)> {
        let mut undone: Vec<(Kind, String)> = Vec::new();
        for kind in Kind::ALL {
            let find = |key: &str| current.get(kind, key).map(|record| &record.principal);
            let is_undone = |key: &str, leaver: &Leaver| {
                leaver.disabled.is_some()
                    && find(key).is_some_and(|found| !leaver.stands(found, can.is_in_groups(found, current.names())))
            };
            let left = self.leavers[slot(kind)].iter().filter(|(key, leaver)| is_undone(key, leaver));
            undone.extend(left.map(|(key, _)| (kind, key.to_string())));
        }
        undone.sort_unstable();
        undone
    }

    /// Folded names of those in this sync's care whom rollcall had switched off and `current` shows to be on.
    #[must_use]
    pub fn on_again_in(&self, current: &PrincipalSet) -> Vec<(Kind, String)> {
        let mut found: Vec<(Kind, String)> = Vec::new();
        for kind in Kind::ALL {
            let is_on = |key: &str| current.get(kind, key).is_some_and(|record| record.principal.is_active());
            let off = self.own[slot(kind)].iter().filter(|(key, owned)| owned.disabled && is_on(key));
            found.extend(off.map(|(key, _)| (kind, key.to_string())));
        }
        found.sort_unstable();
        found
    }

    /// Whether no immutable id is remembered: then nothing can have been renamed.
    #[must_use]
    pub fn knows_no_ids(&self) -> bool {
        self.by_source_id.iter().all(FxHashMap::is_empty)
    }
}

/// Whether a reading has every principal of `own`: nearly always, and found without a look at each of them.
fn has_all(current: &PrincipalSet, kind: Kind, own: &FxHashMap<CompactString, Owned>) -> bool {
    let (groups, users) = current.records().split_at(current.count(Kind::Group));
    let records = if kind == Kind::Group { groups } else { users };
    records.iter().filter(|record| own.contains_key(record.key())).count() == own.len()
}
