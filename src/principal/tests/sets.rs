use crate::principal::{CaseRule, CaseRules, GroupNames, Kind, Origin, Principal, PrincipalSet, Record};

const USERS_FOLDED: CaseRules = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact };

fn record(kind: Kind, name: &str, line: u64) -> Record {
    Record::new(Principal::new(kind, name), Some(Origin::line(&"f".into(), line)))
}

fn names(set: &PrincipalSet) -> Vec<String> {
    set.records().iter().map(|record| format!("{}:{}", record.kind(), record.principal.name)).collect()
}

#[test]
fn groups_come_first_then_users_each_by_folded_name() {
    let records = ["b", "A", "c"].map(|name| record(Kind::User, name, 1));
    let groups = ["b", "A", "a"].map(|name| record(Kind::Group, name, 1));
    let all = records.into_iter().chain(groups).collect();
    let (set, collisions) = PrincipalSet::build(all, GroupNames::new(), USERS_FOLDED);
    assert!(collisions.is_empty());
    assert_eq!(names(&set), ["group:A", "group:a", "group:b", "user:A", "user:b", "user:c"]);
    assert_eq!((set.count(Kind::Group), set.count(Kind::User), set.len()), (3, 3, 6));
}

#[test]
fn records_that_fold_to_one_name_are_all_taken_out() {
    let all = vec![
        record(Kind::User, "ada", 2),
        record(Kind::User, "bob", 3),
        record(Kind::User, "ADA", 9),
        record(Kind::User, "Ada", 4),
        record(Kind::Group, "ada", 5),
        record(Kind::Group, "e\u{301}", 6),
        record(Kind::Group, "é", 7),
    ];
    let (set, collisions) = PrincipalSet::build(all, GroupNames::new(), USERS_FOLDED);
    assert_eq!(names(&set), ["group:ada", "user:bob"], "a user and a group of one name are two principals");
    let told: Vec<Vec<String>> = collisions
        .iter()
        .map(|collision| collision.records.iter().map(|one| one.origin.as_ref().unwrap().to_string()).collect())
        .collect();
    assert_eq!(told, [vec!["f:6", "f:7"], vec!["f:2", "f:4", "f:9"]], "in the order of their origins");
}

#[test]
fn a_record_is_found_by_kind_and_folded_name() {
    let (set, _) = PrincipalSet::build(vec![record(Kind::User, "Ada", 1)], GroupNames::new(), USERS_FOLDED);
    assert!(set.get(Kind::User, "ada").is_some());
    assert!(set.get(Kind::User, "Ada").is_none(), "what is looked up must be folded");
    assert!(set.get(Kind::Group, "ada").is_none());
}

#[test]
fn the_parents_of_a_principal_are_sorted_and_none_twice() {
    let mut names = GroupNames::new();
    let [x, y] = ["x", "y"].map(|name| names.intern(name));
    assert_eq!(names.intern("x"), x);
    let mut principal = Principal::new(Kind::User, "ada");
    principal.set_groups(vec![y, x, y, x]);
    assert_eq!(principal.group_refs(), [x, y]);
    assert_eq!(names.sorted(&[y, x]), ["x", "y"]);
    assert_eq!((names.find("y"), names.find("Y"), names.len()), (Some(y), None, 2));
}
