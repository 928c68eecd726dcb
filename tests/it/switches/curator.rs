//! What the thin pages of Curator leave open.

use serde_json::json;

use super::story::{RULES, ends_well, meanwhile, set};
use crate::conformance::{CURATOR, Person};

#[test]
fn what_the_pages_leave_open_does_no_harm() {
    for switches in [
        json!({ "jit": false }),
        json!({ "onLoginSync": false }),
        json!({ "syncDelayMillis": 300 }),
        json!({ "resultLetters": "small" }),
        json!({ "permissionLetters": "small" }),
        json!({ "foldSections": false }),
        json!({ "foldEndpoints": true }),
        json!({ "dates": "object" }),
        json!({ "removeAbsent": "error" }),
        json!({ "unknownGroup": "silent" }),
        json!({ "rateLimit": { "perSecond": 60, "burst": 5 } }),
    ] {
        ends_well(&CURATOR, "", &switches);
    }
    ends_well(&CURATOR, "groupMatching: caseInsensitive", &json!({ "groupMatching": "caseInsensitive" }));
}

/// Somebody else was faster: that they are no member any more is what was wanted.
#[test]
fn who_is_out_of_the_group_already_has_left_it() {
    for how in ["success", "error"] {
        let people = [Person::group("bi"), Person::user("ada", &["bi"])];
        let stage = set(&CURATOR, "", &json!({ "removeAbsent": how }), &people, RULES);
        stage.arrive(&people);
        stage.apply();
        let without = [Person::group("bi"), Person::user("ada", &[])];
        stage.source(&without);
        let run = meanwhile(&stage, "POST User/removeUserFromGroup", 1, || stage.plant(&without));
        assert!(run.code == Some(0), "{how}\n{run}");
        stage.is_settled();
    }
}

/// A group that is not there any more takes nobody, and a success that did nothing is found out.
#[test]
fn a_group_that_is_gone_by_then_is_told_whether_or_not_the_portal_says_so() {
    for how in ["error", "silent"] {
        let people = [Person::group("bi"), Person::user("ada", &["bi"])];
        let stage = set(&CURATOR, "", &json!({ "unknownGroup": how }), &people, RULES);
        stage.plant(&[Person::group("bi"), Person::user("ada", &[])]);
        let run = meanwhile(&stage, "POST User/addUserToGroup", 1, || stage.plant(&[Person::user("ada", &[])]));
        assert!(run.code == Some(1) || run.code == Some(4), "{how}\n{run}");
        assert!(run.document().outcomes().contains(&"failed user:ada@example.org".to_owned()), "{how}\n{run}");
    }
}

/// What a sync of a platform keeps is not the sync's to change, unless somebody says so and watches it be undone.
#[test]
fn members_that_a_platform_keeps_are_left() {
    let people = [Person::group("bi"), Person::user("ada", &["bi"])];
    let stage = set(&CURATOR, "platforms: { bi: { thoughtspot: [BI] } }", &json!({}), &people, RULES);
    stage.arrive(&people);
    super::story::turn(&stage, &json!({ "platformOverwrites": true, "showPlatforms": true, "syncDelayMillis": 100 }));
    stage.run("apply --yes");
    let plan = stage.plan();
    assert!(plan.changes().is_empty(), "{plan}");
    assert!(plan["notes"].to_string().contains("something else keeps their members in the target"), "{plan}");
}
