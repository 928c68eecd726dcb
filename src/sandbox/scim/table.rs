//! The resources of one type, in a stable order, found by id, by name and by `externalId`.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::secret::Secret;

/// A resource.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    /// Its place in lists.
    pub(super) place: i64,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    /// Milliseconds since 1970.
    pub(super) modified: u64,
    pub(super) version: u64,
    /// Everything but id, meta, schemas, members and password.
    pub(super) attributes: Map<String, Value>,
    /// Ids of members, and how often each is there.
    pub(super) members: BTreeMap<String, u32>,
    pub(super) password: Option<Secret>,
}

impl Entry {
    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// Whether a user was deactivated.
    pub(super) fn is_inactive(&self) -> bool {
        self.attributes.get("active") == Some(&Value::Bool(false))
    }
}

/// Every resource of a type.
#[derive(Debug, Clone)]
pub(super) struct Table {
    kind: Kind,
    entries: BTreeMap<i64, Entry>,
    ids: HashMap<String, i64>,
    names: HashMap<String, Vec<i64>>,
    externals: HashMap<String, Vec<i64>>,
}

impl Table {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, entries: BTreeMap::new(), ids: HashMap::new(), names: HashMap::new(), externals: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// In the order of lists.
    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// The entries from this place on.
    pub(super) fn starting_at(&self, place: i64) -> impl Iterator<Item = &Entry> {
        self.entries.range(place..).map(|(_, entry)| entry)
    }

    pub(super) fn get(&self, id: &str) -> Option<&Entry> {
        self.ids.get(id).and_then(|place| self.entries.get(place))
    }

    pub(super) fn at(&self, place: i64) -> Option<&Entry> {
        self.entries.get(&place)
    }

    /// The places of those with this name, whatever its case.
    pub(super) fn named(&self, name: &str) -> &[i64] {
        self.names.get(&name.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The places of those with this `externalId`.
    pub(super) fn with_external(&self, external: &str) -> &[i64] {
        self.externals.get(external).map_or(&[], Vec::as_slice)
    }

    /// The place after all others.
    pub(super) fn last_place(&self) -> i64 {
        self.entries.last_key_value().map_or(0, |(place, _)| place + 1)
    }

    /// The place before all others.
    pub(super) fn first_place(&self) -> i64 {
        self.entries.first_key_value().map_or(0, |(place, _)| place - 1)
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        self.ids.insert(entry.id.clone(), entry.place);
        self.note(&entry);
        self.entries.insert(entry.place, entry);
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Entry> {
        let entry = self.entries.remove(&self.ids.remove(id)?)?;
        self.forget(&entry);
        Some(entry)
    }

    /// Gives an entry other attributes.
    pub(super) fn set_attributes(&mut self, id: &str, attributes: Map<String, Value>) {
        let Some(mut entry) = self.ids.get(id).and_then(|place| self.entries.remove(place)) else { return };
        self.forget(&entry);
        entry.attributes = attributes;
        self.note(&entry);
        self.entries.insert(entry.place, entry);
    }

    /// An entry whose members, password or times change.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.ids.get(id).and_then(|place| self.entries.get_mut(place))
    }

    fn note(&mut self, entry: &Entry) {
        if let Some(name) = entry.text(self.kind.label()) {
            self.names.entry(name.to_lowercase()).or_default().push(entry.place);
        }
        if let Some(external) = entry.text("externalId") {
            self.externals.entry(external.to_owned()).or_default().push(entry.place);
        }
    }

    fn forget(&mut self, entry: &Entry) {
        if let Some(name) = entry.text(self.kind.label()) {
            drop_place(&mut self.names, &name.to_lowercase(), entry.place);
        }
        if let Some(external) = entry.text("externalId") {
            drop_place(&mut self.externals, external, entry.place);
        }
    }
}

fn drop_place(index: &mut HashMap<String, Vec<i64>>, key: &str, place: i64) {
    if let Some(places) = index.get_mut(key) {
        places.retain(|known| *known != place);
        if places.is_empty() {
            index.remove(key);
        }
    }
}
