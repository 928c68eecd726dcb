//! Services that drop, refuse or want values: what is lost is told, once and in each plan, and the rest is done.

use serde_json::json;

use super::scim::{PAGES, SERVICE, settled};
use super::story::{RULES, company, error_of, set, turn};
use crate::conformance::{Person, with};

/// Somebody with a title, and somebody without.
fn pair(title: &str) -> [serde_json::Value; 2] {
    [with(&Person::user("ada", &[]), "attributes.title", title), Person::user("bob", &[]).source()]
}

/// Dropped with success: told when it was sent, held in each plan, and never sent in vain again.
#[test]
fn a_value_that_is_dropped_is_held_and_not_sent_again() {
    let stage = set(&SERVICE, "schemas: false", &json!({ "drop": ["User.title"] }), &[], RULES);
    stage.raw_source(&pair("Countess"));
    let report = stage.apply();
    assert!(report["applied"]["remarks"].to_string().contains("did not keep `attributes.title`"), "{report}");
    stage.clear();
    for _ in 0..2 {
        let plan = stage.run("plan --detailed-exitcode --format json").exits(0).document();
        assert_eq!(
            (plan.changes(), plan.held()),
            (vec![], vec!["user:ada@example.org update: target-cannot".to_owned()])
        );
        let reason = plan["held"][0]["reason"].as_str().unwrap();
        assert!(reason.starts_with("the target was sent `attributes.title` and shows nothing"), "{reason}");
        stage.run("apply --yes").exits(0).says("Nothing can be done now. 1 item is held");
    }
    assert_eq!(stage.writes(), 0);
    // Another value is another try.
    stage.raw_source(&pair("Lady"));
    assert_eq!(stage.plan().changes(), ["update user:ada@example.org"]);
    stage.apply();
    stage.is_settled();
    // A service that keeps it from now on, and somebody who set it there.
    turn(&stage, &json!({}));
    stage.raw_source(&pair("Dr"));
    stage.apply();
    let plan = stage.plan();
    assert!(plan.changes().is_empty() && plan.held().is_empty(), "{plan}");
}

#[test]
fn a_value_that_cannot_be_cleared_is_held_too() {
    let stage = set(&SERVICE, "", &json!({}), &[], RULES);
    stage.raw_source(&pair("Countess"));
    stage.apply();
    turn(&stage, &json!({ "removeAttribute": "ignored" }));
    stage.raw_source(&pair(""));
    stage.apply();
    let plan = stage.plan();
    assert_eq!((plan.changes(), plan.held()), (vec![], vec!["user:ada@example.org update: target-cannot".to_owned()]));
    assert!(plan["held"][0]["reason"].as_str().unwrap().contains("shows `Countess`"), "{plan}");
}

#[test]
fn a_value_that_is_refused_or_required_fails_its_user_alone() {
    for (switches, fails, why) in [
        (json!({ "refuse": ["User.title"] }), "user:ada@example.org", "title"),
        (json!({ "require": ["User.title"] }), "user:bob@example.org", "title is required"),
    ] {
        let stage = set(&SERVICE, "", &switches, &[], RULES);
        stage.raw_source(&pair("Countess"));
        let plan = stage.plan();
        let requires = "the service says that it requires `attributes.title`, which some new users lack";
        assert_eq!(plan["notes"].to_string().contains(requires), fails.contains("bob"), "{plan}");
        let run = stage.run("apply --yes --format json").exits(4);
        assert!(error_of(&run, fails).contains(why), "{run}");
        assert_eq!(stage.people().len(), 1, "the other is there");
    }
}

#[test]
fn a_name_that_cannot_change_is_held() {
    let stage = set(&SERVICE, "", &json!({ "immutable": ["User.userName"] }), &[Person::user("ada", &[])], RULES);
    stage.apply();
    stage.raw_source(&[with(&Person::user("ada", &[]), "name", "lovelace@example.org")]);
    stage.is_held("user:ada@example.org", "rename");
}

#[test]
fn a_body_of_a_type_that_is_not_taken_is_said_and_nothing_is_there() {
    let stage = set(&SERVICE, "", &json!({ "contentType": "json" }), &[Person::user("ada", &[])], RULES);
    let run = stage.run("apply --yes").exits(1).says("415");
    assert!(stage.people().is_empty(), "{run}");
}

/// A success that did nothing is found out by reading.
#[test]
fn members_who_do_not_go_or_come_are_found_out() {
    let stage = settled(PAGES);
    turn(&stage, &json!({ "removeByFilter": "ignored" }));
    let mut people = company(true);
    people.iter_mut().filter(|person| person.name == "u003@example.org").for_each(|person| person.groups.clear());
    stage.source(&people);
    let run = stage.run("apply --yes --format json");
    assert!(error_of(&run, "user:u003@example.org").contains("does not show it"), "{run}");
    assert_eq!(stage.person("u003@example.org").groups, ["staff"]);

    let stage = settled(PAGES);
    turn(&stage, &json!({ "patch": "notImplemented", "ignoreMembersInPut": true }));
    stage.source(&[company(true), vec![Person::user("u013", &["staff"])]].concat());
    let run = stage.run("apply --yes --format json");
    assert!(error_of(&run, "user:u013@example.org").contains("does not show it"), "{run}");
}

#[test]
fn a_delete_that_is_not_offered_fails_and_the_account_stays() {
    let rules = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete } }";
    let stage = set(&SERVICE, PAGES, &json!({ "delete": "notAllowed" }), &company(true), rules);
    stage.apply();
    stage.source(&company(true)[..14]);
    let run = stage.run("apply --yes --format json");
    assert!(error_of(&run, "user:u012@example.org").contains("405"), "{run}");
    assert!(stage.person("u012@example.org").active);
}
