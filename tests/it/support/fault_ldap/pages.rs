use std::sync::Arc;

use super::super::Entry;
use super::connection::{Connection, Step};
use super::script::{At, Paging};
use super::search::Search;
use super::wire::{self, Control, PAGES};

/// A paged search between two pages.
#[derive(Debug)]
pub(super) struct Paged {
    cookie: Vec<u8>,
    found: Vec<Arc<Entry>>,
    /// How many of them are sent.
    sent: usize,
    /// How many pages are sent.
    pages: usize,
}

impl Connection {
    /// One page of simple paged results, RFC 2696.
    pub(super) fn page(&mut self, search: &Search, size: usize, cookie: &[u8]) -> Step {
        let script = self.script();
        let again = cookie.is_empty() || script.paging == Paging::SamePage;
        let mut paged = match self.paged.take() {
            _ if again => Paged { cookie: Vec::new(), found: self.found(search), sent: 0, pages: 0 },
            Some(paged) if paged.cookie == cookie => paged,
            // As slapd does, "paged results cookie is invalid".
            _ => return self.done(search.id, 53, None, Vec::new()),
        };
        if size == 0 {
            // The client gives it up.
            return self.done(search.id, 0, None, Vec::new());
        }
        let end = paged.found.len().min(paged.sent + size.min(script.most_entries.unwrap_or(size)));
        while paged.sent < end {
            self.send_entry(search, &Arc::clone(&paged.found[paged.sent]), Vec::new())?;
            paged.sent += 1;
            self.strike(search.id, &search.base, At::Entry(paged.sent))?;
        }
        paged.pages += 1;
        self.strike(search.id, &search.base, At::Page(paged.pages))?;
        let last = paged.sent == paged.found.len();
        if last {
            self.send_references(search)?;
        }
        if last && script.paging == Paging::LastUntold {
            return self.done(search.id, 0, None, Vec::new());
        }
        if !last || matches!(script.paging, Paging::NeverEnds | Paging::SamePage) {
            paged.cookie = format!("after {} of {}", paged.sent, paged.pages).into_bytes();
            let control = next(&paged.cookie);
            self.paged = Some(paged);
            return self.done(search.id, 0, None, vec![control]);
        }
        self.done(search.id, 0, None, vec![next(b"")])
    }
}

fn next(cookie: &[u8]) -> Control {
    let value = wire::encode(wire::sequence(vec![wire::integer(0), wire::octets(cookie)]));
    Control { name: PAGES.into(), critical: false, value }
}
