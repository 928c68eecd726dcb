//! How leavers leave: what is taken, what contradicts itself, and what the target cannot follow.

use std::time::Duration;

use super::bench::{Bench, GOOD};
use crate::guard::Window;
use crate::plan::{First, Leavers, Then};

/// A file can disable and delete, and hands nothing over; ThoughtSpot cannot disable through API v1.
fn to_file(rules: &str) -> Bench {
    let config = GOOD.replace("targets:\n", "targets:\n  out: { file: { path: out.json } }\n");
    Bench::new(&format!("{}    {rules}\n", config.replace("    to: bi\n", "    to: out\n")))
}

fn to_thoughtspot(rules: &str) -> Bench {
    Bench::new(&format!("{GOOD}    {rules}\n"))
}

#[test]
fn a_whole_life_is_taken() {
    let settings = to_file("leavers: { absences: 3, users: { first: strip, then: delete, after: 30d } }").settings();
    let Leavers { absences, users, groups, then, transfer_to } = &settings.syncs["corp-to-bi"].policy.leavers;
    assert_eq!((*absences, *users, *groups, transfer_to.as_deref()), (3, Some(First::Strip), None, None));
    assert_eq!(*then, Then::Delete { after: Duration::from_hours(720) });
    assert!(settings.warnings.is_empty());
    let settings = to_file("guard: { budget: { window: 7d, percent: 5 } }").settings();
    let budget = settings.syncs["corp-to-bi"].limits.budget.on().unwrap().clone();
    assert_eq!((budget.window, budget.percent), (Window(Duration::from_hours(168)), 5.0));
    let settings = to_thoughtspot("leavers: { users: { first: strip, then: delete, after: 1d, transferTo: archive } }");
    assert_eq!(
        settings.settings().syncs["corp-to-bi"].policy.leavers.then,
        Then::Delete { after: Duration::from_hours(24) }
    );
}

#[test]
fn what_contradicts_itself_is_refused_at_its_place() {
    let table = [
        ("absences: 0", "leavers.absences: expected 1 or more reads"),
        (
            "users: { then: delete }",
            "leavers.users: `after` is missing (say how long to wait before the delete: `after: 30d`)",
        ),
        (
            "users: { first: delete, then: delete, after: 30d }",
            "leavers.users.then: whoever is deleted first cannot be deleted then (write `first: disable`",
        ),
        (
            "users: { first: report, then: delete, after: 30d }",
            "leavers.users.then: nothing follows where `first` is to report only (write `first: disable`",
        ),
        ("users: { then: delete, after: 30 }", "leavers.users.after: expected a duration such as `30s`"),
    ];
    for (rules, told) in table {
        let problems = to_file(&format!("leavers: {{ {rules} }}")).problems();
        assert!(problems.contains(told) && problems.starts_with("rollcall.yaml:15:"), "{rules}: {problems}");
    }
}

#[test]
fn a_wait_for_nothing_is_told() {
    let settings = to_file("leavers: { users: { after: 30d } }").settings();
    let told: Vec<_> = settings.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["nothing follows, however long it is waited"]);
    assert_eq!(settings.syncs["corp-to-bi"].policy.leavers.then, Then::Keep);
}

#[test]
fn what_the_target_cannot_follow_is_refused() {
    let unable = to_thoughtspot("leavers: { users: { then: delete, after: 30d } }").problems();
    assert!(unable.contains("leavers.users.then: target `bi` cannot disable users"), "{unable}");
    assert!(unable.contains("write `first: strip` beside it"), "{unable}");
    let said = to_thoughtspot("leavers: { users: { first: disable, then: delete, after: 30d } }").problems();
    assert!(said.contains("leavers.users.first: target `bi` cannot disable users"), "{said}");
}
