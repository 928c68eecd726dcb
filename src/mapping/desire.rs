use std::collections::BTreeMap;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::rules::{self, Rules};
use crate::connector::{Reading, Rejected, Target};
use crate::plan::Desired;
use crate::principal::{Collision, Kind, PrincipalSet, Record, digest};

/// What a reading comes to for one target.
#[derive(Debug)]
pub struct Mapped {
    pub desired: Desired,
    /// Records that were set aside, with the reason.
    pub rejected: Vec<Rejected>,
    /// Users and groups read, those set aside not counted.
    pub users: usize,
    pub groups: usize,
    /// Of everything read that was not set aside.
    pub digest: String,
    /// Of the sentinels, those that the reading lacks.
    pub missing_sentinels: Vec<String>,
}

/// Turns a reading into what is desired of `target`. `sentinels` are principals that must be there: `user:ada`.
#[must_use]
pub fn desire(reading: Reading, target: &dyn Target, rules: &Rules, sentinels: &[String]) -> Mapped {
    let Reading { records, names, mut rejected, coverage, data_time: _, memory: _ } = reading;
    let case = target.capabilities().rules;
    let (mut set, collisions) = PrincipalSet::build(records, names, case);
    let mut desired = Desired { coverage, unknown_ids: !rejected.is_empty(), ..Desired::default() };
    let twins = take_twins(&mut set);
    for record in collisions.iter().chain(&twins).flat_map(|collision| &collision.records) {
        desired.set_aside_ids.extend(record.principal.id.clone().map(|id| (record.kind(), id)));
    }
    rejected.extend(
        collisions.iter().flat_map(|collision| collided(collision, "the target takes its name for the same as")),
    );
    rejected.extend(twins.iter().flat_map(|collision| collided(collision, "it has the same immutable id as")));
    let missing_sentinels = sentinels.iter().filter(|sentinel| lacks(&set, sentinel, case)).cloned().collect();
    let (users, groups, digest) = (set.count(Kind::User), set.count(Kind::Group), digest(&set));
    desired.set_aside = rejected.iter().map(|record| (record.kind, case.key(record.kind, &record.name))).collect();
    let mut set = rules::apply(rules, set, case, &mut desired, &mut rejected);
    rejected.sort_by(|a, b| (a.kind, &a.name, &a.origin).cmp(&(b.kind, &b.name, &b.origin)));
    set.retain(|_, principal| {
        target.project(principal);
        true
    });
    desired.set = set;
    Mapped { desired, rejected, users, groups, digest, missing_sentinels }
}

fn lacks(set: &PrincipalSet, sentinel: &str, rules: crate::principal::CaseRules) -> bool {
    crate::principal::PrincipalId::parse(sentinel)
        .is_ok_and(|id| set.get(id.kind, &rules.key(id.kind, &id.name)).is_none())
}

/// Records of one kind that share an immutable id: which of them is the person cannot be told.
fn take_twins(set: &mut PrincipalSet) -> Vec<Collision> {
    let mut seen: FxHashMap<(Kind, CompactString), usize> = FxHashMap::default();
    for record in set.records() {
        if let Some(id) = &record.principal.id {
            *seen.entry((record.kind(), id.clone())).or_default() += 1;
        }
    }
    seen.retain(|_, count| *count > 1);
    if seen.is_empty() {
        return Vec::new();
    }
    let mut by_id: BTreeMap<(Kind, CompactString), Vec<Record>> = BTreeMap::new();
    for record in set.records() {
        let id = record.principal.id.clone().map(|id| (record.kind(), id));
        if let Some(id) = id.filter(|id| seen.contains_key(id)) {
            by_id.entry(id).or_default().push(record.clone());
        }
    }
    set.retain(|_, principal| {
        let id = principal.id.clone().map(|id| (principal.kind, id));
        id.is_none_or(|id| !seen.contains_key(&id))
    });
    by_id.into_values().map(|records| Collision { records }).collect()
}

fn collided(collision: &Collision, why: &str) -> Vec<Rejected> {
    let place = |record: &Record| record.origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let one = |at: usize, record: &Record| {
        let others = collision.records.iter().enumerate().filter(|(other, _)| *other != at);
        let named: Vec<String> = others.take(3).map(|(_, other)| place(other)).collect();
        let more = collision.records.len() - 1 - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Rejected {
            kind: record.kind(),
            name: record.principal.name.clone(),
            origin: place(record),
            reason: format!("{why} that at {}{more}", named.join(", ")),
        }
    };
    collision.records.iter().enumerate().map(|(at, record)| one(at, record)).collect()
}
