//! Whether groups contain themselves.

use std::collections::{BTreeSet, HashMap};

/// The first group, by name, that lies on or below a circle of parents, if there is a circle.
///
/// Takes each group once, with its direct parents; parents that are no group of the list are
/// passed over. Linear in groups and memberships.
pub(super) fn find_cycle<'name>(
    groups: impl IntoIterator<Item = (&'name str, &'name BTreeSet<String>)>,
) -> Option<&'name str> {
    let groups: Vec<(&str, &BTreeSet<String>)> = groups.into_iter().collect();
    let positions: HashMap<&str, usize> = groups.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    let mut children = vec![Vec::new(); groups.len()];
    let mut waiting = vec![0_usize; groups.len()];
    for (child, (_, parents)) in groups.iter().enumerate() {
        let known = parents.iter().filter_map(|parent| positions.get(parent.as_str()));
        for &parent in known {
            if let (Some(children), Some(waiting)) = (children.get_mut(parent), waiting.get_mut(child)) {
                children.push(child);
                *waiting += 1;
            }
        }
    }
    let mut ready: Vec<usize> = (0..groups.len()).filter(|at| waiting.get(*at) == Some(&0)).collect();
    while let Some(parent) = ready.pop() {
        for &child in children.get(parent).into_iter().flatten() {
            if let Some(waiting) = waiting.get_mut(child) {
                *waiting -= 1;
                if *waiting == 0 {
                    ready.push(child);
                }
            }
        }
    }
    let caught = groups.iter().zip(&waiting).filter(|(_, waiting)| **waiting > 0);
    caught.map(|((name, _), _)| *name).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_diamond_is_no_circle() {
        let (top, middle, bottom) = (parents(&["elsewhere"]), parents(&["top"]), parents(&["left", "right"]));
        let groups = [("top", &top), ("left", &middle), ("right", &middle), ("bottom", &bottom)];
        assert_eq!(find_cycle(groups), None);
    }

    #[test]
    fn a_group_is_not_its_own_grandparent() {
        let (of_a, of_b, of_c) = (parents(&["c"]), parents(&["a"]), parents(&["b"]));
        assert_eq!(find_cycle([("a", &of_a), ("b", &of_b), ("c", &of_c)]), Some("a"));
        let own = parents(&["self"]);
        assert_eq!(find_cycle([("self", &own)]), Some("self"));
    }
}
