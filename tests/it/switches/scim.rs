//! Services that say, show and page otherwise than the RFCs: whatever is one of their ways does no harm.

use serde_json::{Value, json};

use super::story::{company, ends_well, ends_well_without_groups, set, turn};
use crate::conformance::{House, Person, SCIM, Stage};

/// Without a size of pages: that is a key of each story.
pub(super) const SERVICE: House =
    House { target: "{ rate: 1000, scim: { url: URL/v2, token: { file: secret } } }", ..SCIM };

/// Pages of five.
pub(super) const PAGES: &str = "count: 5";

fn all_end_well(rows: &[Value]) {
    for row in rows {
        ends_well(&SERVICE, PAGES, row);
    }
}

#[test]
fn whatever_a_service_says_of_itself_what_it_does_counts() {
    all_end_well(&[
        json!({ "serviceProviderConfig": "bare" }),
        json!({ "serviceProviderConfig": "spoilt" }),
        json!({ "serviceProviderConfig": "absent" }),
        json!({ "schemas": "byName" }),
        json!({ "schemas": "absent" }),
        json!({ "announce": { "patch": false, "filter": false, "etag": true, "cursor": true } }),
        json!({ "openDiscovery": true }),
    ]);
}

#[test]
fn the_manners_of_requests_and_answers_do_no_harm() {
    all_end_well(&[
        json!({ "userAgentNeeded": true }),
        json!({ "contentType": "scim" }),
        json!({ "answerType": "json" }),
        // FortiAuthenticator: JSON that is called a page.
        json!({ "answerType": "html" }),
        json!({ "maxBody": 900 }),
        json!({ "rateLimit": { "perSecond": 60, "burst": 5 } }),
        json!({ "bareDelete": true }),
        json!({ "deleteAnswer": "body" }),
    ]);
    ends_well(&SERVICE, "count: 5, contentType: json", &json!({ "contentType": "json" }));
}

#[test]
fn errors_in_every_dress_do_no_harm() {
    all_end_well(&[
        json!({ "errorStatus": "number" }),
        json!({ "errorStatus": "absent" }),
        json!({ "errorBody": "html" }),
        json!({ "errorBody": "empty" }),
        json!({ "schemaMember": true }),
        json!({ "unknownId": 400 }),
    ]);
}

#[test]
fn pages_are_read_to_their_end_whatever_their_size() {
    all_end_well(&[
        json!({ "pagingNeeded": true }),
        json!({ "lowerCaseResources": true }),
        json!({ "count": "zeroRefused" }),
        json!({ "projection": "excluded" }),
        json!({ "projection": "neither" }),
        // WSO2: pages that overlap show somebody twice.
        json!({ "overlap": 2 }),
        json!({ "insertBetweenPages": 1 }),
    ]);
    ends_well(&SERVICE, "count: 100", &json!({ "maxResults": 7 }));
    ends_well(&SERVICE, "count: 100", &json!({ "maxResults": 5, "overMaximum": "refuse" }));
    ends_well(&SERVICE, "count: 0", &json!({ "defaultCount": 5 }));
    ends_well(&SERVICE, "count: 0", &json!({ "count": "crashes" }));
}

#[test]
fn totals_are_believed_where_they_can_be_true() {
    all_end_well(&[
        json!({ "totalResults": "pageSize" }),
        json!({ "totalResults": { "capped": 5 } }),
        json!({ "totalResults": "absent" }),
    ]);
    ends_well(&SERVICE, "count: 5, totals: ignored", &json!({ "totalResults": "pageSize" }));
}

#[test]
fn cursors_are_followed_and_begun_again() {
    all_end_well(&[json!({ "cursor": "offered" }), json!({ "cursor": "only" })]);
    let by_cursor = "count: 5, paging: cursor";
    ends_well(&SERVICE, by_cursor, &json!({ "cursor": "only", "expireCursors": 1 }));
    ends_well(&SERVICE, by_cursor, &json!({ "cursor": "notImplemented" }));
}

#[test]
fn resources_in_every_shape_are_read() {
    all_end_well(&[
        json!({ "ids": "digits" }),
        json!({ "ids": "number" }),
        json!({ "ids": "name" }),
        json!({ "booleans": "text" }),
        json!({ "lenientBooleans": true }),
        json!({ "active": "whenSet" }),
        json!({ "plainDates": true }),
        json!({ "mailAsText": true }),
        json!({ "omitSchemas": true }),
    ]);
}

#[test]
fn names_that_differ_in_case_are_two_where_the_service_says_so() {
    let people = [Person::user("zoe", &[]), Person::user("Zoe", &[])];
    let stage =
        set(&SERVICE, "caseExact: true", &json!({ "caseExactNames": true, "filterCaseExact": true }), &people, "");
    stage.apply();
    assert_eq!(stage.people().len(), 2);
    stage.is_settled();
}

#[test]
fn a_service_without_groups_and_one_whose_groups_are_fixed_are_used_as_they_are() {
    ends_well_without_groups(&SERVICE, "count: 5, groups: none", &json!({ "noGroups": true }));
    let people = company(true);
    let stage = set(&SERVICE, "count: 5, groups: members", &json!({}), &people, super::story::RULES);
    stage.plant(&[Person::group("staff"), Person::group("ops"), Person::group("old")]);
    turn(&stage, &json!({ "fixedGroups": true }));
    stage.apply();
    stage.is_settled();
    assert_eq!(stage.person("u012@example.org").groups, ["staff"]);
}

/// One where everybody is there; what is turned then meets who reads.
pub(super) fn settled(keys: &str) -> Stage {
    let stage = set(&SERVICE, keys, &json!({}), &company(true), super::story::RULES);
    stage.apply();
    stage.clear();
    stage
}

/// A list that may lack somebody decides nothing: an error that says why, and no write.
#[test]
fn a_list_that_cannot_be_whole_is_a_failed_reading() {
    let rows = [
        (json!({ "ignoreStartIndex": true }), "the service ignores where a page begins"),
        (json!({ "hideLists": true }), "it shows no user at all, and 12 are in the care of this sync"),
        (json!({ "spoiltResource": true }), "the pages do not make a whole"),
        (json!({ "count": "crashes" }), "the answer is 500"),
    ];
    for (switches, why) in rows {
        let stage = settled(PAGES);
        turn(&stage, &switches);
        stage.source(&[Person::user("new", &[])]);
        let run = stage.run("apply --yes").exits(1).fails_once();
        assert!(run.err.contains(why), "{switches}\n{run}");
        assert_eq!(stage.writes(), 0, "{switches}");
    }
}
