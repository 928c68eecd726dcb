//! Where groups in groups run in a circle.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::principal::{CaseRules, Kind, PrincipalSet};

/// The circles of groups, one shortest for each knot of groups that are all in each other, as positions in `set`:
/// `[a, b, c]` says that a is in b, b in c and c in a. A circle begins with the first of its groups, and circles are in
/// the order of these. The time is linear in groups and memberships.
#[must_use]
pub fn cycles(set: &PrincipalSet, rules: CaseRules) -> Vec<Vec<usize>> {
    let groups = &set.records()[..set.count(Kind::Group)];
    if groups.iter().all(|group| group.principal.group_refs().is_empty()) {
        return Vec::new();
    }
    let key = |name: &str| rules.key(Kind::Group, name);
    let positions: Vec<Option<usize>> =
        set.names().iter().map(|(_, name)| set.position(Kind::Group, &key(name))).collect();
    let parents = |group: &crate::principal::Record| {
        let mut parents: Vec<usize> =
            group.principal.group_refs().iter().filter_map(|parent| positions[parent.index()]).collect();
        parents.sort_unstable();
        parents
    };
    let edges: Vec<Vec<usize>> = groups.iter().map(parents).collect();
    let knots = knots(&edges);
    let mut circles: Vec<Vec<usize>> = Vec::new();
    for (number, members) in knots.members.iter().enumerate() {
        let first = members.iter().copied().min();
        circles.extend(first.and_then(|first| around(first, &edges, |node| knots.of[node] == number)));
    }
    circles.sort_unstable();
    circles
}

/// The knots of a graph. A node that is in no circle is a knot of its own.
struct Knots {
    /// By node, its knot.
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

const NEW: usize = usize::MAX;

/// After Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
fn knots(edges: &[Vec<usize>]) -> Knots {
    let mut found = Knots { of: vec![NEW; edges.len()], members: Vec::new() };
    let (mut index, mut low) = (vec![NEW; edges.len()], vec![NEW; edges.len()]);
    let (mut stack, mut next) = (Vec::new(), 0);
    for root in 0..edges.len() {
        if index[root] != NEW {
            continue;
        }
        // Each with how many of its edges were walked.
        let mut walk = vec![(root, 0)];
        while let Some((node, edge)) = walk.pop() {
            if edge == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
            } else if let Some(child) = edges[node].get(edge - 1).filter(|child| found.of[**child] == NEW) {
                low[node] = low[node].min(low[*child]);
            }
            if let Some(child) = edges[node].get(edge).copied() {
                walk.push((node, edge + 1));
                if index[child] == NEW {
                    walk.push((child, 0));
                }
            } else if low[node] == index[node] {
                let from = stack.iter().rposition(|other| *other == node).unwrap_or(0);
                let members = stack.split_off(from);
                for member in &members {
                    found.of[*member] = found.members.len();
                }
                found.members.push(members);
            }
        }
    }
    found
}

/// A shortest way from `first` back to it; none where there is no way.
fn around(first: usize, edges: &[Vec<usize>], inside: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
    let mut came_from: FxHashMap<usize, usize> = FxHashMap::default();
    let mut queue = VecDeque::from([first]);
    while let Some(node) = queue.pop_front() {
        for next in edges[node].iter().copied().filter(|next| inside(*next)) {
            if next == first {
                let before = std::iter::successors(Some(node), |node| came_from.get(node).copied());
                let mut way: Vec<usize> = before.collect();
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(place) = came_from.entry(next) {
                place.insert(node);
                queue.push_back(next);
            }
        }
    }
    None
}
