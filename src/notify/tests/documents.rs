//! The body of a webhook.

use serde_json::{Value, json};

use super::bench::{event, failed, in_part, recovery, refused};
use crate::connector::FailureClass;
use crate::notify::{Event, Notice, document, probe};

fn document(event: &Event) -> Value {
    document::document(event, &Notice::of(event))
}

#[test]
fn a_refusal_as_the_guide_shows_it() {
    let text = serde_json::to_string_pretty(&document(&event(refused()))).unwrap();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/notifications.md");
    assert!(std::fs::read_to_string(path).unwrap().contains(&text), "docs/notifications.md lacks:\n{text}");
}

#[test]
fn a_failure_an_apply_in_part_and_a_recovery() {
    let body = document(&event(failed(FailureClass::Denied)));
    assert_eq!(body["type"], "sync.failed");
    assert_eq!(
        body["data"]["error"],
        json!({
            "class": "denied", "of": "source corp", "nothingWritten": true,
            "text": "reading LDAP source `corp`: ldaps://ldap.example.org: the bind as `cn=rollcall,dc=example,dc=org` is refused: invalid credentials (result code 49)",
            "hint": "check `bind.dn` and `bind.password`",
        })
    );
    assert_eq!(body["data"]["pause"], json!({ "until": "2026-01-03T03:04:05Z", "failures": 1, "denied": true }));
    let body = document(&event(in_part(117, 3)));
    assert_eq!(
        body["data"]["applied"],
        json!({ "done": 117, "failed": 3, "setAside": 0, "notTried": 0, "classes": { "conflict": 3 }, "stillToDo": 0 })
    );
    let body = document(&recovery(refused(), 90));
    assert_eq!((&body["type"], &body["timestamp"]), (&json!("sync.recovered"), &json!("2026-01-02T04:34:05Z")));
    assert_eq!(body["data"]["recovered"], json!({ "from": "refused", "since": "2026-01-02T03:04:05Z" }));
    assert_eq!(body["id"], "01940b6e-7c00-7000-8000-000000000001-recovered");
}

/// Who reads it need not ask what is there.
#[test]
fn every_member_is_always_there() {
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let first = document(&event(refused()));
    for event in probe::events() {
        let body = document(&event);
        assert_eq!((members(&body), members(&body["data"])), (members(&first), members(&first["data"])));
        assert_eq!(body["schema"], "rollcall.event/v1");
    }
}

/// Standard Webhooks: the id holds no `.`, which separates what is signed.
#[test]
fn an_id_is_plain_whatever_the_run_is_called() {
    let mut event = event(refused());
    event.run.id = format!("a.b\r\nc {}", "x".repeat(300));
    let id = event.id();
    assert!(id.starts_with("abcxxx") && id.ends_with("x-refused") && id.len() <= 128, "{id}");
}
