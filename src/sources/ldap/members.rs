//! Who is in which group: gathered while entries come, settled when all are there.

use rustc_hash::FxHashMap;

use super::places::{Place, Places};
use crate::principal::{CaseRule, GroupRef, Kind, Record, fold};

/// What a DN turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The record at this position.
    Record(u32),
    /// An entry that was set aside: nobody's membership is decided by it.
    SetAside,
}

/// Memberships as pairs: eight bytes each, put in order once.
#[derive(Debug, Default)]
pub(super) struct Members {
    places: Places,
    users: FxHashMap<Place, Who>,
    groups: FxHashMap<Place, Who>,
    /// The group of each group entry by its DN, set aside or not.
    group_names: FxHashMap<Place, GroupRef>,
    /// By folded name, where members are names.
    by_name: FxHashMap<Box<str>, u32>,
    /// Of a record in `by_name`, the others of its name: a membership is of all of them.
    namesakes: FxHashMap<u32, Vec<u32>>,
    /// A record and a group that it is in.
    pairs: Vec<(u32, GroupRef)>,
    /// A member that is no user read so far: a group, or nothing that was read.
    later: Vec<(Box<str>, GroupRef)>,
    /// Of `memberOf`: group DNs, each once, and the pairs of records with them.
    of_keys: FxHashMap<Place, (u32, Box<str>)>,
    of_pairs: Vec<(u32, u32)>,
    pub(super) unresolved: Unresolved,
}

/// Members that are no principal that was read.
#[derive(Debug, Default)]
pub(super) struct Unresolved {
    pub(super) count: usize,
    /// The first of them in order.
    pub(super) first: Vec<String>,
}

impl Unresolved {
    pub(super) fn add(&mut self, text: &str) {
        const SHOWN: usize = 3;
        self.count += 1;
        // The first in order, not as they came: a reading must not show how it was read.
        let at = self.first.partition_point(|known| known.as_str() <= text);
        if at < SHOWN {
            self.first.insert(at, text.to_owned());
            self.first.truncate(SHOWN);
        }
    }
}

impl Members {
    /// Writes down what the entry at `dn` is. False where that DN came before: a page was repeated.
    pub(super) fn know(&mut self, kind: Kind, dn: &str, who: Who) -> bool {
        let place = self.places.of(dn);
        let known = match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        };
        known.insert(place, who).is_none()
    }

    /// Lets a user be found by name.
    pub(super) fn know_name(&mut self, name: &str, at: u32) {
        let first = *self.by_name.entry(fold(name, CaseRule::Ignored).as_str().into()).or_insert(at);
        if first != at {
            self.namesakes.entry(first).or_default().push(at);
        }
    }

    /// The group entry at `dn` stands for `group`.
    pub(super) fn know_group(&mut self, dn: &str, group: GroupRef) {
        let place = self.places.of(dn);
        self.group_names.insert(place, group);
    }

    /// A value of `member`: users were read before, groups may come later.
    pub(super) fn dn_is_in(&mut self, dn: &[u8], group: GroupRef) {
        let text = String::from_utf8_lossy(dn);
        let place = self.places.of(without_bits(&text));
        match self.users.get(&place) {
            Some(Who::Record(at)) => self.pairs.push((*at, group)),
            Some(Who::SetAside) => {}
            None => self.later.push((text.into(), group)),
        }
    }

    /// A value of `memberUid`.
    pub(super) fn name_is_in(&mut self, name: &[u8], group: GroupRef) {
        let text = String::from_utf8_lossy(name);
        match self.by_name.get(fold(&text, CaseRule::Ignored).as_str()) {
            Some(at) => {
                let namesakes = self.namesakes.get(at).into_iter().flatten();
                self.pairs.extend([at].into_iter().chain(namesakes).map(|at| (*at, group)));
            }
            None => self.unresolved.add(&text),
        }
    }

    /// A value of `memberOf`: groups come later.
    pub(super) fn is_in_dn(&mut self, at: u32, dn: &[u8]) {
        let text = String::from_utf8_lossy(dn);
        let place = self.places.of(&text);
        let next = u32::try_from(self.of_keys.len()).unwrap_or(u32::MAX);
        let number = self.of_keys.entry(place).or_insert_with(|| (next, text.into())).0;
        self.of_pairs.push((at, number));
    }

    /// A membership that is known as such.
    pub(super) fn is_in(&mut self, at: u32, group: GroupRef) {
        self.pairs.push((at, group));
    }

    /// Settles what had to wait, and gives every record of a kind in `managed` its groups.
    pub(super) fn settle(mut self, records: &mut [Record], managed: &[Kind]) -> Unresolved {
        for (dn, group) in std::mem::take(&mut self.later) {
            let place = self.places.of(without_bits(&dn));
            match self.groups.get(&place) {
                Some(Who::Record(at)) => self.pairs.push((*at, group)),
                Some(Who::SetAside) => {}
                None => self.unresolved.add(&dn),
            }
        }
        let mut found = vec![None; self.of_keys.len()];
        for (place, (number, _)) in &self.of_keys {
            found[*number as usize] = self.group_names.get(place).copied();
        }
        let lost = self.of_keys.values().filter(|(number, _)| found[*number as usize].is_none());
        let mut lost: Vec<&str> = lost.map(|(_, dn)| &**dn).collect();
        lost.sort_unstable();
        for dn in lost {
            self.unresolved.add(dn);
        }
        self.pairs.extend(self.of_pairs.iter().filter_map(|(at, key)| Some((*at, found[*key as usize]?))));
        self.pairs.sort_unstable();
        self.pairs.dedup();
        for record in records.iter_mut().filter(|record| managed.contains(&record.kind())) {
            record.principal.groups = Some(Box::default());
        }
        for one in self.pairs.chunk_by(|(one, _), (other, _)| one == other) {
            let Some(record) = records.get_mut(one[0].0 as usize) else { continue };
            record.principal.set_groups(one.iter().map(|(_, group)| *group).collect());
        }
        self.unresolved
    }
}

/// A DN without the bit string that a `uniqueMember` may end with: `uid=ada,ou=people#'0101'B`. RFC 4517, section 3.3.21.
fn without_bits(name: &str) -> &str {
    let bits = |bits: &str| bits.strip_prefix('\'').and_then(|bits| bits.strip_suffix("'B")).is_some();
    name.rsplit_once('#').filter(|(_, end)| bits(end)).map_or(name, |(dn, _)| dn)
}
