use super::connection::{Connection, Step};
use super::contents::{Stored, uuid};
use super::script::{At, Sync};
use super::search::Search;
use super::wire::{self, Control, SYNC_DONE, SYNC_INFO, SYNC_STATE};

impl Connection {
    /// The refresh of RFC 4533, section 3.3.
    pub(super) fn synchronise(&mut self, search: &Search, cookie: &[u8], sync: Sync) -> Step {
        let known = version(cookie);
        match (cookie.is_empty(), sync) {
            (false, Sync::RefreshRequired) => return self.done(search.id, 4096, None, Vec::new()),
            (false, Sync::Newer) => return self.done(search.id, 53, None, Vec::new()),
            (false, Sync::Silent) => return self.synchronised(search, true),
            _ => {}
        }
        let since = known.filter(|_| sync != Sync::Ignored).unwrap_or_default();
        let contents = self.shared.contents.lock().unwrap();
        let found = contents.find(&search.base, search.scope, &search.filter);
        let left = contents.left_since(since, &search.base, &search.filter);
        drop(contents);
        let (changed, kept): (Vec<_>, Vec<_>) = found.into_iter().partition(|stored| stored.version > since);
        for (at, Stored { entry, .. }) in changed.iter().enumerate() {
            // State 1, add: slapd never says modify.
            let state = wire::sequence(vec![wire::enumerated(1), wire::octets(uuid(entry))]);
            let state = Control { name: SYNC_STATE.into(), critical: false, value: wire::encode(state) };
            self.send_entry(search, entry, vec![state])?;
            self.strike(search.id, &search.base, At::Entry(at + 1))?;
        }
        self.strike(search.id, &search.base, At::Page(1))?;
        let present = since > 0 && sync == Sync::Present;
        if present {
            self.send_identifiers(search, false, kept.iter().map(|stored| uuid(&stored.entry)).collect())?;
        } else if since > 0 && !left.is_empty() {
            self.send_identifiers(search, true, left)?;
        }
        self.synchronised(search, !present)
    }

    /// A set of identifiers: of those who are gone, or of those who are still there.
    fn send_identifiers(&mut self, search: &Search, gone: bool, identifiers: Vec<Vec<u8>>) -> Step {
        let identifiers = wire::set(identifiers.into_iter().map(wire::octets).collect());
        let value = wire::encode(wire::context(3, vec![wire::boolean(gone), identifiers]));
        let parts = vec![wire::context_octets(0, SYNC_INFO), wire::context_octets(1, value)];
        let bytes = wire::answer(search.id, wire::application(25, parts), Vec::new());
        self.send_found(search.id, &search.base, &bytes)
    }

    fn synchronised(&mut self, search: &Search, gone: bool) -> Step {
        let version = self.shared.contents.lock().unwrap().version;
        let cookie = format!("rid=000,csn={version}");
        let value = wire::encode(wire::sequence(vec![wire::octets(cookie), wire::boolean(gone)]));
        let control = Control { name: SYNC_DONE.into(), critical: false, value };
        self.done(search.id, 0, None, vec![control])
    }
}

/// The version in a cookie of ours; none in any other, which slapd takes for no cookie at all.
fn version(cookie: &[u8]) -> Option<u64> {
    std::str::from_utf8(cookie).ok()?.strip_prefix("rid=000,csn=")?.parse().ok()
}
