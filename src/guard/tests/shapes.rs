//! How limits are written.

use std::time::Duration;

use crate::guard::{Expect, Limit, Limits, MaxAge, Shrink, Switch, Window};
use crate::principal::Kind;

fn limits(yaml: &str) -> Result<Limits, String> {
    serde_yaml::from_str(yaml).map_err(|error| error.to_string())
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let Limits {
        removals,
        budget,
        group_removals,
        creations,
        updates,
        clears,
        admins,
        privileged,
        first_run,
        config_change,
    } = Limits::default();
    let removals = removals.on().unwrap();
    assert_eq!((removals.percent, removals.count, removals.applies_from), (20.0, 500, 10));
    let budget = budget.on().unwrap();
    assert_eq!((budget.window, budget.percent), (Window(Duration::from_hours(24)), 20.0));
    let groups = group_removals.on().unwrap();
    assert_eq!((groups.percent, groups.applies_from), (30.0, 50));
    let creations = creations.on().unwrap();
    assert_eq!((creations.percent, creations.count, creations.applies_from), (50.0, 500, 20));
    let updates = updates.on().unwrap();
    assert_eq!((updates.percent, updates.applies_from), (50.0, 50));
    let clears = clears.on().unwrap();
    assert_eq!((clears.percent, clears.applies_from), (20.0, 20));
    assert_eq!(admins.on().unwrap().keep, 2);
    let privileged = privileged.on().unwrap();
    assert!(privileged.groups.is_empty() && privileged.allow.is_empty());
    assert_eq!((first_run, config_change), (Switch::Hold, Switch::Hold));
    let expect = Expect::default();
    assert_eq!((expect.min(Kind::User), expect.min(Kind::Group)), (1, 0));
    assert_eq!((expect.shrink, expect.max_age), (Shrink(Some(20.0)), MaxAge(None)));
}

#[test]
fn a_limit_is_off_or_its_members() {
    assert_eq!(limits("removals: off").unwrap().removals, Limit::Off);
    assert_eq!(limits("removals: false").unwrap().removals, Limit::Off);
    assert_eq!(limits("removals: { percent: 10 }").unwrap().removals.on().unwrap().count, 500);
    assert!(limits("removals: on").unwrap_err().contains("`off`, or the members of the limit"));
    assert!(limits("removals: true").is_err());
    assert!(limits("removals: { percents: 10 }").unwrap_err().contains("percents"));
    assert!(limits("removal: off").unwrap_err().contains("removal"));
}

#[test]
fn a_switch_is_hold_or_off() {
    assert_eq!(limits("firstRun: false").unwrap().first_run, Switch::Off);
    assert_eq!(limits("configChange: hold").unwrap().config_change, Switch::Hold);
    assert!(limits("firstRun: stop").unwrap_err().contains("`hold` or `off`"));
}

#[test]
fn a_budget_has_a_window() {
    assert_eq!(limits("budget: off").unwrap().budget, Limit::Off);
    let budget = limits("budget: { window: 7d, percent: 5 }").unwrap().budget;
    let budget = budget.on().unwrap();
    assert_eq!((budget.window, budget.percent), (Window(Duration::from_hours(168)), 5.0));
    for wrong in ["budget: { window: 24 }", "budget: { window: soon }", "budget: 24h"] {
        assert!(limits(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn expectations_have_units() {
    let expect = |yaml: &str| serde_yaml::from_str::<Expect>(yaml).map_err(|error| error.to_string());
    assert_eq!(expect("maxAge: 30d").unwrap().max_age, MaxAge(Some(Duration::from_hours(720))));
    assert_eq!(expect("maxAge: off").unwrap().max_age, MaxAge(None));
    assert_eq!(expect("shrink: 0.5").unwrap().shrink, Shrink(Some(0.5)));
    assert_eq!(expect("shrink: false").unwrap().shrink, Shrink(None));
    for wrong in ["shrink: 101", "shrink: -1", "shrink: much", "maxAge: 5", "maxAge: soon", "maxAge: true", "min: 3"] {
        assert!(expect(wrong).is_err(), "{wrong}");
    }
}
