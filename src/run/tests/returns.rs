//! The ways back, on a file: what is restored, what is not, and who leaves anew.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::office::{Office, cells};
use crate::report::Next;

/// Ada and ten others in `staff`; what the source says of Eve's groups, if it says anything.
fn people(eve: Option<Value>) -> Vec<Value> {
    let named = |name: &str| json!({ "name": name, "groupNames": ["staff"] });
    let mut all: Vec<Value> = (0..10).map(|number| named(&format!("u{number}"))).collect();
    all.push(json!({ "name": "staff", "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] }));
    all.push(json!({ "name": "boss", "principalTypeEnum": "LOCAL_GROUP", "groupNames": [] }));
    all.extend(eve);
    all
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what may not be there")]
fn eve() -> Option<Value> {
    Some(json!({ "name": "eve", "displayName": "Eve" }))
}

fn in_groups(value: &mut Value, groups: &[&str]) {
    if value["name"] == "eve" {
        value["groupNames"] = json!(groups);
    }
}

/// Settled, with Eve in groups that the source does not say anything about.
async fn settled(rules: &str) -> Office {
    let office = Office::with_file(&people(eve()), &format!("guard: {{ configChange: off }}, {rules}")).await;
    office.by_hand().await;
    office.meddle(|value| in_groups(value, &["boss", "staff"]));
    assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    office
}

#[tokio::test]
async fn whoever_was_stripped_or_disabled_has_everything_back() {
    for first in ["strip", "disable"] {
        let office = settled(&format!("leavers: {{ users: {{ first: {first}, then: delete, after: 2d }} }}")).await;
        let before = office.dump().await;
        office.source(&people(None));
        assert_eq!(office.on_schedule().await.changes(), [format!("{first} user:eve")]);
        assert_ne!(office.dump().await, before);
        office.pass(TimeDelta::days(1));
        office.source(&people(eve()));
        assert_eq!(office.on_schedule().await.changes().len(), 1);
        assert_eq!(office.dump().await, before, "{first}: the dump is the one before");
        assert!(office.leavers().await.leavers.is_empty());
        office.pass(TimeDelta::days(30));
        assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_return_that_the_guard_holds_in_part_is_made_whole_once_it_is_let_through() {
    let rules = "leavers: { users: { first: strip } }";
    let privileged = "guard: { configChange: off, privileged: { groups: [boss] } }";
    let office = Office::with_file(&people(eve()), &format!("{privileged}, {rules}")).await;
    office.by_hand().await;
    office.meddle(|value| in_groups(value, &["boss", "staff"]));
    office.source(&people(None));
    office.on_schedule().await;
    office.source(&people(eve()));
    let back = office.on_schedule().await;
    assert_eq!(back.changes(), ["update user:eve"]);
    let held: Vec<_> = back.0.plan.held.iter().map(|held| (held.name.as_str(), held.wanted.group())).collect();
    assert_eq!(held, [("eve", Some("boss"))], "nobody comes back into power by leaving");
    assert!(office.line("eve").await.unwrap().contains(r#""groupNames":["staff"]"#));
    assert!(matches!(office.leavers().await.leavers[0].next, Next::Back));
    let told = ["user eve", "–", "–", "–", "is back; held of what it had: boss"];
    assert_eq!(cells(&office.table().await, "user eve"), told);
    // What is not owed any more is not taken for a wish: she leaves `staff` and stays out of it.
    office.meddle(|value| in_groups(value, &[]));
    let again = office.on_schedule().await;
    assert_eq!((again.changes().len(), again.0.plan.held.len()), (0, 1));
    let lifted = office.overriding(crate::guard::GuardName::Privileged).await;
    assert_eq!(lifted.changes(), ["update user:eve"]);
    assert!(office.line("eve").await.unwrap().contains(r#""groupNames":["boss"]"#));
    assert!(office.leavers().await.leavers.is_empty());
}

#[tokio::test]
async fn whoever_a_person_switches_on_again_is_a_leaver_anew() {
    let office = settled("leavers: { absences: 2, users: { then: delete, after: 2d } }").await;
    let switch = |value: &mut Value, on: bool| {
        if value["name"] == "eve" {
            value["active"] = on.into();
        }
    };
    office.source(&people(None));
    office.on_schedule().await;
    assert_eq!(office.on_schedule().await.changes(), ["disable user:eve"]);
    office.pass(TimeDelta::days(1));
    office.meddle(|value| switch(value, true));
    assert_eq!(office.on_schedule().await.retained(), ["user:eve: absent for the 1st of 2 readings"]);
    // And off again: that was not rollcall, so that nobody is ever deleted for it.
    office.meddle(|value| switch(value, false));
    for _ in 0..4 {
        office.pass(TimeDelta::days(30));
        assert_eq!(office.on_schedule().await.retained(), ["user:eve: disabled already"]);
    }
    // Nor does rollcall switch on whom a person switched off.
    office.source(&people(eve()));
    assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn an_account_made_anew_under_the_name_is_nobody_that_rollcall_disabled() {
    let office = settled("leavers: { users: { then: delete, after: 2d } }").await;
    office.source(&people(None));
    office.on_schedule().await;
    office.meddle(|value| {
        if value["name"] == "eve" {
            value["name"] = "someone".into();
        }
    });
    office.on_schedule().await;
    assert!(office.leavers().await.leavers.is_empty(), "whoever is not there is forgotten");
    office.meddle(|value| {
        if value["name"] == "someone" {
            value["name"] = "eve".into();
        }
    });
    office.pass(TimeDelta::days(30));
    let told = office.on_schedule().await;
    assert_eq!((told.changes().len(), told.retained().len()), (0, 0), "she is in nobody's care");
}

#[tokio::test]
async fn absences_are_counted_while_nobody_is_removed() {
    let rules =
        |removes: bool| format!("removeDeleted: {removes}, guard: {{ configChange: off }}, leavers: {{ absences: 3 }}");
    let mut office = Office::with_file(&people(eve()), &rules(false)).await;
    office.by_hand().await;
    office.source(&people(None));
    for _ in 0..2 {
        assert_eq!(office.on_schedule().await.retained(), ["user:eve: `removeDeleted` is false"]);
    }
    office.configure(&rules(true));
    assert_eq!(office.on_schedule().await.changes(), ["disable user:eve"], "two were counted, and this is the third");
}

#[tokio::test]
async fn whoever_is_seen_in_between_is_counted_from_the_start() {
    let office = settled("leavers: { absences: 2 }").await;
    for _ in 0..3 {
        office.source(&people(None));
        assert_eq!(office.on_schedule().await.retained(), ["user:eve: absent for the 1st of 2 readings"]);
        assert_eq!(office.plan(true).await.changes(), ["disable user:eve"], "a second plan would");
        office.source(&people(eve()));
        assert_eq!(office.on_schedule().await.changes(), Vec::<String>::new());
    }
    office.source(&people(None));
    assert_eq!(office.by_hand().await.changes(), ["disable user:eve"], "a person needs no second reading");
}
