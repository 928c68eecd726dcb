//! How limits are written.

use std::time::Duration;

use crate::guard::{Expect, Limit, Limits, MaxAge, Shrink, Switch};
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
    assert_eq!(budget, Limit::Off, "until something measures it");
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
fn a_limit_that_nothing_measures_yet_is_named() {
    assert_eq!(limits("budget: off").unwrap().unbuilt(), None);
    assert_eq!(limits("budget: { percent: 5 }").unwrap().unbuilt(), Some("budget"));
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
