//! The entries of one search as they were last read: packed, by id, in parts that can be stored one by one.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::entry::{Entry, EntryAttribute};

/// The 16 bytes of an `entryUUID`, `objectGUID` or `nsUniqueId`.
pub(super) type EntryId = [u8; 16];

/// Parts a search is kept in. Of 100,000 entries fifty changes then rewrite about one in twenty parts.
const PARTS: u32 = 1024;

/// What is kept of one search.
#[derive(Debug, Default)]
pub(super) struct Recall {
    /// Each entry packed: its DN, then the values of each attribute asked for.
    entries: FxHashMap<EntryId, Box<[u8]>>,
    touched: BTreeSet<u32>,
}

/// What came of keeping an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    New,
    Same,
    /// Its DN is another than before.
    Moved,
}

impl Recall {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn contains(&self, id: &EntryId) -> bool {
        self.entries.contains_key(id)
    }

    /// Keeps what `wanted` names of an entry, instead of what was kept of it before.
    pub(super) fn put(&mut self, id: EntryId, entry: &Entry, wanted: &[String]) -> Kept {
        self.touched.insert(part(&id));
        let before = self.entries.insert(id, pack(entry, wanted).into());
        match before.as_deref().and_then(|mut packed| text(&mut packed)) {
            None => Kept::New,
            Some(dn) if dn == entry.dn => Kept::Same,
            Some(_) => Kept::Moved,
        }
    }

    /// Whether it was known.
    pub(super) fn remove(&mut self, id: &EntryId) -> bool {
        let known = self.entries.remove(id).is_some();
        if known {
            self.touched.insert(part(id));
        }
        known
    }

    /// Drops all that are not `mentioned`, and says how many that were.
    pub(super) fn keep_only(&mut self, mentioned: &FxHashSet<EntryId>) -> usize {
        let gone: Vec<EntryId> = self.entries.keys().filter(|id| !mentioned.contains(*id)).copied().collect();
        gone.iter().filter(|id| self.remove(id)).count()
    }

    /// Drops all.
    pub(super) fn clear(&mut self) {
        self.touched.extend(self.entries.keys().map(part));
        self.entries.clear();
    }

    /// Every entry, in the order of ids. False where one cannot be read any more.
    #[must_use]
    pub(super) fn entries(&self, wanted: &[String], mut each: impl FnMut(&Entry)) -> bool {
        let mut ids: Vec<&EntryId> = self.entries.keys().collect();
        ids.sort_unstable();
        ids.into_iter().all(|id| unpack(&self.entries[id], wanted).inspect(&mut each).is_some())
    }

    /// The parts to store, each with its number: those that changed, or all. A part begins at `base`, so that two
    /// searches do not mix.
    pub(super) fn parts(&self, base: u32, all: bool) -> Vec<(u32, Vec<u8>)> {
        let mut parts: FxHashMap<u32, Vec<&EntryId>> = FxHashMap::default();
        if !all {
            parts.extend(self.touched.iter().map(|part| (*part, Vec::new())));
        }
        for id in self.entries.keys() {
            let part = part(id);
            if all || self.touched.contains(&part) {
                parts.entry(part).or_default().push(id);
            }
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_unstable_by_key(|(part, _)| *part);
        let content = |mut ids: Vec<&EntryId>| {
            ids.sort_unstable();
            let mut out = Vec::new();
            for id in ids {
                out.extend_from_slice(id);
                bytes_into(&mut out, &self.entries[id]);
            }
            out
        };
        parts.into_iter().map(|(part, ids)| (base * PARTS + part, content(ids))).collect()
    }

    /// The search that was stored at `base`; none where a part is no part of ours.
    pub(super) fn load(base: u32, parts: &[(u32, Vec<u8>)]) -> Option<Self> {
        let mut recall = Self::default();
        for (_, content) in parts.iter().filter(|(part, _)| part / PARTS == base) {
            let mut rest = content.as_slice();
            while !rest.is_empty() {
                let (id, after) = rest.split_first_chunk::<16>()?;
                rest = after;
                recall.entries.insert(*id, bytes(&mut rest)?.into());
            }
        }
        Some(recall)
    }
}

/// The same on every machine and in every release: it is stored.
fn part(id: &EntryId) -> u32 {
    id.iter().fold(0_u32, |hash, byte| hash.wrapping_mul(16_777_619) ^ u32::from(*byte)) % PARTS
}

fn pack(entry: &Entry, wanted: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    bytes_into(&mut out, entry.dn.as_bytes());
    for name in wanted {
        let values = entry.values(name);
        number_into(&mut out, values.len());
        for value in values {
            bytes_into(&mut out, value);
        }
    }
    out
}

fn unpack(mut packed: &[u8], wanted: &[String]) -> Option<Entry> {
    let mut entry = Entry { dn: text(&mut packed)?.to_owned(), attributes: Vec::with_capacity(wanted.len()) };
    for name in wanted {
        let count = number(&mut packed)?;
        let values: Option<Vec<_>> = (0..count).map(|_| bytes(&mut packed).map(<[u8]>::to_vec)).collect();
        if count > 0 {
            entry.attributes.push(EntryAttribute { name: name.clone(), values: values? });
        }
    }
    Some(entry)
}

fn bytes_into(out: &mut Vec<u8>, bytes: &[u8]) {
    number_into(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Seven bits a byte, the lowest first, the top bit where more follow.
fn number_into(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

fn number(from: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn bytes<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(from)?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

fn text<'a>(from: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(bytes(from)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Vec<String> {
        vec!["uid".into(), "mail".into(), "objectGUID".into()]
    }

    fn entry(number: u8, mails: usize) -> Entry {
        let values = (0..mails).map(|at| format!("{number}.{at}@example.org").into_bytes()).collect();
        let attribute = |name: &str, values| EntryAttribute { name: name.into(), values };
        let mut attributes = vec![attribute("uid", vec![vec![number, 0, 255]])];
        if mails > 0 {
            attributes.push(attribute("mail", values));
        }
        Entry { dn: format!("uid={number},ou=people"), attributes }
    }

    fn id(number: u8) -> EntryId {
        let mut id = [7; 16];
        id[3] = number;
        id
    }

    fn told(recall: &Recall) -> Vec<Entry> {
        let mut entries = Vec::new();
        assert!(recall.entries(&wanted(), |entry| entries.push(entry.clone())));
        entries
    }

    #[test]
    fn what_was_kept_comes_back_as_it_was() {
        let mut recall = Recall::default();
        for number in 0..200 {
            assert_eq!(recall.put(id(number), &entry(number, usize::from(number)), &wanted()), Kept::New);
        }
        let again = Recall::load(1, &recall.parts(1, true)).unwrap();
        assert_eq!(again.len(), 200);
        assert_eq!(told(&again), told(&recall));
        assert_eq!(told(&again)[130], entry(130, 130));
        assert_eq!(Recall::load(0, &recall.parts(1, true)).unwrap().len(), 0, "another search");
    }

    #[test]
    fn only_the_parts_that_changed_are_stored_again() {
        let mut first = Recall::default();
        for number in 0..200 {
            first.put(id(number), &entry(number, 1), &wanted());
        }
        let mut stored = first.parts(0, true);
        let mut second = Recall::load(0, &stored).unwrap();
        assert_eq!(second.put(id(3), &entry(3, 2), &wanted()), Kept::Same);
        assert_eq!(second.put(id(4), &entry(99, 1), &wanted()), Kept::Moved);
        assert!(second.remove(&id(5)) && !second.remove(&id(250)));
        let changed = second.parts(0, false);
        assert!(!changed.is_empty() && changed.len() <= 3, "{} parts", changed.len());
        for (part, content) in changed {
            stored.retain(|(known, _)| *known != part);
            stored.push((part, content));
        }
        assert_eq!(told(&Recall::load(0, &stored).unwrap()), told(&second));
    }

    #[test]
    fn what_is_not_mentioned_is_gone() {
        let mut recall = Recall::default();
        for number in 0..9 {
            recall.put(id(number), &entry(number, 1), &wanted());
        }
        assert_eq!(recall.keep_only(&[id(1), id(4), id(77)].into_iter().collect()), 7);
        assert_eq!(told(&recall), [entry(1, 1), entry(4, 1)]);
    }

    #[test]
    fn an_entry_that_cannot_be_read_any_more_is_told() {
        let mut recall = Recall::default();
        recall.put(id(1), &entry(1, 1), &wanted());
        let more = [wanted(), vec!["title".into()]].concat();
        assert!(!recall.entries(&more, |_| {}), "it was packed with fewer attributes");
    }

    #[test]
    fn a_broken_part_is_no_memory() {
        let mut recall = Recall::default();
        recall.put(id(1), &entry(1, 1), &wanted());
        let [(part, content)] = recall.parts(0, true).try_into().unwrap();
        for length in 1..content.len() {
            assert!(Recall::load(0, &[(part, content[..length].to_vec())]).is_none(), "{length} bytes");
        }
    }
}
