use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Current;
use crate::principal::Kind;

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

    /// Folded names of this sync's principals that `current`, a whole reading, lacks; those that several have are not
    /// gone.
    #[must_use]
    pub fn missing_from(&self, current: &Current) -> Vec<(Kind, String)> {
        let Current { set: current, coverage: _, hides_memberships: _, untold: _, ambiguous } = current;
        let known = |record: &&crate::principal::Record| self.own[slot(record.kind())].contains_key(record.key());
        if current.records().iter().filter(known).count() == self.own.iter().map(FxHashMap::len).sum::<usize>() {
            return Vec::new();
        }
        let of = |kind: Kind| {
            let keys = self.own[slot(kind)].keys().filter(move |key| current.position(kind, key).is_none());
            let gone = keys.filter(move |key| !ambiguous.contains(&(kind, (*key).clone())));
            gone.map(move |key| (kind, key.to_string()))
        };
        let mut missing: Vec<_> = Kind::ALL.into_iter().flat_map(of).collect();
        missing.sort_unstable();
        missing
    }

    /// Whether no immutable id is remembered: then nothing can have been renamed.
    #[must_use]
    pub fn knows_no_ids(&self) -> bool {
        self.by_source_id.iter().all(FxHashMap::is_empty)
    }
}
