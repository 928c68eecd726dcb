use std::sync::Arc;

use lber::structure::StructureTag;

use super::super::Entry;
use super::Request;
use super::connection::{Connection, Step};
use super::filter::Filter;
use super::ranges::{Selected, select};
use super::script::{At, Paging, Sync};
use super::wire::{self, Control, PAGES, SYNC_REQUEST};

/// The naming context of what pretends to be Active Directory.
const DOMAIN: &str = "dc=example,dc=org";

/// A search as it was asked for.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) id: u64,
    pub(super) base: String,
    pub(super) scope: u64,
    pub(super) filter: Filter,
    attributes: Vec<String>,
    pub(super) size_limit: usize,
}

impl Search {
    /// None for what is no search.
    fn parse(id: u64, parts: Vec<StructureTag>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let base = wire::text(&parts.next()?);
        let scope = wire::number(&parts.next()?);
        // Aliases, time limit and types only make no difference here.
        let size_limit = usize::try_from(wire::number(&parts.nth(1)?)).ok()?;
        let filter = Filter::parse(parts.nth(2)?)?;
        let attributes = wire::children(parts.next()?).iter().map(wire::text).collect();
        Some(Self { id, base, scope, filter, attributes, size_limit })
    }
}

impl Connection {
    pub(super) fn search(&mut self, id: u64, parts: Vec<StructureTag>, controls: &[Control], seen: Request) -> Step {
        let Some(search) = Search::parse(id, parts) else {
            self.write_down(Request { operation: "search".into(), ..seen });
            return self.done(id, 2, None, Vec::new());
        };
        let find = |name| controls.iter().find(|control| control.name == name);
        let (page, sync) = (find(PAGES).and_then(page), find(SYNC_REQUEST));
        let cookie = sync.map(sync_cookie).or_else(|| page.as_ref().map(|(_, cookie)| cookie.clone()));
        self.write_down(Request {
            operation: "search".into(),
            base: search.base.clone(),
            scope: search.scope,
            filter: search.filter.to_string(),
            attributes: search.attributes.clone(),
            size_limit: search.size_limit as u64,
            page: page.as_ref().map(|(size, _)| *size as u64),
            cookie: cookie.clone().filter(|cookie| !cookie.is_empty()),
            ..seen
        });
        let script = self.script();
        if search.base.is_empty() && search.scope == 0 {
            self.send_entry(&search, &root(&script), Vec::new())?;
            return self.done(id, 0, None, Vec::new());
        }
        self.strike(id, &search.base, At::Begin)?;
        let unknown = |control: &&Control| {
            let refused = control.name == PAGES && script.paging == Paging::Unknown;
            let known = [PAGES, SYNC_REQUEST].contains(&control.name.as_str()) && !refused;
            control.critical && (!known || control.name == SYNC_REQUEST && script.sync == Sync::Unknown)
        };
        if controls.iter().any(|control| unknown(&control)) {
            return self.done(id, 12, None, Vec::new());
        }
        if !self.shared.contents.lock().unwrap().knows(&search.base) {
            return self.done(id, 32, None, Vec::new());
        }
        match (sync, page) {
            (Some(_), _) if script.sync != Sync::Unknown => {
                self.synchronise(&search, &cookie.unwrap_or_default(), script.sync)
            }
            (_, Some((size, cookie))) if !matches!(script.paging, Paging::Ignored | Paging::Unknown) => {
                self.page(&search, size, &cookie)
            }
            _ => self.all(&search),
        }
    }

    /// Everything that a search finds, in the order of the entries.
    pub(super) fn found(&self, search: &Search) -> Vec<Arc<Entry>> {
        let found = self.shared.contents.lock().unwrap().find(&search.base, search.scope, &search.filter);
        found.into_iter().map(|stored| stored.entry).collect()
    }

    /// A search without pages.
    fn all(&mut self, search: &Search) -> Step {
        let found = self.found(search);
        let limits = [Some(search.size_limit).filter(|limit| *limit > 0), self.script().most_entries];
        let most = limits.into_iter().flatten().min().unwrap_or(usize::MAX);
        for (at, entry) in found.iter().take(most).enumerate() {
            self.send_entry(search, entry, Vec::new())?;
            self.strike(search.id, &search.base, At::Entry(at + 1))?;
        }
        self.strike(search.id, &search.base, At::Page(1))?;
        let code = if found.len() > most { 4 } else { 0 };
        self.send_references(search)?;
        self.done(search.id, code, None, Vec::new())
    }

    pub(super) fn send_references(&mut self, search: &Search) -> Step {
        let script = self.script();
        let mut references = script.references.clone();
        if script.active_directory && search.scope == 2 && search.base.eq_ignore_ascii_case(DOMAIN) {
            references.push(format!("ldap://example.org/CN=Configuration,{DOMAIN}"));
        }
        references.iter().try_for_each(|url| self.refer(search.id, url))
    }

    pub(super) fn send_entry(&mut self, search: &Search, entry: &Entry, controls: Vec<Control>) -> Step {
        match select(entry, &search.attributes, &self.script()) {
            Selected::Nothing => Ok(()),
            Selected::Code(code) => self.done(search.id, code, None, Vec::new()),
            Selected::Attributes(attributes) => {
                let bytes = wire::answer(search.id, wire::entry(&entry.dn, attributes), controls);
                self.send_found(search.id, &search.base, &bytes)?;
                self.note(|request| request.entries += 1);
                Ok(())
            }
        }
    }
}

/// Size and cookie of a page, RFC 2696.
fn page(control: &Control) -> Option<(usize, Vec<u8>)> {
    let parts = wire::children(wire::parse(&control.value)?);
    let [size, cookie] = parts.as_slice() else { return None };
    Some((usize::try_from(wire::number(size)).ok()?, wire::bytes(cookie).to_vec()))
}

/// The cookie of a synchronisation, RFC 4533, section 2.2; empty for none.
fn sync_cookie(control: &Control) -> Vec<u8> {
    let parts = wire::parse(&control.value).map(wire::children).unwrap_or_default();
    parts.iter().find(|part| part.id == 4).map(|cookie| wire::bytes(cookie).to_vec()).unwrap_or_default()
}

/// The root DSE, RFC 4512, section 5.1.
fn root(script: &super::Script) -> Entry {
    let mut root = Entry::new("").with("objectClass", "top");
    if script.sync != Sync::Unknown {
        // Its cookies look like those of OpenLDAP.
        root = root.with("objectClass", "OpenLDAProotDSE");
    }
    root = root.with("supportedLDAPVersion", "3").with("namingContexts", DOMAIN);
    if script.paging != Paging::Unknown {
        root = root.with("supportedControl", PAGES);
    }
    if script.sync != Sync::Unknown {
        root = root.with("supportedControl", SYNC_REQUEST);
    }
    if script.active_directory {
        // LDAP_CAP_ACTIVE_DIRECTORY_OID, [MS-ADTS] 3.1.1.3.4.3.1.
        root = root.with("supportedCapabilities", "1.2.840.113556.1.4.800").with("defaultNamingContext", DOMAIN);
        root = root.with("dnsHostName", "dc1.example.org").with("rootDomainNamingContext", DOMAIN);
    } else {
        root = root.with("vendorName", "the tests");
    }
    root
}
