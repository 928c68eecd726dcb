//! Groups in groups: what a membership reaches.

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use compact_str::CompactString;
use minijinja::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::principal::{CaseRules, GroupNames, GroupRef, Kind, PrincipalSet};

/// How many steps a membership is followed, where nothing else is said.
pub const DEPTH: usize = 64;

/// The groups of one reading. Group names that the target would take for one are one group here too.
#[derive(Debug, Default)]
pub struct Hierarchy {
    /// By reference: the name as an expression sees it, made once.
    values: Vec<Value>,
    /// By reference: its place in the order of names, and its node.
    ranks: Vec<u32>,
    nodes: Vec<u32>,
    /// By node: how it is spelled where it is defined, and the nodes it is in.
    spelled: Vec<GroupRef>,
    parents: Vec<Vec<u32>>,
    /// By node: all it is in, found when first asked for.
    above: Vec<OnceLock<Box<[GroupRef]>>>,
    depth: usize,
    /// Whether something lies deeper than that.
    cut: AtomicBool,
}

impl Hierarchy {
    /// The hierarchy of all groups of `set`, in scope or not.
    #[must_use]
    pub fn new(set: &PrincipalSet, rules: CaseRules, depth: usize) -> Self {
        let names = set.names();
        let (mut hierarchy, by_key) = Self::of_names(names, rules, depth);
        for record in &set.records()[..set.count(Kind::Group)] {
            // A group that nobody names is in no way of a membership.
            let Some(node) = by_key.get(record.key()) else { continue };
            if let Some(own) = names.find(&record.principal.name) {
                hierarchy.spelled[*node as usize] = own;
            }
            let parents = record.principal.group_refs().iter().map(|group| hierarchy.nodes[group.index()]).collect();
            hierarchy.parents[*node as usize] = parents;
        }
        hierarchy
    }

    /// The groups by name, and the node of each folded name.
    fn of_names(names: &GroupNames, rules: CaseRules, depth: usize) -> (Self, FxHashMap<CompactString, u32>) {
        let mut order: Vec<(&str, GroupRef)> = names.iter().map(|(group, name)| (name, group)).collect();
        order.sort_unstable();
        let mut ranks = vec![0; names.len()];
        for (rank, (_, group)) in (0u32..).zip(&order) {
            ranks[group.index()] = rank;
        }
        let mut by_key: FxHashMap<CompactString, u32> = FxHashMap::default();
        let (mut nodes, mut spelled) = (Vec::with_capacity(names.len()), Vec::new());
        for (group, name) in names.iter() {
            let node = *by_key.entry(rules.key(Kind::Group, name)).or_insert_with(|| {
                spelled.push(group);
                u32::try_from(spelled.len() - 1).unwrap_or(u32::MAX)
            });
            nodes.push(node);
        }
        let hierarchy = Self {
            values: names.iter().map(|(_, name)| Value::from(name)).collect(),
            ranks,
            nodes,
            parents: vec![Vec::new(); spelled.len()],
            above: spelled.iter().map(|_| OnceLock::new()).collect(),
            spelled,
            depth,
            cut: AtomicBool::new(false),
        };
        (hierarchy, by_key)
    }

    /// All that somebody in the groups `direct` is in.
    #[must_use]
    pub fn all(&self, direct: &[GroupRef]) -> Vec<GroupRef> {
        let mut all = direct.to_vec();
        for group in direct {
            all.extend_from_slice(self.above(self.nodes[group.index()]));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether [`all`](Self::all) left something out, for it lies deeper than `depth`.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }

    /// Puts groups in the order of their names.
    pub(super) fn sort(&self, groups: &mut [GroupRef]) {
        groups.sort_unstable_by_key(|group| self.ranks[group.index()]);
    }

    pub(super) fn value(&self, group: GroupRef) -> Value {
        self.values[group.index()].clone()
    }

    /// What a group is in, step by step: the nearest first, each once, so that a circle ends.
    fn above(&self, node: u32) -> &[GroupRef] {
        self.above[node as usize].get_or_init(|| {
            let mut seen: FxHashSet<u32> = FxHashSet::from_iter([node]);
            let mut found = Vec::new();
            // A direct group is the first step.
            let mut queue = VecDeque::from([(node, 1)]);
            while let Some((node, steps)) = queue.pop_front() {
                for parent in &self.parents[node as usize] {
                    if !seen.insert(*parent) {
                        continue;
                    }
                    if steps >= self.depth {
                        self.cut.store(true, Ordering::Relaxed);
                        continue;
                    }
                    found.push(self.spelled[*parent as usize]);
                    queue.push_back((*parent, steps + 1));
                }
            }
            found.into()
        })
    }
}
