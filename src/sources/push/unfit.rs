use std::collections::hash_map::Entry;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::list::place;
use crate::principal::{CaseRules, Record};

/// The longest name, in characters.
const LONGEST_NAME: usize = 1_000;

/// Records that can be read and that a run would set aside all the same, whatever the target: which, from 0, and why.
/// Names that differ in case alone are one name to some targets only: that is for the run to find.
pub(super) fn unfit(records: &[Record]) -> Vec<(usize, String)> {
    let (mut names, mut ids) = (FxHashMap::default(), FxHashMap::default());
    let mut found = Vec::new();
    for record in records {
        let (kind, principal) = (record.kind(), &record.principal);
        let namesake = before(&mut names, (kind, CaseRules::EXACT.key(kind, &principal.name)), record);
        let twin = principal.id.as_ref().and_then(|id| before(&mut ids, (kind, id), record));
        let reason = if let Some(reason) = misspelt(&principal.name) {
            reason
        } else if let Some(namesake) = namesake {
            format!("record {} has the same name", index(namesake))
        } else if let Some(twin) = twin {
            format!("record {} has the same `id`", index(twin))
        } else {
            continue;
        };
        found.push((index(record), reason));
    }
    found
}

/// The first record that has `key`, if it is another.
fn before<'r, K: Eq + Hash>(known: &mut FxHashMap<K, &'r Record>, key: K, record: &'r Record) -> Option<&'r Record> {
    match known.entry(key) {
        Entry::Occupied(first) => Some(first.get()),
        Entry::Vacant(free) => {
            free.insert(record);
            None
        }
    }
}

/// What no product takes for a name.
fn misspelt(name: &str) -> Option<String> {
    if let Some(control) = name.chars().find(|c| c.is_control()) {
        return Some(format!("`name` holds the control character U+{:04X}", u32::from(control)));
    }
    let is_long = name.len() > LONGEST_NAME && name.chars().count() > LONGEST_NAME;
    is_long.then(|| format!("`name` is longer than {LONGEST_NAME} characters"))
}

fn index(record: &Record) -> usize {
    record.origin.as_ref().map_or(0, |origin| place(&origin.to_string()))
}
