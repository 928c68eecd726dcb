//! A name that is taken when somebody is to be made: by whom, is looked up, and only who is meant is taken over.

use serde_json::{Value, json};

use super::scim::SERVICE;
use super::story::{RULES, error_of, meanwhile, set};
use crate::conformance::{Person, Stage};

fn zoe() -> Person {
    Person::user("zoe", &[])
}

/// Somebody else makes these while the apply makes the same.
fn others_make(stage: &Stage, users: &[Value], groups: &[Value]) {
    let mut state = stage.product().unwrap().state();
    state["users"].as_array_mut().unwrap().extend(users.iter().cloned());
    state["groups"].as_array_mut().unwrap().extend(groups.iter().cloned());
    stage.product().unwrap().put_state(state).unwrap();
}

fn account(name: &str, active: bool) -> Value {
    json!({ "userName": name, "displayName": "Theirs", "active": active })
}

/// Every way to look somebody up.
fn filters() -> Vec<Value> {
    vec![
        json!({ "filter": "full" }),
        json!({ "filter": "equality" }),
        json!({ "filter": "ignored" }),
        json!({ "filter": "refused" }),
        json!({ "filter": "notImplemented" }),
        json!({ "filter": "mailOnly" }),
        json!({ "unfilterable": ["User.userName"] }),
        json!({ "filterCaseExact": true }),
        json!({ "untypedConflicts": true }),
        json!({ "errorBody": "empty" }),
    ]
}

#[test]
fn whoever_has_the_name_is_found_whatever_filters_do() {
    for switches in filters() {
        let stage = set(&SERVICE, "", &switches, &[zoe()], RULES);
        let run = meanwhile(&stage, "POST Users", 1, || others_make(&stage, &[account("Zoe@example.org", true)], &[]));
        assert!(run.code == Some(0), "{switches}\n{run}");
        let told = run.document()["applied"]["remarks"].to_string();
        assert!(told.contains("it was there already and is taken over"), "{switches}: {told}");
        assert_eq!(stage.person("Zoe@example.org").display, "Zoe Example", "{switches}");
        stage.is_settled();
    }
}

/// A plan that says to create has not said to switch on.
#[test]
fn whoever_is_switched_off_is_not_switched_on() {
    for switches in [json!({}), json!({ "filter": "ignored" })] {
        let stage = set(&SERVICE, "", &switches, &[zoe()], RULES);
        let run = meanwhile(&stage, "POST Users", 1, || others_make(&stage, &[account("zoe@example.org", false)], &[]));
        assert!(run.code == Some(1) || run.code == Some(4), "{run}");
        let error = error_of(&run, "user:zoe@example.org");
        assert!(error.contains("the account is there and not active"), "{error}");
        let there = stage.person("zoe@example.org");
        assert_eq!((there.active, there.display.as_str()), (false, "Theirs"));
        // The next plan sees the account, and says `enable` once the source does.
        stage.raw_source(&[crate::conformance::with(&zoe(), "active", true)]);
        assert_eq!(stage.plan().changes(), ["enable user:zoe@example.org"]);
        stage.apply();
        assert!(stage.person("zoe@example.org").active);
    }
}

#[test]
fn who_has_the_external_id_is_named() {
    let stage = set(&SERVICE, "", &json!({ "uniqueExternalIds": true }), &[zoe()], RULES);
    let theirs = json!({ "userName": "other@example.org", "externalId": "id-zoe@example.org" });
    let run = meanwhile(&stage, "POST Users", 1, || others_make(&stage, &[theirs], &[]));
    let error = error_of(&run, "user:zoe@example.org");
    assert!(error.contains("the account `other@example.org` has its `externalId`"), "{error}");
}

#[test]
fn a_group_of_the_name_is_taken_over_also_where_the_service_breaks() {
    for switches in [
        json!({ "uniqueGroupNames": true }),
        json!({ "uniqueGroupNames": true, "groupConflictCrashes": true }),
        json!({ "uniqueGroupNames": true, "filter": "ignored" }),
    ] {
        let stage = set(&SERVICE, "", &switches, &[Person::group("bi"), Person::user("zoe", &["bi"])], RULES);
        let theirs = json!({ "displayName": "bi" });
        let run = meanwhile(&stage, "POST Groups", 1, || others_make(&stage, &[], &[theirs]));
        assert!(run.code == Some(0), "{switches}\n{run}");
        assert_eq!(stage.person("zoe@example.org").groups, ["bi"]);
        stage.is_settled();
    }
}

/// Four names that are taken are looked up in one list, not in four.
#[test]
fn one_list_serves_every_name_that_is_taken() {
    let lists = |names: &[&str]| {
        let people: Vec<Person> = names.iter().map(|name| Person::user(name, &[])).collect();
        let stage = set(&SERVICE, "filter: false", &json!({}), &people, RULES);
        let theirs: Vec<Value> = people.iter().map(|person| account(&person.name, true)).collect();
        let run = meanwhile(&stage, "POST Users", names.len(), || others_make(&stage, &theirs, &[])).exits(0);
        assert_eq!(run.document()["applied"]["remarks"].as_array().unwrap().len(), names.len(), "{run}");
        let journal = stage.product().unwrap().journal();
        journal.iter().filter(|entry| entry.method == "GET" && entry.operation == "Users").count()
    };
    assert_eq!(lists(&["a", "b", "c", "d"]), lists(&["a"]));
}

#[test]
fn who_is_gone_by_the_time_they_are_changed_is_told_whatever_the_status() {
    for switches in [json!({ "unknownId": 400 }), json!({ "unknownId": 410 }), json!({})] {
        let stage = set(&SERVICE, "", &switches, &[zoe()], RULES);
        stage.apply();
        stage.source(&[zoe().titled("Zoe Two")]);
        let run = meanwhile(&stage, "GET Users/*", 1, || {
            // With an id of its own: ids that are invented begin anew.
            let other = json!({ "id": "another", "userName": "other" });
            stage.product().unwrap().put_state(json!({ "users": [other], "groups": [] })).unwrap();
        });
        assert!(error_of(&run, "user:zoe@example.org").contains("the service no longer has it"), "{switches}\n{run}");
    }
}
