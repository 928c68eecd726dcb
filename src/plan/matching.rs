//! Who is who: pairs each record of the source with one of the target, by recorded id first, then by name.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Ledger, MatchBy, Policy};
use crate::principal::{PrincipalSet, Record};

/// What stands where, by position in the desired and the current set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Both {
        desired: usize,
        current: usize,
        renamed: bool,
    },
    New {
        desired: usize,
    },
    Gone {
        current: usize,
    },
    /// The name is taken by somebody else's account: a different immutable id is recorded for it.
    Reused {
        desired: usize,
    },
    /// More than one account fits.
    Ambiguous {
        desired: usize,
    },
}

/// The recorded id points to an account with another name.
struct ById {
    pairs: FxHashMap<usize, usize>,
    taken: FxHashSet<usize>,
    /// Records of the source that share one recorded id: none of them is known to be the person.
    shared: FxHashSet<usize>,
}

/// Pairs the records of `desired` and `current`, in their order.
#[must_use]
pub fn pair(desired: &PrincipalSet, current: &PrincipalSet, policy: &Policy, ledger: &Ledger) -> Vec<Case> {
    let by_id = by_id(desired, current, policy, ledger);
    let (wanted, has) = (desired.records(), current.records());
    let mut cases = Vec::with_capacity(wanted.len().max(has.len()));
    let (mut d, mut c) = (0, 0);
    while d < wanted.len() || c < has.len() {
        let order = match (wanted.get(d), has.get(c)) {
            (Some(a), Some(b)) => (a.kind(), a.key()).cmp(&(b.kind(), b.key())),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match order {
            Ordering::Less => cases.push(match by_id.pairs.get(&d) {
                Some(_) if by_id.shared.contains(&d) => Case::Ambiguous { desired: d },
                Some(current) => Case::Both { desired: d, current: *current, renamed: true },
                None => Case::New { desired: d },
            }),
            Ordering::Greater if by_id.taken.contains(&c) => {}
            Ordering::Greater => cases.push(Case::Gone { current: c }),
            Ordering::Equal => cases.push(same_name(d, c, &wanted[d], &has[c], &by_id, policy, ledger)),
        }
        d += usize::from(order != Ordering::Greater);
        c += usize::from(order != Ordering::Less);
    }
    cases
}

fn by_id(desired: &PrincipalSet, current: &PrincipalSet, policy: &Policy, ledger: &Ledger) -> ById {
    let mut found = ById { pairs: FxHashMap::default(), taken: FxHashSet::default(), shared: FxHashSet::default() };
    if !policy.match_by.contains(&MatchBy::Id) || ledger.knows_no_ids() {
        return found;
    }
    // Who claims each of the current records; nearly all are claimed under the name they have, in the order of both.
    let mut claims: Vec<Option<u32>> = vec![None; current.len()];
    let (has, mut next) = (current.records(), 0);
    for (at, record) in desired.records().iter().enumerate() {
        let Some(id) = &record.principal.id else { continue };
        let Some(key) = ledger.key_of(record.kind(), id) else { continue };
        let position = if key == record.key() {
            let before = |other: &&Record| (other.kind(), other.key()) < (record.kind(), key);
            next += has[next..].iter().take_while(before).count();
            has.get(next).filter(|other| (other.kind(), other.key()) == (record.kind(), key)).map(|_| next)
        } else {
            current.position(record.kind(), key)
        };
        let Some(position) = position else { continue };
        if let Some(other) = claims[position].replace(u32::try_from(at).unwrap_or(u32::MAX)) {
            found.shared.extend([other as usize, at]);
        }
        if key != record.key() {
            found.pairs.insert(at, position);
            found.taken.insert(position);
        }
    }
    found
}

fn same_name(
    desired: usize,
    current: usize,
    wanted: &Record,
    has: &Record,
    by_id: &ById,
    policy: &Policy,
    ledger: &Ledger,
) -> Case {
    if by_id.pairs.contains_key(&desired) || by_id.shared.contains(&desired) {
        return Case::Ambiguous { desired };
    }
    if by_id.taken.contains(&current) {
        return Case::Reused { desired };
    }
    let recorded = ledger.owned(has.kind(), has.key()).and_then(|owned| owned.source_id.as_ref());
    let by_name = policy.match_by.contains(&MatchBy::Name);
    match (recorded, &wanted.principal.id) {
        (Some(old), Some(new)) if policy.match_by.contains(&MatchBy::Id) && old != new => Case::Reused { desired },
        (Some(old), Some(new)) if old == new => Case::Both { desired, current, renamed: false },
        _ if by_name => Case::Both { desired, current, renamed: false },
        _ => Case::Ambiguous { desired },
    }
}
