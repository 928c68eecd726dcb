//! Groups that are nested in themselves. To be replaced by what the hierarchy of groups finds out.

use rustc_hash::FxHashMap;

use crate::principal::{CaseRules, Kind, PrincipalSet};

/// The groups of a set, by position, and what is left of them.
struct Nesting {
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    /// How many parents are left.
    open: Vec<usize>,
    gone: Vec<bool>,
}

/// Cycles of groups, each as positions in `set` along parents, beginning with the first in order. No two share a group:
/// what is told once is enough to mend it.
pub(super) fn cycles(set: &PrincipalSet, rules: CaseRules) -> Vec<Vec<usize>> {
    let groups = &set.records()[..set.count(Kind::Group)];
    if groups.iter().all(|group| group.principal.group_refs().is_empty()) {
        return Vec::new();
    }
    let position: Vec<Option<usize>> =
        set.names().iter().map(|(_, name)| set.position(Kind::Group, &rules.key(Kind::Group, name))).collect();
    let parents: Vec<Vec<usize>> = groups
        .iter()
        .map(|group| {
            let mut parents: Vec<usize> =
                group.principal.group_refs().iter().filter_map(|parent| position[parent.index()]).collect();
            parents.sort_unstable();
            parents.dedup();
            parents
        })
        .collect();
    let mut children = vec![Vec::new(); parents.len()];
    for (child, above) in parents.iter().enumerate() {
        for parent in above {
            children[*parent].push(child);
        }
    }
    let open = parents.iter().map(Vec::len).collect();
    let mut nesting = Nesting { gone: vec![false; parents.len()], parents, children, open };
    nesting.take((0..nesting.open.len()).filter(|at| nesting.open[*at] == 0).collect());
    let mut found = Vec::new();
    for start in 0..nesting.gone.len() {
        while !nesting.gone[start] {
            let mut cycle = nesting.walk(start);
            nesting.take(cycle.clone());
            let first = cycle.iter().enumerate().min_by_key(|(_, group)| **group).map_or(0, |(at, _)| at);
            cycle.rotate_left(first);
            found.push(cycle);
        }
    }
    found
}

impl Nesting {
    /// Takes groups out, and then all that have no parent left: they are in no cycle.
    fn take(&mut self, mut groups: Vec<usize>) {
        while let Some(at) = groups.pop() {
            if std::mem::replace(&mut self.gone[at], true) {
                continue;
            }
            for child in &self.children[at] {
                self.open[*child] -= 1;
                if self.open[*child] == 0 {
                    groups.push(*child);
                }
            }
        }
    }

    /// Goes up from `start` until a group comes again. Each that is left has a parent that is left.
    fn walk(&self, start: usize) -> Vec<usize> {
        let (mut path, mut seen) = (Vec::new(), FxHashMap::default());
        let mut at = start;
        loop {
            if let Some(begin) = seen.insert(at, path.len()) {
                return path.split_off(begin);
            }
            path.push(at);
            let Some(next) = self.parents[at].iter().find(|parent| !self.gone[**parent]) else { return path };
            at = *next;
        }
    }
}
