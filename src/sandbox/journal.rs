//! The journal: every request a product received, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::sandbox::call::Call;

/// One request. No body, header, password, cookie or token is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Counts the requests of the product from 1; emptying the journal does not start it anew.
    pub sequence: u64,
    /// The product, as in its prefix: `thoughtspot`.
    pub product: &'static str,
    /// The method in capitals.
    pub method: String,
    /// The path below the prefix of the product.
    pub path: String,
    /// The path below the base of the interface, as fault switches name it: `user/list`.
    pub operation: String,
    /// Query members; the values of secret ones are `***`.
    pub query: BTreeMap<String, String>,
    /// Names of the fields of a form or multipart body, in the order of arrival, or of the members of a JSON object.
    pub parts: Vec<String>,
    /// Whether a write was carried out: an applied synchronisation (even one that found no
    /// difference), a transfer, a password, a deletion. False for refused ones and dry runs.
    pub write: bool,
    /// The status that left the server; absent when the connection was cut, or while the
    /// request is still being worked on.
    pub status: Option<u16>,
    /// The fault applied, by its JSON name; `rateLimit` when the rate limit answered.
    pub fault: Option<&'static str>,
    /// Names of what the write changed.
    pub changes: Changes,
    /// What a careful client would not have sent.
    pub warnings: Vec<String>,
}

/// Names of users and groups, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// Users created.
    pub users_added: BTreeSet<String>,
    /// Users changed.
    pub users_updated: BTreeSet<String>,
    /// Users removed.
    pub users_deleted: BTreeSet<String>,
    /// Groups created.
    pub groups_added: BTreeSet<String>,
    /// Groups changed.
    pub groups_updated: BTreeSet<String>,
    /// Groups removed.
    pub groups_deleted: BTreeSet<String>,
}

/// What a handler tells the journal about its request, as an extension of its response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effect {
    /// Whether it carried out a write.
    pub(crate) write: bool,
    /// Names of what changed.
    pub(crate) changes: Changes,
    /// Things worth a remark.
    pub(crate) warnings: Vec<String>,
}

impl Effect {
    /// A write that changed these.
    pub(crate) const fn write(changes: Changes) -> Self {
        Self { write: true, changes, warnings: Vec::new() }
    }
}

/// The place of an entry, held while its request is worked on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    /// The sequence number of the entry.
    pub(crate) sequence: u64,
}

/// The entries of one product.
#[derive(Debug)]
pub(crate) struct Journal {
    product: &'static str,
    last: u64,
    entries: Vec<JournalEntry>,
}

impl Journal {
    /// An empty journal.
    pub(crate) const fn new(product: &'static str) -> Self {
        Self { product, last: 0, entries: Vec::new() }
    }

    /// Every entry, oldest first.
    pub(crate) fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// Forgets every entry.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Writes a request down on its arrival.
    pub(crate) fn begin(&mut self, call: &Call) -> Ticket {
        let Call { method, path, operation, query, parts, apply_changes: _ } = call.clone();
        self.last += 1;
        self.entries.push(JournalEntry {
            sequence: self.last,
            product: self.product,
            method,
            path,
            operation,
            query,
            parts,
            write: false,
            status: None,
            fault: None,
            changes: Changes::default(),
            warnings: Vec::new(),
        });
        Ticket { sequence: self.last }
    }

    /// Completes an entry. One that was cleared away meanwhile stays away.
    pub(crate) fn finish(&mut self, ticket: Ticket, status: Option<u16>, fault: Option<&'static str>, effect: Effect) {
        let found = self.entries.binary_search_by_key(&ticket.sequence, |entry| entry.sequence);
        let Some(entry) = found.ok().and_then(|position| self.entries.get_mut(position)) else {
            return;
        };
        entry.status = status;
        entry.fault = fault;
        entry.write = effect.write;
        entry.changes = effect.changes;
        entry.warnings = effect.warnings;
    }
}
