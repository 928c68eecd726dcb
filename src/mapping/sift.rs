use std::collections::BTreeMap;

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Finding, LintCode, few, place};
use crate::connector::Reading;
use crate::plan::Coverage;
use crate::principal::{CaseRules, Collision, Kind, PrincipalId, PrincipalSet, Record, digest};

/// A reading in order, without the records that cannot be told apart.
#[derive(Debug, Clone, Default)]
pub struct Sifted {
    pub(super) set: PrincipalSet,
    pub(super) coverage: Coverage,
    pub(super) aside: Aside,
}

/// Records that are not used, and who must not be removed for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Aside {
    /// Folded names.
    pub(super) names: FxHashSet<(Kind, CompactString)>,
    /// Immutable ids.
    pub(super) ids: FxHashSet<(Kind, CompactString)>,
    /// The id of some could not be read.
    pub(super) unknown_ids: bool,
    /// Folded names of groups that more than one record defines: who is in which of them cannot be told.
    pub(super) contested: FxHashSet<CompactString>,
    pub(super) findings: Vec<Finding>,
}

/// What one reading comes to, records that were set aside not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub users: usize,
    pub groups: usize,
    pub digest: String,
    /// Of the sentinels, those that the reading lacks.
    pub missing_sentinels: Vec<String>,
}

impl Sifted {
    #[must_use]
    pub fn set(&self) -> &PrincipalSet {
        &self.set
    }

    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// What is known to be odd so far; what was set aside is part of it.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.aside.findings
    }
}

impl Aside {
    /// `record` is not used.
    pub(super) fn add(&mut self, code: LintCode, record: &Record, reason: String) {
        self.names.insert((record.kind(), record.key().into()));
        self.ids.extend(record.principal.id.clone().map(|id| (record.kind(), id)));
        self.findings.push(Finding::aside(code, record, reason));
    }

    /// Whether it is about the principal of `record`.
    pub(super) fn holds(&self, record: &Record) -> bool {
        let id = record.principal.id.clone().map(|id| (record.kind(), id));
        self.names.contains(&(record.kind(), record.key().into())) || id.is_some_and(|id| self.ids.contains(&id))
    }

    /// Both together.
    pub(super) fn join(mut self, other: Self) -> Self {
        let Self { names, ids, unknown_ids, contested, findings } = other;
        self.names.extend(names);
        self.ids.extend(ids);
        self.unknown_ids |= unknown_ids;
        self.contested.extend(contested);
        self.findings.extend(findings);
        self
    }

    /// The members of a group that cannot be told apart cannot be told apart either: they name it by name.
    pub(super) fn contest(&mut self, record: &Record) {
        if record.kind() == Kind::Group {
            self.contested.insert(record.key().into());
        }
    }

    pub(super) fn add_collisions(&mut self, code: LintCode, collisions: &[Collision], why: &str) {
        for Collision { records } in collisions {
            for (at, record) in records.iter().enumerate() {
                let others = records.iter().enumerate().filter(|(other, _)| *other != at);
                let others = few(others.map(|(_, other)| place(other)), 3, records.len() - 1);
                self.add(code, record, format!("{why} that at {others}"));
            }
        }
    }
}

/// Looks through one source's reading. `sentinels` are principals that must be there: `user:ada`.
#[must_use]
pub fn sift(reading: Reading, rules: CaseRules, sentinels: &[String]) -> (Sifted, Measure) {
    let Reading { records, names, rejected, coverage, data_time: _, memory: _ } = reading;
    let (mut set, collisions) = PrincipalSet::build(records, names, rules);
    let twins = take_twins(&mut set);
    let mut aside = Aside { unknown_ids: !rejected.is_empty(), ..Aside::default() };
    let why = "the target takes its name for the same as";
    aside.add_collisions(LintCode::DuplicateName, &collisions, why);
    aside.add_collisions(LintCode::DuplicateId, &twins, "it has the same immutable id as");
    collisions.iter().flat_map(|collision| &collision.records).for_each(|record| aside.contest(record));
    for record in rejected {
        let (kind, key) = (record.kind, rules.key(record.kind, &record.name));
        let is_second = !aside.names.insert((kind, key.clone())) || set.get(kind, &key).is_some();
        if kind == Kind::Group && is_second {
            aside.contested.insert(key);
        }
        aside.findings.push(Finding::unusable(record));
    }
    let missing_sentinels = sentinels.iter().filter(|sentinel| lacks(&set, sentinel, rules)).cloned().collect();
    let (users, groups) = (set.count(Kind::User), set.count(Kind::Group));
    let measure = Measure { users, groups, digest: digest(&set), missing_sentinels };
    (Sifted { set, coverage, aside }, measure)
}

fn lacks(set: &PrincipalSet, sentinel: &str, rules: CaseRules) -> bool {
    PrincipalId::parse(sentinel).is_ok_and(|id| set.get(id.kind, &rules.key(id.kind, &id.name)).is_none())
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
