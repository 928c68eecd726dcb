//! Where groups in groups run in a circle.

use crate::mapping::cycles;
use crate::plan::tests::build::group;
use crate::principal::{CaseRules, GroupNames, PrincipalSet};

/// The circles of groups, each group with the one it is in.
fn circles(edges: &[(&str, &[&str])]) -> Vec<String> {
    let mut names = GroupNames::new();
    let drafts = edges.iter().map(|(name, parents)| group(name).in_groups(parents.iter().copied()));
    let records = drafts.map(|draft| draft.record(&mut names)).collect();
    let (set, _) = PrincipalSet::build(records, names, CaseRules::EXACT);
    let name = |at: &usize| set.records()[*at].principal.name.to_string();
    let told = cycles(&set, CaseRules::EXACT);
    told.iter().map(|circle| circle.iter().chain(circle.first()).map(name).collect::<Vec<_>>().join(" > ")).collect()
}

#[test]
fn circles_of_groups_are_found_once_each() {
    assert!(circles(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"]), ("d", &["nobody"])]).is_empty());
    assert_eq!(circles(&[("a", &["a"])]), ["a > a"]);
    let two: &[(&str, &[&str])] =
        &[("c", &["a"]), ("b", &["c", "x"]), ("a", &["b"]), ("z", &["y"]), ("y", &["z"]), ("x", &["y"])];
    assert_eq!(circles(two), ["a > b > c > a", "y > z > y"]);
    let knot: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["c"]), ("c", &["a", "b", "d"]), ("d", &["c"])];
    assert_eq!(circles(knot), ["a > b > c > a"], "a knot is told by one way through it");
}

#[test]
fn a_long_chain_of_groups_exhausts_nothing() {
    let names: Vec<String> = (0..50_000).map(|number| format!("g{number:05}")).collect();
    let next: Vec<[&str; 1]> = names.iter().cycle().skip(1).take(50_000).map(|name| [name.as_str()]).collect();
    let edges: Vec<(&str, &[&str])> = names.iter().zip(&next).map(|(name, next)| (name.as_str(), &next[..])).collect();
    assert_eq!(circles(&edges).len(), 1);
    assert!(circles(&edges[..49_999]).is_empty());
}
