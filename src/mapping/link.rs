//! Which records of several sources are one principal.

use std::borrow::Borrow;

use rustc_hash::FxHashMap;

use crate::principal::{Kind, Record};

/// Positions in `records`, those of one principal together, each time in the order of the sources.
pub(super) struct People {
    order: Vec<usize>,
    /// By position in `records`, the first record of the same principal.
    first: Vec<usize>,
}

impl People {
    /// Each principal as the positions of its records.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        self.order.chunk_by(|a, b| self.first[*a] == self.first[*b])
    }
}

/// Records are one when their folded names or their immutable ids agree, directly or through a third. `records` are in
/// the order of their sources.
pub(super) fn link<R: Borrow<Record>>(records: &[R]) -> People {
    let record = |at: usize| -> &Record { records[at].borrow() };
    let mut links = Links((0..records.len()).collect());
    let name = |at: usize| (record(at).kind(), record(at).key());
    let mut order: Vec<usize> = (0..records.len()).collect();
    // Each source is sorted by name already: the sort only merges.
    order.sort_by(|a, b| name(*a).cmp(&name(*b)));
    for pair in order.windows(2).filter(|pair| name(pair[0]) == name(pair[1])) {
        links.join(pair[0], pair[1]);
    }
    let mut by_id: FxHashMap<(Kind, &str), usize> = FxHashMap::default();
    for (at, record) in records.iter().map(Borrow::borrow).enumerate() {
        if let Some(id) = record.principal.id.as_deref().filter(|id| !id.is_empty()) {
            let first = *by_id.entry((record.kind(), id)).or_insert(at);
            links.join(first, at);
        }
    }
    let first: Vec<usize> = (0..records.len()).map(|at| links.first(at)).collect();
    order.sort_unstable_by_key(|at| (first[*at], *at));
    People { order, first }
}

/// Each record points to an earlier one of the same principal; the first of all to itself.
struct Links(Vec<usize>);

impl Links {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}
