//! Which reading the next one is measured against: the last that a run applied, or that left nothing to do.

use rollcall::sandbox::FaultKind;
use serde_json::{Value, json};

use crate::support::{Office, World, clerk, people};

const MANAGED: &str = "ownership: managed, removeDeleted: true, guard: { removals: off }";

/// `count` people with immutable ids; the first is the group.
fn known(count: usize) -> Vec<Value> {
    let mut people = people(count);
    for person in &mut people[1..] {
        person["id"] = format!("id-{}", person["name"].as_str().unwrap()).into();
    }
    people
}

/// By how many the users of the source are fewer than at the last accepted reading; null where there is none.
#[track_caller]
fn lost(plan: &crate::support::Document) -> Value {
    plan.limit("expect.shrink", "users of source people")["value"].clone()
}

/// An office whose source is measured.
fn measured() -> Office {
    let office = Office::new(&[], "", "ownership: managed, removeDeleted: true");
    let text = office.app.read("rollcall.yaml");
    office.app.configure(&text.replace("expect: { shrink: off }", "expect: { shrink: 20 }"));
    office
}

#[test]
fn a_change_that_fails_each_time_leaves_a_measure_all_the_same() {
    let office = measured();
    office.source(&(10..30).map(|n| clerk(&format!("u{n}"), &["Support"])).collect::<Vec<_>>());
    let refused = FaultKind::Status { code: 422, retry_after: None, body: None, content_type: None };
    office.fault("POST users", 1, refused.clone());
    office.run("apply --yes").exits(4);
    assert_eq!(lost(&office.plan()), 0, "20 were read and accepted");
    // Of a run in which nothing was done, nothing was accepted.
    office.source(&(10..31).map(|n| clerk(&format!("u{n}"), &["Support"])).collect::<Vec<_>>());
    office.fault("POST users", 9, refused);
    let report = office.run("apply --yes --format json").exits(4).document();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("failed ")), "{report}");
    office.source(&(10..30).map(|n| clerk(&format!("u{n}"), &["Support"])).collect::<Vec<_>>());
    assert_eq!(lost(&office.run("plan --format json").document()), 0, "20 and not 21 are the measure");
}

/// Whoever is gone is held: the record that was set aside may be them under a new name. Nothing else is left to do.
#[test]
fn a_record_that_is_set_aside_for_good_moves_the_measure_with_the_rest() {
    let world = World::settled(&known(12), MANAGED);
    let mut source = known(12);
    source[5]["visibility"] = "SOMETIMES".into();
    source.truncate(12);
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!((plan.changes(), plan.held()), (vec![], vec!["user:u012 delete: unproven-source".to_owned()]));
    assert_eq!(lost(&plan), 2, "one is set aside and one is gone");
    world.run("apply --yes").exits(4).says("Nothing can be done now. 1 item is held");
    assert_eq!(lost(&world.run("plan --format json").document()), 0);
    world.nothing_written();
}

#[test]
fn a_reading_that_is_not_proven_whole_is_no_measure() {
    let world = World::settled(&known(12), MANAGED);
    let mut source = known(10);
    source[1]["displayName"] = "Changed".into();
    source.push(json!({ "displayName": "Who?", "principalTypeEnum": "LOCAL_USER" }));
    world.source(&source);
    world.run("apply --yes").exits(4);
    assert_eq!(lost(&world.run("plan --format json").document()), 2);
    world.run("apply --yes").exits(3);
    assert_eq!(lost(&world.run("plan --format json").document()), 2);
}
