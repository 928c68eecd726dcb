//! What the pages of Alteryx Server leave open.

use serde_json::json;

use super::story::{RULES, ends_well, error_of, meanwhile, set};
use crate::conformance::{ALTERYX, Person};

#[test]
fn what_the_pages_leave_open_does_no_harm() {
    for switches in [
        json!({ "createStatus": 201 }),
        json!({ "sendExpiresIn": false }),
        json!({ "duplicateGroupNames": false }),
        json!({ "putInactiveStrips": true }),
        json!({ "defaultRole": "Artisan" }),
        json!({ "plainErrors": true }),
        json!({ "rateLimit": { "perSecond": 60, "burst": 5 } }),
    ] {
        ends_well(&ALTERYX, "", &switches);
    }
    ends_well(&ALTERYX, "membersPerCall: 5", &json!({ "memberLimit": 5 }));
}

/// More members than the server takes at once: said, and nobody is taken for a member.
#[test]
fn too_many_members_at_once_are_told() {
    let people: Vec<Person> = std::iter::once(Person::group("staff"))
        .chain((1..=7).map(|n| Person::user(&format!("u{n}"), &["staff"])))
        .collect();
    let stage = set(&ALTERYX, "", &json!({ "memberLimit": 5 }), &people, RULES);
    let run = stage.run("apply --yes --format json").exits(4);
    assert!(error_of(&run, "user:u1@example.org").contains("the answer is 400"), "{run}");
    assert!(stage.person("u1@example.org").groups.is_empty());
}

#[test]
fn an_address_that_is_taken_is_told_whatever_the_status() {
    for (status, plain) in [(400, false), (409, false), (409, true)] {
        let switches = json!({ "duplicateMailStatus": status, "plainErrors": plain });
        let stage = set(&ALTERYX, "", &switches, &[Person::user("zoe", &[])], RULES);
        let run = meanwhile(&stage, "POST users", 1, || {
            let mut state = stage.product().unwrap().state();
            let theirs = json!({ "id": "65f0c0ff00000000000000aa", "email": "zoe@example.org", "firstName": "Their", "lastName": "Zoe" });
            state["users"].as_array_mut().unwrap().push(theirs);
            stage.product().unwrap().put_state(state).unwrap();
        });
        assert!(error_of(&run, "user:zoe@example.org").contains(&format!("the answer is {status}")), "{run}");
        assert_eq!(stage.person("zoe@example.org").display, "Their Zoe");
    }
}

#[test]
fn a_wrong_key_is_shown_once_whatever_the_status() {
    for status in [400, 401] {
        let stage = set(&ALTERYX, "", &json!({ "badKeyStatus": status }), &[Person::user("zoe", &[])], RULES);
        stage.app.write("secret", "wrong\n");
        let run = stage.run("apply --yes").exits(1).fails_once().complains("getting a token");
        let tokens = stage.product().unwrap().journal().len();
        assert_eq!(tokens, 1, "{run}");
    }
}
