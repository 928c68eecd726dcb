//! What a person lifts, and what every report shows.

use super::bench::{bench, bent, crowd, shrunk};
use crate::guard::{GuardName, State, Verdict};
use crate::plan::tests::build::{World, user};

#[test]
fn an_override_lifts_exactly_one_limit_and_is_shown() {
    let world = || shrunk(100, 50).source(bent(200..260, |draft| draft));
    let both = ["removals of users: tripped", "creations of users: tripped"];
    assert_eq!(bench(world()).marks(), both);
    assert_eq!(bench(world()).lift("removals").marks(), ["removals of users: lifted", "creations of users: tripped"]);
    let lifted = bench(world()).lift("removals").lift("creations");
    assert_eq!(lifted.review().verdict, Verdict::Pass);
    assert!(lifted.review().approved().is_some());
    let state = lifted.state(GuardName::Removals, "users");
    assert_eq!((state.state, state.lifted.as_deref()), (State::Tripped, Some("we know")));
    assert_eq!(lifted.state(GuardName::Updates, "users").lifted, None);
}

#[test]
fn every_limit_is_in_every_report_with_its_value_or_off() {
    let limits = bench(World::thoughtspot().source([user("ada")])).review().limits;
    let names: Vec<&str> = limits.iter().map(|state| state.name.text()).collect();
    let mut seen = names.clone();
    seen.dedup();
    let all: Vec<&str> = GuardName::ALL.into_iter().map(GuardName::text).collect();
    assert_eq!(seen, all, "in their order, none left out");
    let twice = ["expect.min", "expect.shrink", "removals", "budget", "creations", "updates", "clears"];
    assert!(twice.iter().all(|name| names.iter().filter(|other| other == &name).count() == 2), "users and groups");
    let off = "{ removals: off, budget: off, groupRemovals: off, creations: false, updates: off, clears: off, admins: off, privileged: off, firstRun: off, configChange: off }";
    let off = bench(World::thoughtspot().source([user("ada")])).limits(off).review().limits;
    let on: Vec<_> = off.iter().filter(|state| state.state != State::Off && !state.name.is_of_source()).collect();
    assert!(on.is_empty(), "{on:?}");
}

#[test]
fn a_limit_that_is_off_does_not_trip() {
    let off = |limit: &str, world: World| bench(world).limits(limit).review().verdict;
    assert_eq!(off("{ removals: off, budget: off }", shrunk(100, 100)), Verdict::Pass);
    assert_eq!(off("removals: off", shrunk(100, 100)), Verdict::Refused, "each is a limit of its own");
    assert_eq!(off("creations: off", World::thoughtspot().source(crowd(0..99)).target(crowd(0..30))), Verdict::Pass);
}

#[test]
fn every_name_but_the_empty_source_can_be_overridden() {
    for name in GuardName::ALL {
        let parsed = GuardName::parse_override(name.text());
        assert_eq!(parsed.ok(), (name != GuardName::SourceEmpty).then_some(name));
        let json = serde_json::to_value(name).unwrap();
        assert_eq!(json, name.text(), "one spelling everywhere");
    }
    assert!(GuardName::parse_override("removal").unwrap_err().contains("removals"));
}

#[test]
fn what_was_measured_when_a_plan_was_saved_is_told_again() {
    use crate::guard::{Evidence, Limits, Override, Readings, Spending, review};
    let world = World::file().source([user("ada")]);
    let saved = bench(world.clone()).source(crate::guard::SourceEvidence::default()).review().limits;
    let told: Vec<_> = saved.into_iter().filter(|state| state.name.is_of_source()).collect();
    let current = world.current();
    let overrides = [Override { guard: GuardName::ExpectMin, reason: "x".into() }];
    let evidence = Evidence {
        current: &current.set,
        can: &world.can,
        sources: Readings::Told(&told),
        unattended: false,
        never_applied: false,
        never_completed: false,
        config_changed: false,
        spent: Spending::default(),
        overrides: &overrides,
    };
    let reviewed = review(world.plan(), &Limits::default(), &evidence);
    assert_eq!(reviewed.verdict, Verdict::Refused, "an empty source stays one");
    let min = reviewed.limits.iter().find(|state| state.name == GuardName::ExpectMin && state.lifted.is_some());
    assert!(min.is_some());
}
