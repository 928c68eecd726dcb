//! What a refresh of RFC 4533 makes of what is remembered. Pure: the wire is elsewhere.

use rustc_hash::FxHashSet;

use super::content_sync::{Done, Info, State};
use super::entry::Entry;
use super::recall::{EntryId, Kept, Recall};

/// A refresh under way.
pub(super) struct Refresh<'a> {
    recall: &'a mut Recall,
    wanted: &'a [String],
    /// Remembered when it began.
    before: usize,
    named: FxHashSet<EntryId>,
    changes: Changes,
}

/// What a refresh brought.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Changes {
    /// Entries that came over the wire with their content.
    pub(super) entries: usize,
    /// Entries that are gone.
    pub(super) gone: usize,
    /// Some entry is new, gone, or has another DN than before: groups that name it may have changed without being told
    /// of as changed (`OpenLDAP`'s refint, and the links of Active Directory, leave no trace at the group).
    pub(super) moved: bool,
}

/// A refresh that cannot be trusted: everything must be read again; why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Doubt(pub(super) &'static str);

impl<'a> Refresh<'a> {
    pub(super) fn new(recall: &'a mut Recall, wanted: &'a [String]) -> Self {
        let before = recall.len();
        Self { recall, wanted, before, named: FxHashSet::default(), changes: Changes::default() }
    }

    /// Takes an entry with the state that came with it.
    pub(super) fn entry(&mut self, state: State, id: EntryId, entry: &Entry) {
        match state {
            State::Present => {
                self.named.insert(id);
            }
            State::Content => {
                self.named.insert(id);
                self.changes.entries += 1;
                self.changes.moved |= self.recall.put(id, entry, self.wanted) != Kept::Same;
            }
            State::Deleted => self.changes.gone += usize::from(self.recall.remove(&id)),
        }
    }

    /// Takes a message between entries.
    pub(super) fn info(&mut self, info: Info) {
        match info {
            Info::Ids { deleted: true, ids } => {
                self.changes.gone += ids.iter().filter(|id| self.recall.remove(id)).count();
            }
            Info::Ids { deleted: false, ids } => self.named.extend(ids),
            Info::Other => {}
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// Where what came looks like no refresh.
    pub(super) fn finish(mut self, done: &Done) -> Result<Changes, Doubt> {
        // A server that cannot read its own cookie sends everything, and says that what is gone was named: it was not.
        if self.changes.entries > 0 && self.changes.entries * 2 >= self.before {
            return Err(Doubt("the server sent most entries again"));
        }
        if !done.names_deleted {
            if self.named.is_empty() && self.before > 0 {
                return Err(Doubt("the server named no entry at all"));
            }
            // An entry that is named and not known would never be known: only content makes it so.
            if self.named.iter().any(|id| !self.recall.contains(id)) {
                return Err(Doubt("the server named an entry that was never read"));
            }
            self.changes.gone += self.recall.keep_only(&self.named);
        }
        self.changes.moved |= self.changes.gone > 0;
        Ok(self.changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES_DELETED: Done = Done { cookie: None, names_deleted: true };
    const NAMES_PRESENT: Done = Done { cookie: None, names_deleted: false };

    fn id(number: u8) -> EntryId {
        [number; 16]
    }

    fn entry(dn: &str) -> Entry {
        Entry { dn: dn.into(), attributes: Vec::new() }
    }

    fn ten() -> Recall {
        let mut recall = Recall::default();
        for number in 0..10 {
            recall.put(id(number), &entry(&format!("uid={number}")), &[]);
        }
        recall
    }

    #[test]
    fn what_changed_is_taken_and_what_was_deleted_goes() {
        let mut recall = ten();
        let mut refresh = Refresh::new(&mut recall, &[]);
        refresh.entry(State::Content, id(3), &entry("uid=3"));
        refresh.entry(State::Content, id(20), &entry("uid=20"));
        refresh.info(Info::Ids { deleted: true, ids: vec![id(7), id(99)] });
        refresh.entry(State::Deleted, id(8), &Entry::default());
        refresh.info(Info::Other);
        let changes = refresh.finish(&NAMES_DELETED).unwrap();
        assert_eq!(changes, Changes { entries: 2, gone: 2, moved: true });
        assert_eq!(recall.len(), 9);
        assert!(!recall.contains(&id(7)) && !recall.contains(&id(8)) && recall.contains(&id(20)));
    }

    #[test]
    fn where_the_present_are_named_the_others_go() {
        let mut recall = ten();
        let mut refresh = Refresh::new(&mut recall, &[]);
        refresh.info(Info::Ids { deleted: false, ids: (1..9).map(id).collect() });
        refresh.entry(State::Content, id(9), &entry("uid=nine"));
        assert_eq!(refresh.finish(&NAMES_PRESENT), Ok(Changes { entries: 1, gone: 1, moved: true }));
        assert!(!recall.contains(&id(0)));
    }

    #[test]
    fn a_refresh_that_is_none_is_not_believed() {
        let mut recall = ten();
        let mut all = Refresh::new(&mut recall, &[]);
        (0..10).for_each(|number| all.entry(State::Content, id(number), &entry("uid=x")));
        assert_eq!(all.finish(&NAMES_DELETED), Err(Doubt("the server sent most entries again")));
        let mut recall = ten();
        let nothing = Refresh::new(&mut recall, &[]).finish(&NAMES_PRESENT);
        assert_eq!(nothing, Err(Doubt("the server named no entry at all")));
        assert_eq!(Refresh::new(&mut recall, &[]).finish(&NAMES_DELETED), Ok(Changes::default()), "nothing changed");
        let mut stranger = Refresh::new(&mut recall, &[]);
        stranger.info(Info::Ids { deleted: false, ids: vec![id(77)] });
        assert_eq!(stranger.finish(&NAMES_PRESENT), Err(Doubt("the server named an entry that was never read")));
    }
}
