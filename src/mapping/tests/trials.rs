//! Tests of rules: what passes, what fails, and what is shown of it.

use serde_json::{Value, json};

use crate::mapping::expression::{Computed, Condition};
use crate::mapping::rules::{KindRules, Setting};
use crate::mapping::trial::{Trial, Verdict};
use crate::mapping::{Naming, Rules};
use crate::plan::Field;
use crate::principal::CaseRules;

fn rules() -> Rules {
    let mail = Computed::compile(&"{{ name }}@example.org".into()).unwrap();
    Rules {
        users: KindRules {
            when: Some(Condition::compile("'bi' in allGroups and level | int > 0", "when").unwrap()),
            set: vec![Setting::new(Field::Mail, mail, "set.mail").unwrap()],
        },
        naming: Naming { strip: "bi-".into(), ..Naming::default() },
        ..Rules::default()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that a test can write the value where it is used")]
fn run(record: Value, expect: Value) -> Verdict {
    Trial::new(None, "here".into(), &record, &expect).unwrap().run(&rules(), CaseRules::EXACT)
}

#[test]
fn only_what_is_expected_is_compared() {
    let record = json!({
        "name": "ada", "groupNames": ["bi", "bi-team"], "attributes": { "level": "2", "shoe": 42 }, "displayName": ""
    });
    for expect in [
        json!({}),
        json!({ "mail": "ada@example.org" }),
        json!({ "groupNames": ["team", "bi"], "attributes": { "shoe": 42 }, "description": "", "visibility": null }),
    ] {
        let verdict = run(record.clone(), expect);
        assert!(verdict.passed, "{verdict:?}");
    }
    let verdict =
        run(record, json!({ "name": "ada", "mail": "x", "attributes": { "shoe": 43 }, "groupNames": ["bi"] }));
    assert!(!verdict.passed);
    assert_eq!(
        verdict.differences,
        [
            ("attributes.shoe".to_owned(), json!(43), json!(42)),
            ("groupNames".to_owned(), json!(["bi"]), json!(["bi", "team"])),
            ("mail".to_owned(), json!("x"), json!("ada@example.org")),
        ]
    );
}

#[test]
fn all_groups_may_be_given() {
    let record = json!({ "name": "ada", "groupNames": ["x"], "allGroups": ["x", "bi"], "attributes": { "level": 1 } });
    assert!(run(record, json!({ "groupNames": ["x"] })).passed);
}

#[test]
fn who_must_be_left_out_or_set_aside() {
    let outside = || json!({ "name": "ada", "groupNames": ["hr"] });
    assert!(run(outside(), "outOfScope".into()).passed);
    assert_eq!(run(outside(), json!({ "name": "ada" })).actual, "outOfScope");
    let failing = || json!({ "name": "ada", "groupNames": ["bi"], "attributes": { "level": "none" } });
    assert!(run(failing(), "setAside".into()).passed);
    let verdict = run(failing(), "outOfScope".into());
    let told = verdict.actual.as_str().unwrap();
    assert!(!verdict.passed && told.starts_with("setAside: when: "), "{told}");
}

#[test]
fn a_test_that_cannot_be_run() {
    let refused = |record: Value, expect: Value| {
        let fault = Trial::new(None, "here".into(), &record, &expect).unwrap_err();
        format!("{}: {}", fault.way.join("."), fault.message)
    };
    let ada = || json!({ "name": "ada" });
    assert_eq!(
        refused(ada(), "outofscope".into()),
        "expect: expected `outOfScope`, `setAside` or members of a principal"
    );
    assert_eq!(refused(ada(), json!({ "mial": "x" })), "expect.mial: a principal has no `mial`");
    assert_eq!(refused(json!({ "mail": "x" }), json!({})), "record: `name` is missing or blank");
    assert!(refused(json!({ "name": "ada", "phone": 1 }), json!({})).starts_with("record: unknown member `phone`"));
    assert_eq!(
        refused(json!({ "name": "ada", "allGroups": "x" }), json!({})),
        "record.allGroups: expected a list of group names"
    );
}
