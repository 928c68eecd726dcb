//! Who is in which group: gathered while entries come, settled when all are there.

use rustc_hash::FxHashMap;

use super::dn::dn_key;
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
    users: FxHashMap<Box<str>, Who>,
    groups: FxHashMap<Box<str>, Who>,
    /// The group of each group entry by its DN, set aside or not.
    group_names: FxHashMap<Box<str>, GroupRef>,
    /// By folded name, where members are names.
    by_name: FxHashMap<Box<str>, u32>,
    /// A record and a group that it is in.
    pairs: Vec<(u32, GroupRef)>,
    /// A member that is no user read so far: a group, or nothing that was read.
    later: Vec<(String, GroupRef)>,
    /// Of `memberOf`: group DNs, each once, and the pairs of records with them.
    of_keys: FxHashMap<Box<str>, u32>,
    of_pairs: Vec<(u32, u32)>,
    pub(super) unresolved: Unresolved,
}

/// Members that are no principal that was read.
#[derive(Debug, Default)]
pub(super) struct Unresolved {
    pub(super) count: usize,
    /// The first of them.
    pub(super) first: Vec<String>,
}

impl Unresolved {
    pub(super) fn add(&mut self, text: &str) {
        const SHOWN: usize = 3;
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(text.to_owned());
        }
    }
}

impl Members {
    /// Writes down what the entry at `dn` is. False where that DN came before: a page was repeated.
    pub(super) fn know(&mut self, kind: Kind, dn: &str, who: Who) -> bool {
        let key = dn_key(dn).unwrap_or_else(|| dn.to_owned()).into_boxed_str();
        let known = match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        };
        known.insert(key, who).is_none()
    }

    /// Lets a user be found by name.
    pub(super) fn know_name(&mut self, name: &str, at: u32) {
        self.by_name.insert(fold(name, CaseRule::Ignored).as_str().into(), at);
    }

    /// The group entry at `dn` stands for `group`.
    pub(super) fn know_group(&mut self, dn: &str, group: GroupRef) {
        let key = dn_key(dn).unwrap_or_else(|| dn.to_owned());
        self.group_names.insert(key.into(), group);
    }

    /// A value of `member`: users were read before, groups may come later.
    pub(super) fn dn_is_in(&mut self, dn: &[u8], group: GroupRef) {
        let text = String::from_utf8_lossy(dn);
        let key = dn_key(&text).unwrap_or_else(|| text.into_owned());
        match self.users.get(key.as_str()) {
            Some(Who::Record(at)) => self.pairs.push((*at, group)),
            Some(Who::SetAside) => {}
            None => self.later.push((key, group)),
        }
    }

    /// A value of `memberUid`.
    pub(super) fn name_is_in(&mut self, name: &[u8], group: GroupRef) {
        let text = String::from_utf8_lossy(name);
        match self.by_name.get(fold(&text, CaseRule::Ignored).as_str()) {
            Some(at) => self.pairs.push((*at, group)),
            None => self.unresolved.add(&text),
        }
    }

    /// A value of `memberOf`: groups come later.
    pub(super) fn is_in_dn(&mut self, at: u32, dn: &[u8]) {
        let text = String::from_utf8_lossy(dn);
        let key = dn_key(&text).unwrap_or_else(|| text.into_owned());
        let next = u32::try_from(self.of_keys.len()).unwrap_or(u32::MAX);
        let key = *self.of_keys.entry(key.into()).or_insert(next);
        self.of_pairs.push((at, key));
    }

    /// A membership that is known as such.
    pub(super) fn is_in(&mut self, at: u32, group: GroupRef) {
        self.pairs.push((at, group));
    }

    /// Settles what had to wait, and gives every record of a kind in `managed` its groups.
    pub(super) fn settle(mut self, records: &mut [Record], managed: &[Kind]) -> Unresolved {
        for (key, group) in std::mem::take(&mut self.later) {
            match self.groups.get(key.as_str()) {
                Some(Who::Record(at)) => self.pairs.push((*at, group)),
                Some(Who::SetAside) => {}
                None => self.unresolved.add(&key),
            }
        }
        let mut found = vec![None; self.of_keys.len()];
        for (key, at) in &self.of_keys {
            found[*at as usize] = self.group_names.get(key).copied();
        }
        let mut lost: Vec<_> = self.of_keys.iter().filter(|(_, at)| found[**at as usize].is_none()).collect();
        lost.sort();
        for (key, _) in lost {
            self.unresolved.add(key);
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
