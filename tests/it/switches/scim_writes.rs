//! Services that take writes in some forms only, and answer them otherwise.

use serde_json::{Value, json};

use super::scim::{PAGES, SERVICE, settled};
use super::story::{RULES, company, ends_well, set, turn};
use crate::conformance::{Person, with};

const DELETES: &str = "ownership: managed, removeDeleted: true, leavers: { users: { first: delete } }";

fn all_end_well(rows: &[Value]) {
    for row in rows {
        ends_well(&SERVICE, PAGES, row);
    }
}

#[test]
fn there_is_a_way_with_patch_alone_and_with_put_alone() {
    all_end_well(&[
        json!({ "patch": "notImplemented" }),
        json!({ "patch": "notAllowed" }),
        json!({ "put": "notImplemented" }),
        json!({ "put": "notAllowed" }),
        json!({ "patch": "notImplemented", "putWithoutActive": "deactivates" }),
        json!({ "patch": "notImplemented", "etag": "on" }),
        json!({ "etag": "on" }),
        json!({ "etag": "meaningless" }),
    ]);
}

#[test]
fn what_a_write_answers_is_not_needed() {
    all_end_well(&[
        json!({ "patchAnswer": "brief" }),
        json!({ "patchAnswer": "empty" }),
        json!({ "patchAnswer": "noContent" }),
        json!({ "createAnswer": "brief" }),
    ]);
}

/// Forms that only some take are never sent.
#[test]
fn only_forms_that_everybody_takes_are_sent() {
    all_end_well(&[
        json!({ "pathless": "ignored" }),
        json!({ "pathless": "refused" }),
        json!({ "capitalOperations": "ignored" }),
        json!({ "capitalOperations": "refused" }),
        json!({ "orPath": "first" }),
        json!({ "removeAllMembers": "refused" }),
        json!({ "replaceMembers": "refused" }),
        json!({ "ignoreMembersInPost": true }),
        json!({ "filterNodes": 1 }),
        json!({ "duplicateMembers": true }),
    ]);
}

#[test]
fn members_come_and_go_in_parts_and_forms_that_are_taken() {
    all_end_well(&[
        json!({ "maxMembers": 5 }),
        json!({ "maxMembers": 5, "overMembers": 400 }),
        json!({ "removeByFilter": "refused", "removeByValue": "accepted" }),
        json!({ "removeByFilter": "notImplemented", "removeByValue": "accepted" }),
        json!({ "unknownMember": "stored" }),
        json!({ "unknownMember": "dropped" }),
        json!({ "unknownMember": "crashes" }),
        json!({ "hideMembers": true }),
    ]);
    ends_well(&SERVICE, "count: 5, members: hidden", &json!({ "hideMembers": true }));
}

/// Whoever is put into a group that shows some members only is in it, and the group is left from then on.
#[test]
fn a_group_that_is_cut_is_left_once_it_is_too_large() {
    let people = company(true);
    let switches = json!({ "memberCap": { "shown": 5, "patchLoses": false } });
    let stage = set(&SERVICE, "count: 5, memberCap: 5", &switches, &people, RULES);
    stage.apply();
    assert_eq!(stage.person("u012@example.org").groups, ["staff"]);
    stage.is_settled();
    let fewer: Vec<Person> = people.into_iter().filter(|person| person.name != "u003@example.org").collect();
    stage.source(&fewer);
    let plan = stage.plan();
    assert_eq!(plan.changes(), ["disable user:u003@example.org"]);
    assert!(plan["notes"].to_string().contains("does not tell for sure who is in it"), "{plan}");
}

#[test]
fn attributes_that_want_a_patch_of_their_own_get_one() {
    let alone = json!({ "separateOperations": ["User.userName", "User.active"] });
    ends_well(&SERVICE, "count: 5, separate: true", &alone);
}

/// Each form of a value path, and services that have one value only.
#[test]
fn a_number_is_set_changed_and_cleared() {
    let rows = [
        (json!({ "valuePath": "noTarget" }), ""),
        (json!({ "valuePath": "creates" }), ""),
        (json!({ "valuePath": "notImplemented" }), ""),
        (json!({ "valuePath": "refused" }), ""),
        (json!({ "singleValues": true }), "singleValues: true"),
        (json!({ "removeAttribute": "refused" }), "clear: empty"),
        (json!({ "removeAttribute": "notImplemented" }), "clear: empty"),
    ];
    for (switches, keys) in rows {
        let ada = Person::user("ada", &[]);
        let stage = set(&SERVICE, keys, &switches, std::slice::from_ref(&ada), RULES);
        for phone in ["+49 1", "+49 2", ""] {
            stage.raw_source(&[with(&ada, "attributes.phone", phone)]);
            stage.apply();
            stage.is_settled();
            let plan = stage.plan();
            assert!(plan.held().is_empty(), "{switches} {phone}: {plan}");
        }
    }
}

#[test]
fn who_is_switched_off_is_off_however_little_is_shown_of_them() {
    for how in ["plain", "hidden", "obscured", "deletes"] {
        let switches = json!({ "deactivation": how });
        ends_well(&SERVICE, PAGES, &switches);
        let stage = settled(PAGES);
        turn(&stage, &switches);
        stage.source(&company(true)[..5]);
        stage.apply();
        stage.is_settled();
    }
}

#[test]
fn who_is_deleted_is_gone_for_good_or_held() {
    for switches in [
        json!({ "delete": "hard", "danglingMembers": true }),
        json!({ "delete": "deactivates" }),
        json!({ "deleteAnswer": "body", "bareDelete": true }),
    ] {
        let stage = set(&SERVICE, PAGES, &switches, &company(true), DELETES);
        stage.apply();
        stage.source(&company(true)[..12]);
        let report = stage.apply();
        assert_eq!(report.outcomes().len(), 3, "{switches}: {report}");
        stage.is_settled();
    }
}

#[test]
fn groups_in_groups_where_the_service_takes_them() {
    let child = with(&Person::group("child"), "groupNames", json!(["staff"]));
    for (how, ends) in [("accepted", 0), ("refused", 4), ("dropped", 4)] {
        let stage = set(&SERVICE, "nest: true", &json!({ "groupMembers": how }), &[], RULES);
        stage.raw_source(&[Person::group("staff").source(), child.clone(), Person::user("ada", &["staff"]).source()]);
        let run = stage.run("apply --yes --format json").exits(ends);
        let outcome = if ends == 0 { "done group:child" } else { "failed group:child" };
        assert!(run.document().outcomes().contains(&outcome.to_owned()), "{how}: {run}");
    }
}
