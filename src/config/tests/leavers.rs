//! How leavers leave: what is taken, what contradicts itself, and what the target cannot follow.

use std::time::Duration;

use insta::assert_snapshot;

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
    let problems = |rules: &str| to_file(rules).problems();
    assert_snapshot!(problems("leavers: { absences: 0 }"), @"");
    assert_snapshot!(problems("leavers: { users: { then: delete } }"), @"");
    assert_snapshot!(problems("leavers: { users: { first: delete, then: delete, after: 30d } }"), @"");
    assert_snapshot!(problems("leavers: { users: { first: report, then: delete, after: 30d } }"), @"");
    assert_snapshot!(problems("leavers: { users: { then: delete, after: 30 } }"), @"");
    assert_snapshot!(problems("leavers: { users: { then: destroy }, groups: { then: delete } }"), @"");
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
    let problems = |rules: &str| to_thoughtspot(rules).problems();
    assert_snapshot!(problems("leavers: { users: { then: delete, after: 30d } }"), @"");
    assert_snapshot!(problems("leavers: { users: { first: disable, then: delete, after: 30d } }"), @"");
    let curator = GOOD.replace("thoughtspot:\n      url: https://ts.example.org\n      username: rollcall\n      password: { file: ts-password }", "curator: { url: https://c.example.org, apiKey: { file: ts-password } }");
    let curator =
        Bench::new(&format!("{curator}    leavers: {{ users: {{ first: strip, then: delete, after: 30d }} }}\n"));
    assert_snapshot!(curator.problems(), @"");
}
