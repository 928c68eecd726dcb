//! Many small plans: each is harmless, and all together are not.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::office::Office;
use crate::guard::GuardName;

const RULES: &str = "leavers: { users: { first: delete } }";

/// A thousand people, of whom the first `gone` have left.
fn people(gone: usize) -> Vec<Value> {
    (gone..1_000).map(|number| json!({ "name": format!("u{number:04}"), "groupNames": [] })).collect()
}

async fn users(office: &Office) -> usize {
    office.dump().await.lines().filter(|line| line.contains("\"name\"")).count()
}

/// Fifteen runs within a day, each removing 1.9 % of a thousand, trip before more than a fifth are gone.
#[tokio::test]
async fn fifteen_small_runs_of_a_day_are_stopped_at_a_fifth_and_go_on_the_next_day() {
    let office = Office::with_file(&people(0), RULES).await;
    assert_eq!(office.by_hand().await.changes().len(), 1_000);
    let mut story = Vec::new();
    for run in 1..=15 {
        office.pass(TimeDelta::minutes(45));
        office.source(&people(19 * run));
        let told = office.on_schedule().await;
        let budget = told.limit(GuardName::Budget, "users");
        story.push((told.stopped_by(), budget.value, budget.headroom, users(&office).await));
        assert!(told.limit(GuardName::Removals, "users").headroom.unwrap() >= 0, "each plan alone is small");
    }
    for (run, (stopped, value, headroom, left)) in story.iter().take(10).enumerate() {
        let removed = 19 * (run + 1);
        assert_eq!(stopped, &Vec::<&str>::new(), "run {}", run + 1);
        assert_eq!((*value, *headroom), (u64::try_from(removed).ok(), i64::try_from(200 - removed).ok()));
        assert_eq!(*left, 1_000 - removed);
    }
    for (at, (stopped, value, _, left)) in story[10..].iter().enumerate() {
        assert_eq!(stopped, &["budget"]);
        assert_eq!(
            *value,
            u64::try_from(190 + 19 * (at + 1)).ok(),
            "what a stopped run leaves, the next one wants too"
        );
        assert_eq!(*left, 810, "less than a fifth is gone");
    }
    // Twenty-four hours after the last run that removed somebody.
    office.pass(TimeDelta::minutes(24 * 60 - 5 * 45));
    let next_day = office.on_schedule().await;
    assert_eq!((next_day.stopped_by(), next_day.changes().len()), (Vec::new(), 95));
    let budget = next_day.limit(GuardName::Budget, "users");
    assert_eq!((budget.limit, budget.value), (Some(162), Some(95)), "20 % of the 810 who were there");
    assert_eq!(users(&office).await, 715);
}

#[tokio::test]
async fn a_removal_that_a_person_let_go_uses_nothing_up() {
    let office = Office::with_file(&people(0), &format!("{RULES}, guard: {{ configChange: off }}")).await;
    office.by_hand().await;
    for run in 1..=10 {
        office.source(&people(19 * run));
        assert_eq!(office.on_schedule().await.changes().len(), 19);
        office.pass(TimeDelta::minutes(1));
    }
    office.source(&people(209));
    assert_eq!(office.on_schedule().await.stopped_by(), ["budget"]);
    assert_eq!(office.plan(true).await.stopped_by(), ["budget"], "also on a dry run");
    let lifted = office.overriding(GuardName::Budget).await;
    assert_eq!((lifted.stopped_by(), lifted.changes().len()), (Vec::new(), 19));
    office.pass(TimeDelta::minutes(1));
    office.source(&people(215));
    let after = office.on_schedule().await;
    let budget = after.limit(GuardName::Budget, "users");
    assert_eq!((budget.limit, budget.value), (Some(196), Some(196)), "20 % of 981, and 190 and 6");
    assert_eq!(after.stopped_by(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_refused_planned_or_only_adds_uses_nothing_up() {
    let office = Office::with_file(&people(0), RULES).await;
    office.by_hand().await;
    office.source(&people(500));
    for _ in 0..3 {
        let refused = office.on_schedule().await;
        assert_eq!(refused.stopped_by(), ["removals"], "one plan is stopped once");
        office.pass(TimeDelta::minutes(1));
    }
    office.source(&people(100));
    office.plan(true).await;
    let told = office.on_schedule().await;
    assert_eq!(told.limit(GuardName::Budget, "users").value, Some(100));
    assert_eq!(told.changes().len(), 100);
}
