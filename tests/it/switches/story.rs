//! A company that is made, changed and left, and what a test needs besides.

use std::time::Duration;

use rollcall::plan::Ability;
use rollcall::principal::Kind;
use rollcall::sandbox::{Fault, FaultKind, JournalEntry};
use serde_json::Value;

use crate::conformance::{House, Person, Stage};
use crate::support::Run;

pub(super) const RULES: &str = "ownership: managed, removeDeleted: true";

/// More users than a page holds.
const USERS: usize = 12;

/// The same product with further keys of its connector.
pub(super) fn keyed(house: &House, keys: &str) -> &'static House {
    let target = house.target.strip_suffix(" } }").unwrap();
    let target = if keys.is_empty() { house.target.to_owned() } else { format!("{target}, {keys} }} }}") };
    Box::leak(Box::new(House { target: target.leak(), ..*house }))
}

/// A product with these keys and switches, and these people in the source.
pub(super) fn set(house: &House, keys: &str, switches: &Value, people: &[Person], rules: &str) -> Stage {
    let stage = Stage::new(keyed(house, keys), people, &[], rules);
    turn(&stage, switches);
    stage
}

/// Turns the switches; all others have their default.
#[track_caller]
pub(super) fn turn(stage: &Stage, switches: &Value) {
    stage.product().unwrap().put_switches(switches.clone()).unwrap();
}

/// Groups `staff`, `ops` and `old`, and people in the first.
pub(super) fn company(groups: bool) -> Vec<Person> {
    let inside: &[&str] = if groups { &["staff"] } else { &[] };
    let users = (1..=USERS).map(|number| Person::user(&format!("u{number:03}"), inside));
    let names = ["staff", "ops", "old"].into_iter().filter(|_| groups);
    names.map(Person::group).chain(users).collect()
}

/// Somebody comes, somebody goes, one is called otherwise, one changes groups, and a group goes.
fn later(stage: &Stage, groups: bool) -> Vec<Person> {
    let gone = ["old", "u012@example.org"];
    let mut people: Vec<Person> =
        company(groups).into_iter().filter(|person| !gone.contains(&person.name.as_str())).collect();
    for person in &mut people {
        match person.name.as_str() {
            "u002@example.org" if stage.can(Kind::User, Ability::Update) => person.display = "New Title".to_owned(),
            "u003@example.org" if groups => person.groups = vec!["ops".to_owned()],
            _ => {}
        }
    }
    people.push(Person::user("u013", if groups { &["staff", "ops"] } else { &[] }));
    people
}

/// Whatever is switched so, a company is made, changed and left, and nothing is left to do.
#[track_caller]
pub(super) fn ends_well(house: &House, keys: &str, switches: &Value) {
    tell(house, keys, switches, true);
}

/// The same of a product that has no groups.
#[track_caller]
pub(super) fn ends_well_without_groups(house: &House, keys: &str, switches: &Value) {
    tell(house, keys, switches, false);
}

#[track_caller]
fn tell(house: &House, keys: &str, switches: &Value, groups: bool) {
    let told = format!("{} {{ {keys} }} {switches}", house.product);
    let people = company(groups);
    let stage = set(house, keys, switches, &people, RULES);
    stage.arrive(&people);
    is_done(&stage, &people, &told);
    let people = later(&stage, groups);
    stage.source(&people);
    stage.arrive(&people);
    is_done(&stage, &people, &told);
}

#[track_caller]
fn is_done(stage: &Stage, people: &[Person], told: &str) {
    let run = stage.run("apply --yes --format json");
    assert!(run.code == Some(0), "{told}\n{run}");
    let plan = stage.run("plan --format json");
    assert!(plan.code == Some(0) && plan.document().changes().is_empty(), "{told}\n{plan}");
    for person in people {
        assert_eq!(stage.person(&person.name), *person, "{told}");
    }
}

/// Applies, and has somebody else act while the first so many requests `METHOD OPERATION` wait to be carried out.
pub(super) fn meanwhile(stage: &Stage, on: &str, requests: usize, act: impl FnOnce()) -> Run {
    let product = stage.product().unwrap();
    let slow = Fault::once(on, FaultKind::Latency { millis: 1500 });
    product.inject(slow.times(u32::try_from(requests).unwrap()));
    product.clear_journal();
    let (method, operation) = on.split_once(' ').unwrap();
    let is_one = |entry: &JournalEntry| {
        let fits = operation
            .strip_suffix('*')
            .map_or(entry.operation == operation, |start| entry.operation.starts_with(start));
        fits && entry.method == method
    };
    std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run("apply --yes --format json"));
        while product.journal().iter().filter(|entry| is_one(entry)).count() < requests && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
        }
        act();
        run.join().unwrap()
    })
}

/// The error of one change in a report, with what it advises.
#[track_caller]
pub(super) fn error_of(run: &Run, who: &str) -> String {
    let report = run.document();
    let change = report.change(who);
    assert_eq!(change["outcome"], "failed", "{run}");
    change.to_string()
}
