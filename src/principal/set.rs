use std::cmp::Ordering;

use compact_str::CompactString;

use super::{CaseRules, GroupNames, Kind, Origin, Principal};

/// A principal, the form of its name that is compared, and where it was read.
#[derive(Debug, Clone)]
pub struct Record {
    /// Empty until the record is part of a set.
    key: CompactString,
    pub principal: Principal,
    pub origin: Option<Origin>,
}

impl Record {
    #[must_use]
    pub fn new(principal: Principal, origin: Option<Origin>) -> Self {
        Self { key: CompactString::default(), principal, origin }
    }

    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.principal.kind
    }

    fn order(&self, other: &Self) -> Ordering {
        (self.kind(), &self.key).cmp(&(other.kind(), &other.key))
    }
}

/// Records that a target would take for one: all are set aside.
#[derive(Debug)]
pub struct Collision {
    pub records: Vec<Record>,
}

/// Principals in order of kind and folded name, none twice.
#[derive(Debug, Clone, Default)]
pub struct PrincipalSet {
    records: Vec<Record>,
    names: GroupNames,
}

impl PrincipalSet {
    /// Folds every name once and puts the records in order. Records whose names fold to one are taken out and
    /// returned, in order.
    #[must_use]
    pub fn build(mut records: Vec<Record>, names: GroupNames, rules: CaseRules) -> (Self, Vec<Collision>) {
        for record in &mut records {
            record.key = rules.key(record.kind(), &record.principal.name);
        }
        records.sort_by(|a, b| a.order(b).then_with(|| a.origin.cmp(&b.origin)));
        let collisions = take_collisions(&mut records);
        (Self { records, names }, collisions)
    }

    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    #[must_use]
    pub fn names(&self) -> &GroupNames {
        &self.names
    }

    /// Leaves out the records that `keep` says no to. It may bend the values of the others, not their names.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Principal) -> bool) {
        self.records.retain_mut(|record| keep(&record.key, &mut record.principal));
    }

    #[must_use]
    pub fn into_parts(self) -> (Vec<Record>, GroupNames) {
        (self.records, self.names)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        let groups = self.records.partition_point(|record| record.kind() == Kind::Group);
        match kind {
            Kind::Group => groups,
            Kind::User => self.records.len() - groups,
        }
    }

    /// The position of the record with this folded name.
    #[must_use]
    pub fn position(&self, kind: Kind, key: &str) -> Option<usize> {
        self.records.binary_search_by(|record| (record.kind(), record.key()).cmp(&(kind, key))).ok()
    }

    #[must_use]
    pub fn get(&self, kind: Kind, key: &str) -> Option<&Record> {
        self.position(kind, key).map(|at| &self.records[at])
    }
}

fn take_collisions(records: &mut Vec<Record>) -> Vec<Collision> {
    let same = |a: &Record, b: &Record| a.order(b) == Ordering::Equal;
    if !records.windows(2).any(|pair| same(&pair[0], &pair[1])) {
        return Vec::new();
    }
    let mut alone = Vec::with_capacity(records.len());
    let mut collisions = Vec::new();
    let mut rest = std::mem::take(records).into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut run = vec![first];
        while let Some(next) = rest.next_if(|next| same(&run[0], next)) {
            run.push(next);
        }
        if run.len() == 1 {
            alone.append(&mut run);
        } else {
            collisions.push(Collision { records: run });
        }
    }
    *records = alone;
    collisions
}
