//! What is expected of each source.

use std::time::Duration;

use super::bench::{Bench, bench, none};
use crate::guard::{Expect, GuardName, Shrink, SourceEvidence, State};
use crate::plan::tests::build::{World, user};

fn source(users: usize, groups: usize, expect: &str) -> SourceEvidence {
    let expect: Expect = serde_yaml::from_str(expect).unwrap();
    SourceEvidence { name: "corp".into(), users, groups, expect, ..SourceEvidence::default() }
}

fn with(evidence: SourceEvidence) -> Bench {
    bench(World::file().source([user("ada")])).source(evidence)
}

#[test]
fn fewer_than_the_least_trips() {
    let expect = "{ users: { min: 5 }, groups: { min: 2 } }";
    assert_eq!(with(source(5, 2, expect)).marks(), none());
    assert_eq!(with(source(4, 2, expect)).marks(), ["expect.min of users of source corp: tripped"]);
    assert_eq!(with(source(5, 1, expect)).marks(), ["expect.min of groups of source corp: tripped"]);
    assert_eq!(
        with(source(0, 3, "{}")).marks(),
        ["expect.min of users of source corp: tripped"],
        "one user unless said"
    );
    assert_eq!(with(source(0, 3, "{ users: { min: 0 } }")).marks(), none());
    let state = with(source(7, 2, expect)).measure(GuardName::ExpectMin, "users of source corp");
    assert_eq!(state, (Some(5), Some(7), Some(2)));
}

#[test]
fn an_empty_source_cannot_be_overridden() {
    let empty = || with(source(0, 0, "{ users: { min: 0 } }"));
    assert_eq!(empty().marks(), ["source.empty: tripped"]);
    assert!(GuardName::parse_override("source.empty").is_err());
    let all = ["expect.min", "expect.shrink", "expect.sentinels", "expect.maxAge", "removals", "firstRun"];
    assert_eq!(all.into_iter().fold(empty(), Bench::lift).marks(), ["source.empty: tripped"]);
    let one_of_two = bench(World::file().source([user("a")]))
        .sources(vec![source(0, 0, "{ users: { min: 0 } }"), source(3, 0, "{}")]);
    assert_eq!(one_of_two.marks(), none());
    let expected =
        || bench(World::file().source([user("a")])).sources(vec![source(3, 0, "{}"), source(0, 0, "{ shrink: off }")]);
    let marks = all.into_iter().fold(expected(), Bench::lift).marks();
    assert!(marks.contains(&"source.empty: tripped".to_owned()), "somebody is expected of it: {marks:?}");
}

#[test]
fn a_reading_much_smaller_than_the_last_trips() {
    let shrunk = |users, last, expect: &str| with(SourceEvidence { last: Some(last), ..source(users, 10, expect) });
    let tripped = ["expect.shrink of users of source corp: tripped"];
    assert_eq!(shrunk(80, (100, 10), "{}").marks(), none());
    assert_eq!(shrunk(79, (100, 10), "{}").marks(), tripped);
    assert_eq!(shrunk(200, (100, 10), "{}").marks(), none());
    assert_eq!(shrunk(4, (5, 10), "{}").marks(), none());
    assert_eq!(shrunk(3, (5, 10), "{}").marks(), tripped, "small sets as above");
    assert_eq!(shrunk(1, (100, 10), "shrink: off").marks(), none());
    assert_eq!(shrunk(90, (100, 10), "shrink: 10").marks(), none());
    assert_eq!(shrunk(89, (100, 10), "shrink: 10").marks(), tripped);
    let none_left = shrunk(0, (1, 10), "users: { min: 0 }");
    assert_eq!(none_left.marks(), tripped, "the last one always");
    let groups = with(SourceEvidence { last: Some((5, 10)), ..source(5, 7, "{}") });
    assert_eq!(groups.marks(), ["expect.shrink of groups of source corp: tripped"]);
    assert_eq!(with(source(1, 0, "{}")).state(GuardName::ExpectShrink, "users of source corp").limit, None, "at first");
}

#[test]
fn a_missing_sentinel_trips() {
    let mut evidence = source(5, 0, r#"sentinels: ["user:ada", "group:x"]"#);
    assert_eq!(with(evidence.clone()).marks(), none());
    evidence.missing_sentinels = vec!["group:x".into()];
    let missing = with(evidence);
    assert_eq!(missing.marks(), ["expect.sentinels of source corp: tripped"]);
    let message = missing.state(GuardName::ExpectSentinels, "source corp").message.unwrap();
    assert!(message.contains("group:x") && !message.contains("user:ada"), "{message}");
}

#[test]
fn data_that_is_too_old_trips() {
    let aged =
        |age: Option<u64>| with(SourceEvidence { age: age.map(Duration::from_secs), ..source(5, 0, "maxAge: 1h") });
    let tripped = ["expect.maxAge of source corp: tripped"];
    assert_eq!(aged(Some(3_600)).marks(), none());
    assert_eq!(aged(Some(3_601)).marks(), tripped);
    assert_eq!(aged(None).marks(), tripped, "a source that cannot say is not young");
    let off = with(source(5, 0, "{}"));
    assert_eq!(off.state(GuardName::ExpectMaxAge, "source corp").state, State::Off);
}

#[test]
fn each_source_is_measured_and_named() {
    let two = bench(World::file().source([user("a")])).sources(vec![
        SourceEvidence { name: "a".into(), ..source(1, 0, "{}") },
        SourceEvidence { name: "b".into(), ..source(0, 1, "{}") },
    ]);
    assert_eq!(two.marks(), ["expect.min of users of source b: tripped"]);
    assert_eq!(two.lift("expect.min").marks(), ["expect.min of users of source b: lifted"]);
    assert_eq!(Expect::default().shrink, Shrink(Some(20.0)));
}
