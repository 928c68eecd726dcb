use std::sync::Arc;

use super::super::Entry;
use super::filter::Filter;

/// The entries, and since when they are as they are.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// It grows with every change.
    pub(super) version: u64,
    entries: Vec<Stored>,
    gone: Vec<Gone>,
}

#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) entry: Arc<Entry>,
    /// The version that wrote it.
    pub(super) version: u64,
    dn: String,
}

#[derive(Debug)]
struct Gone {
    version: u64,
    dn: String,
    uuid: Vec<u8>,
}

impl Contents {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let stored = |entry: Entry| Stored { dn: folded(&entry.dn), entry: Arc::new(entry), version: 1 };
        Self { version: 1, entries: entries.into_iter().map(stored).collect(), gone: Vec::new() }
    }

    /// Adds an entry, or replaces the one with its `entryUUID` or DN.
    pub(super) fn put(&mut self, entry: Entry) {
        self.version += 1;
        let (dn, uuid) = (folded(&entry.dn), entry.values("entryUUID").to_vec());
        let old = self.entries.iter().position(|stored| {
            stored.dn == dn || !uuid.is_empty() && stored.entry.values("entryUUID") == uuid.as_slice()
        });
        let stored = Stored { dn, entry: Arc::new(entry), version: self.version };
        match old {
            Some(at) => self.entries[at] = stored,
            None => self.entries.push(stored),
        }
    }

    #[track_caller]
    pub(super) fn remove(&mut self, dn: &str) {
        self.version += 1;
        let dn = folded(dn.as_bytes());
        let at = self.entries.iter().position(|stored| stored.dn == dn).unwrap_or_else(|| panic!("nobody is {dn}"));
        let stored = self.entries.remove(at);
        self.gone.push(Gone { version: self.version, dn, uuid: uuid(&stored.entry) });
    }

    /// Whether there is anything at or below a base.
    pub(super) fn knows(&self, base: &str) -> bool {
        let base = folded(base.as_bytes());
        self.entries.iter().any(|stored| lies(&stored.dn, &base, 2))
    }

    pub(super) fn find(&self, base: &str, scope: u64, filter: &Filter) -> Vec<Stored> {
        let base = folded(base.as_bytes());
        let found = self.entries.iter().filter(|stored| lies(&stored.dn, &base, scope) && filter.meets(&stored.entry));
        found.cloned().collect()
    }

    /// The identifiers of all who have left since a version: deleted, or changed so that the filter no longer finds
    /// them.
    pub(super) fn left_since(&self, version: u64, base: &str, filter: &Filter) -> Vec<Vec<u8>> {
        let base = folded(base.as_bytes());
        let deleted = self.gone.iter().filter(|gone| gone.version > version && lies(&gone.dn, &base, 2));
        let changed = self.entries.iter().filter(|stored| {
            let found = lies(&stored.dn, &base, 2) && filter.meets(&stored.entry);
            stored.version > version && !found && !stored.entry.values("entryUUID").is_empty()
        });
        deleted.map(|gone| gone.uuid.clone()).chain(changed.map(|stored| uuid(&stored.entry))).collect()
    }
}

/// The 16 bytes of an `entryUUID`.
pub(super) fn uuid(entry: &Entry) -> Vec<u8> {
    let text = entry.text("entryUUID").replace('-', "");
    (0..16).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// Good enough for the names in tests: without spaces around commas, in lower case.
fn folded(dn: &[u8]) -> String {
    let parts = String::from_utf8_lossy(dn).to_lowercase();
    parts.split(',').map(str::trim).collect::<Vec<_>>().join(",")
}

fn lies(dn: &str, base: &str, scope: u64) -> bool {
    let above =
        dn.strip_suffix(base).and_then(|rest| if base.is_empty() { Some(rest) } else { rest.strip_suffix(',') });
    match scope {
        0 => dn == base,
        1 => above.is_some_and(|name| !name.replace("\\,", "").contains(',')),
        _ => dn == base || above.is_some(),
    }
}
