use crate::principal::{CaseRule, CaseRules, Kind, Pattern, PatternSet};

const USERS_FOLDED: CaseRules = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact };

fn matches(pattern: &str, kind: Kind, name: &str) -> bool {
    let pattern = Pattern::parse(pattern).unwrap();
    PatternSet::new([&pattern], USERS_FOLDED).matches(kind, &USERS_FOLDED.key(kind, name))
}

#[test]
fn a_star_stands_for_any_run_of_characters() {
    for (pattern, name) in
        [("svc-*", "svc-"), ("svc-*", "svc-x"), ("*", ""), ("*", "x"), ("a*b*c", "a--b--c"), ("*b", "bab"), ("**", "é")]
    {
        assert!(matches(&format!("user:{pattern}"), Kind::User, name), "{pattern} {name}");
    }
    for (pattern, name) in
        [("svc-*", "svc"), ("svc-*", "xsvc-"), ("a*b*c", "acb"), ("*b", "ba"), ("a?c", "abc"), ("a.c", "abc")]
    {
        assert!(!matches(&format!("user:{pattern}"), Kind::User, name), "{pattern} {name}");
    }
}

#[test]
fn a_pattern_is_compared_as_names_are() {
    assert!(matches("user:SVC-*", Kind::User, "svc-x"));
    assert!(matches("user:TsAdmin", Kind::User, "tsadmin"));
    assert!(matches("user:stra\u{df}e*", Kind::User, "STRASSE 1"));
    assert!(!matches("group:all", Kind::Group, "All"));
    assert!(!matches("user:x", Kind::Group, "x"), "a pattern is of one kind");
}

#[test]
fn many_stars_are_not_exponential() {
    let pattern = format!("user:{}b", "a*".repeat(2_000));
    let name = "a".repeat(4_000);
    let started = std::time::Instant::now();
    assert!(!matches(&pattern, Kind::User, &name));
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn an_empty_set_matches_nobody() {
    let none = PatternSet::new([], CaseRules::EXACT);
    assert!(none.is_empty() && !none.matches(Kind::User, "ada"));
    let pattern = Pattern::new(Kind::Group, "bi-*");
    assert!(!PatternSet::new([&pattern], CaseRules::EXACT).is_empty());
    assert_eq!(pattern.text(), "group:bi-*");
}
