//! What the pages of B2CORE leave open.

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::json;

use super::story::{RULES, ends_well, error_of, meanwhile, set};
use crate::conformance::{B2CORE, Person, SIGNED_IN};

#[test]
fn what_the_pages_leave_open_does_no_harm() {
    for switches in [
        json!({ "limitDefault": 3, "limitMaximum": 5 }),
        json!({ "filterMatch": "contains" }),
        json!({ "emptyGroups": false }),
        json!({ "distinctGroups": false }),
        json!({ "keepUsedGroups": true }),
        json!({ "invalidStatus": 422 }),
        json!({ "passwordLength": 20 }),
        json!({ "rateLimit": { "perSecond": 60, "burst": 5 } }),
    ] {
        ends_well(&B2CORE, "", &switches);
    }
    ends_well(&SIGNED_IN, "", &json!({ "tokenSeconds": 7200 }));
}

/// Once is read again; twice is no reading at all.
#[test]
fn rows_that_move_in_each_listing_decide_nothing() {
    let switches = json!({ "insertBetweenPages": 1, "insertListings": 2, "limitMaximum": 1 });
    let stage = set(&B2CORE, "", &json!({}), &[Person::group("bi"), Person::user("zoe", &["bi"])], RULES);
    stage.apply();
    super::story::turn(&stage, &switches);
    stage.clear();
    stage.run("apply --yes").exits(1).fails_once().complains("the pages do not make a whole");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_password_that_is_too_short_is_told_whatever_the_status() {
    for status in [400, 422] {
        let people = [Person::group("bi"), Person::user("zoe", &["bi"])];
        let stage = set(&B2CORE, "", &json!({ "passwordLength": 40, "invalidStatus": status }), &people, RULES);
        let run = stage.run("apply --yes --format json").exits(4);
        assert!(error_of(&run, "user:zoe@example.org").contains(&format!("the answer is {status}")), "{run}");
        assert!(stage.people().iter().all(|person| person.kind == "group"), "{run}");
    }
}

/// Sign-ins are counted, and an account is locked after too many.
#[test]
fn a_wrong_password_costs_one_attempt() {
    let people = [Person::group("bi"), Person::user("zoe", &["bi"])];
    let stage = set(&SIGNED_IN, "", &json!({ "signinAttempts": 2 }), &people, RULES);
    stage.app.write("secret", "wrong");
    stage.run("apply --yes").exits(1).fails_once().complains("signing in to B2CORE");
    stage.app.write("secret", SIGNED_IN.secret);
    stage.run("apply --yes").exits(0);
}

/// A filter that lets anybody through gives everybody, and that list serves all whose address is taken.
#[test]
fn a_filter_that_is_passed_over_is_asked_for_once() {
    let lists = |names: &[&str]| {
        let users = names.iter().map(|name| Person::user(name, &["bi"]));
        let people: Vec<Person> = std::iter::once(Person::group("bi")).chain(users).collect();
        let stage = set(&B2CORE, "", &json!({ "duplicateStatus": 409, "filterMatch": "contains" }), &people, RULES);
        let deaf = FaultKind::Rewrite {
            members: [("filter[email]".to_owned(), serde_json::Value::Null)].into_iter().collect(),
        };
        let run = meanwhile(&stage, "POST users", names.len(), || {
            let product = stage.product().unwrap();
            let mut state = product.state();
            let theirs =
                people[1..].iter().map(|person| json!({ "email": person.name, "name": "Theirs", "groups": [2] }));
            state["users"].as_array_mut().unwrap().extend(theirs);
            product.put_state(state).unwrap();
            product.inject(Fault::once("GET users", deaf).times(1000));
        });
        assert_eq!(run.document()["applied"]["remarks"].as_array().unwrap().len(), names.len(), "{run}");
        let journal = stage.product().unwrap().journal();
        journal.iter().filter(|entry| entry.method == "GET" && entry.query.contains_key("filter[email]")).count()
    };
    assert_eq!(lists(&["a", "b", "c", "d"]), lists(&["a"]));
}
