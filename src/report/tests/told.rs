//! What a report says, and what it never says.

use super::bench::{PASSWORD, applied, json, report};
use crate::connector::{ConnectorError, FailureClass, Outcome};
use crate::guard::{State, Verdict};
use crate::report::{Detail, Phase, Report, diff_text, outcome_text, plan_schema, report_json, report_schema, text};

fn outputs(report: &Report) -> Vec<String> {
    let mut whole = Vec::new();
    report_json(&mut whole, report).unwrap();
    vec![
        json(report),
        String::from_utf8(whole).unwrap(),
        text(report, Detail::Usual),
        text(report, Detail::Everything),
        outcome_text(report, Detail::Everything),
        diff_text(report),
        format!("{report:?}"),
    ]
}

/// Without the colours that we put there ourselves.
fn bare(text: &str) -> String {
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    // The hostile name holds one colour of its own: it must have been written out before.
    colour.replace_all(text, "").into_owned()
}

#[test]
fn no_password_is_in_any_output() {
    for report in [report(), applied()] {
        for output in outputs(&report) {
            assert!(!output.contains(PASSWORD), "{output}");
        }
    }
    assert!(json(&report()).contains(r#""passwordFromSource":true"#));
}

#[test]
fn hostile_names_do_nothing_to_a_terminal() {
    for report in [report(), applied()] {
        for output in [text(&report, Detail::Everything), outcome_text(&report, Detail::Everything), diff_text(&report)]
        {
            let bare = bare(&output);
            for c in ['\u{1b}', '\u{202e}', '\u{0}'] {
                assert!(!bare.contains(c), "{bare:?}");
            }
            assert!(!bare.contains("e[31mvil") && !bare.contains("evil"), "the escape of a name is no colour of ours");
        }
        assert!(text(&report, Detail::Usual).contains(r"e\u{1b}[31mvil\u{202e}\u{0}\u{a}"));
    }
}

#[test]
fn a_report_tells_each_outcome() {
    let mut out = Vec::new();
    report_json(&mut out, &applied()).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let outcomes: Vec<&str> =
        value["changes"].as_array().unwrap().iter().map(|change| change["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes[..5], ["done", "failed", "set-aside", "not-tried", "done"]);
    assert_eq!(value["changes"][1]["hint"], "look there");
    assert_eq!(value["changes"][2]["error"], "mail was changed");
    assert_eq!((&value["schema"], &value["verification"]["remaining"]), (&"rollcall.report/v1".into(), &1.into()));
    assert_eq!(value["digest"], report().digest);
    assert!(applied().is_partial() && !applied().is_stale());
    let plan: serde_json::Value = serde_json::from_str(&json(&applied())).unwrap();
    assert!(plan["changes"][1].get("outcome").is_none() && plan.get("applied").is_none(), "a plan tells no outcome");
}

#[test]
fn a_run_says_in_a_sentence_why_it_did_not_do_everything() {
    assert_eq!(report().shortfall(), None, "a plan did nothing");
    let why = applied().shortfall().unwrap();
    assert!(why.contains("1 failed, 1 set aside, 1 not tried; first "), "{why}");
    assert!(why.contains("creating it"), "{why}");
    let all = |outcome: Outcome| {
        let mut report = applied();
        if let Phase::Applied { outcomes, .. } = &mut report.phase {
            *outcomes = vec![outcome; outcomes.len()];
        }
        report
    };
    assert_eq!(all(Outcome::Done).shortfall().unwrap(), "1 change does not show in the target");
    let full = all(Outcome::Failed(ConnectorError::new(FailureClass::Rejected, "writing it", "the disk is full")));
    let why = full.shortfall().unwrap();
    assert!(why.ends_with(" failed; writing it: the disk is full"), "what all share is no single one's: {why}");
    let mut refused = report();
    refused.verdict = Verdict::Refused;
    refused.limits[0].state = State::Tripped;
    refused.limits[0].message = Some("nobody is there".into());
    let name = refused.limits[0].name.text();
    assert_eq!(refused.refused_by(), Some(name));
    assert!(refused.shortfall().unwrap().starts_with(&format!("the guard refused it by `{name}`")));
    assert!(refused.shortfall().unwrap().ends_with(": nobody is there"));
}

#[test]
fn every_member_of_the_contract_is_there() {
    let value: serde_json::Value = serde_json::from_str(&json(&report())).unwrap();
    for member in [
        "schema",
        "id",
        "digest",
        "sync",
        "created",
        "tool",
        "environment",
        "configDigest",
        "requestedBy",
        "overrides",
        "applyChanges",
        "removeDeleted",
        "sources",
        "target",
        "summary",
        "changes",
        "retained",
        "held",
        "rejected",
        "guard",
        "forecast",
    ] {
        assert!(value.get(member).is_some(), "{member}");
    }
    assert_eq!(value["created"], "2026-03-01T12:00:30.000Z");
    assert_eq!(value["sources"][0]["dataAge"], 30);
    let change =
        |action: &str| value["changes"].as_array().unwrap().iter().find(|one| one["action"] == action).unwrap();
    assert_eq!(change("update")["fields"][0]["field"], "displayName");
    assert_eq!(change("update")["fields"][0]["to"], serde_json::Value::Null);
    assert_eq!(change("rename")["newName"], "renamed");
    assert_eq!(change("delete")["alsoUpdates"], serde_json::json!(["user:bob", "user:eve"]));
    assert_eq!(change("delete")["owner"], "none");
    let gone = value["changes"].as_array().unwrap().iter().find(|one| one["name"] == "gone").unwrap();
    assert_eq!((&gone["lastOrigin"], &gone["reasonCode"]), (&"people.csv:7".into(), &"gone".into()));
    let held = &value["held"][0];
    assert!(
        ["kind", "name", "wanted", "group", "reasonCode", "reason", "advice"]
            .iter()
            .all(|key| held.get(*key).is_some())
    );
}

#[test]
fn what_is_written_is_what_the_schemas_require() {
    let mut whole = Vec::new();
    report_json(&mut whole, &applied()).unwrap();
    let whole = String::from_utf8(whole).unwrap();
    for (schema, document) in [(plan_schema(), json(&report())), (report_schema(), whole)] {
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        for member in schema["required"].as_array().unwrap() {
            assert!(document.get(member.as_str().unwrap()).is_some(), "{member}");
        }
        let known = schema["properties"].as_object().unwrap();
        for member in document.as_object().unwrap().keys() {
            assert!(known.contains_key(member), "{member} is not in the schema");
        }
        let known = &schema["properties"]["changes"]["items"]["properties"];
        for change in document["changes"].as_array().unwrap() {
            for member in change.as_object().unwrap().keys() {
                assert!(known.get(member).is_some(), "{member} of a change is not in the schema");
            }
        }
    }
}

#[test]
fn a_text_shows_each_limit_and_what_comes_next() {
    let told = bare(&text(&report(), Detail::Usual));
    for limit in ["removals", "budget", "groupRemovals", "admins", "expect.min", "configChange"] {
        assert!(told.contains(limit), "{limit} in {told}");
    }
    assert!(told.contains("OFF") && told.contains("Next: rollcall apply corp-to-bi"), "{:?} {told}", report().verdict);
    assert!(told.contains("A person must apply it"), "{told}");
    let told = bare(&text(&applied(), Detail::Usual));
    assert!(told.contains("1 failed") && told.contains("1 set aside") && told.contains("1 not tried"), "{told}");
}

#[test]
fn a_diff_is_one_member_a_line() {
    let told = bare(&diff_text(&report()));
    assert!(told.contains("--- user:bob\n+++ user:bob\n"), "{told}");
    assert!(told.contains("-mail: old@x\n") && told.contains("+mail: new@x\n"), "{told}");
    assert!(told.contains("--- group:doomed\n+++ /dev/null\n"), "{told}");
}
