//! Calls of webhooks, as they come over the wire.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::{Answer, NOW, Office};
use crate::store::{AskedRow, CallSeen};

const BODY: &str = r#"{"type":"sync.requested","timestamp":"2026-01-02T03:04:05Z","data":{"pipeline":"hr-to-github"}}"#;

/// As published: the calls of the same number in `operations.md`.
const T1: (&str, &str) = ("msg_2026A", "v1,B5PYkFehqsPdz4JFGcdPRLBEDoIBuIwb2BBXrAZlQpk=");
const T3: &str = "v1,rzNu9AGgONZAAdSZAVDAZfncw6nzQ+SIwToiMtUbNDQ=";

fn call(hook: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let request = Request::builder().method("POST").uri(format!("/hooks/{hook}")).header("host", "x");
    let request = request.header("content-type", "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).unwrap()
}

fn standard(hook: &str, id: &str, time: &str, signature: &str, body: &str) -> Request<Body> {
    call(hook, &[("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)], body)
}

/// The signature of the bytes 00 to 1f, or 01 to 20.
fn signed(first: u8, id: &str, time: i64, body: &str) -> String {
    let key: Vec<u8> = (first..first + 32).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_call_as_published_asks_for_a_run_and_the_same_again_does_not() {
    let office = Office::new().await;
    let again = || standard("people-to-other", T1.0, &NOW.to_string(), T1.1, BODY);
    let first = office.call(again()).await.is(202);
    assert_eq!(first.json()["status"], "accepted");
    let run = first.json()["run"].as_str().unwrap().to_owned();
    assert_eq!(first.header("location"), format!("/api/v1/runs/{run}"));
    assert!(office.desk.follow(&run).is_some());
    assert_eq!(office.call(again()).await.is(200).json(), json!({ "status": "duplicate" }));
    assert_eq!(office.desk.load(), (1, 0));
    let two = format!("{T3} {}", signed(0, "msg_2", NOW, BODY));
    let both = office.call(standard("people-to-other", "msg_2", &NOW.to_string(), &two, BODY)).await.is(202);
    assert_eq!(both.json()["run"], run, "it waits with the other");
}

#[tokio::test]
async fn a_call_as_github_signs_it() {
    let office = Office::new().await;
    let hello = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let answer = office.call(call("people-to-app", &[("x-hub-signature-256", hello)], "Hello, World!")).await;
    assert_eq!(answer.problem(), (400, "bad-request".into()), "it is signed, and no JSON");
    assert_eq!(office.desk.load(), (0, 0));
}

type Forge = Box<dyn Fn(&str) -> Request<Body>>;

#[tokio::test]
async fn a_hook_that_is_not_there_is_answered_like_one_whose_secret_is_not_known() {
    let office = Office::new().await;
    let shown = |answer: Answer| (answer.status, answer.text(), answer.header("retry-after").to_owned());
    let now = NOW.to_string();
    let stale = (NOW - 301).to_string();
    let forged: Vec<Forge> = vec![
        Box::new(|hook| standard(hook, T1.0, &NOW.to_string(), T3, BODY)),
        Box::new(|hook| call(hook, &[("x-hub-signature-256", &format!("sha256={}", "0".repeat(64)))], BODY)),
        Box::new(|hook| call(hook, &[("x-hub-signature-256", "sha256=short")], BODY)),
        Box::new(|hook| call(hook, &[], BODY)),
        Box::new(|hook| call(hook, &[("webhook-id", "a.b")], BODY)),
        Box::new(|hook| call(hook, &[("webhook-id", "a"), ("webhook-id", "b")], BODY)),
        Box::new(move |hook| standard(hook, "msg_3", &stale, &signed(0, "msg_3", NOW - 301, BODY), BODY)),
        Box::new(move |hook| standard(hook, "msg_4", &now, "v1,", BODY)),
    ];
    for (number, forge) in forged.iter().enumerate() {
        let mut answers = Vec::new();
        for (from, hook) in ["people-to-other", "people-to-app", "hr-to-app", "nowhere"].into_iter().enumerate() {
            // Each from an address of its own: what is counted is not what is compared.
            answers.push(shown(office.call_from(&format!("10.0.{number}.{from}"), forge(hook)).await));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0] && [400, 401].contains(&answer.0)), "{answers:?}");
    }
    assert_eq!(office.desk.load(), (0, 0));
}

#[tokio::test]
async fn what_a_sender_can_mend_is_told_and_not_taken_for_a_duplicate_afterwards() {
    let office = Office::new().await;
    let send =
        |body: &str| standard("people-to-other", "msg_5", &NOW.to_string(), &signed(0, "msg_5", NOW, body), body);
    let wrong = office.call(send(r#"{"only":[]}"#)).await;
    assert_eq!(wrong.problem(), (400, "bad-request".into()));
    office.call(send(r#"{"only":["user:ada"]}"#)).await.is(202);
    let bare = office.call(call("people-to-other", &[("webhook-id", "msg_6")], BODY)).await;
    let detail = "malformed: `webhook-timestamp` is missing, and so is `x-hub-signature-256`";
    assert_eq!(bare.json()["detail"], detail);
    let large = "x".repeat(64 * 1024 + 1);
    assert_eq!(office.call(send(&large)).await.problem(), (413, "too-large".into()));
    let other =
        Request::post("/hooks/people-to-other").header("content-type", "text/plain").body(Body::empty()).unwrap();
    assert_eq!(office.call(other).await.problem(), (415, "unsupported-media-type".into()));
}

#[tokio::test]
async fn a_call_that_comes_while_the_daemon_stops_may_come_again() {
    let office = Office::new().await;
    let send = || standard("people-to-other", T1.0, &NOW.to_string(), T1.1, BODY);
    office.desk.stop();
    assert_eq!(office.call(send()).await.problem(), (503, "stopping".into()));
    let store = office.desk.store();
    assert!(store.claim_asked(&["people-to-other".into()], "next").await.unwrap().is_empty(), "nothing is left of it");
    let keep = std::time::Duration::from_secs(9);
    let call = CallSeen { hook: "people-to-other", key: T1.0, now: super::now(), keep };
    let row = AskedRow { id: "r".into(), sync: "people-to-other".into(), content: "{}".into() };
    assert!(store.keep_call(&call, &row, "next").await.unwrap(), "nor is it taken for a duplicate");
}

/// A thousand deliveries, a tenth of them forged, stale or sent again.
#[tokio::test]
async fn a_thousand_deliveries() {
    let office = Office::new().await;
    let (mut answers, mut taken) = (BTreeMap::<&str, BTreeMap<u16, usize>>::new(), Vec::new());
    for number in 0..1_000 {
        let id = format!("msg_{number}");
        let (sort, id, time, key) = match number % 30 {
            9 => ("forged", id, NOW, 1),
            19 => ("stale", id, NOW - 400, 0),
            29 => ("again", format!("msg_{}", number - 1), NOW, 0),
            _ => ("good", id, NOW, 0),
        };
        let request = standard("people-to-other", &id, &time.to_string(), &signed(key, &id, time, BODY), BODY);
        let answer = office.call(request).await;
        *answers.entry(sort).or_default().entry(answer.status).or_default() += 1;
        match sort {
            "again" => assert_eq!(answer.json()["status"], "duplicate"),
            "good" => taken.push(answer.json()["run"].as_str().unwrap().to_owned()),
            _ => {}
        }
    }
    assert_eq!(answers["good"], BTreeMap::from([(202, 900)]));
    assert_eq!(answers["again"], BTreeMap::from([(200, 33)]));
    let refused: usize = ["forged", "stale"].iter().map(|sort| answers[sort].values().sum::<usize>()).sum();
    assert_eq!(refused, 67);
    for sort in ["forged", "stale"] {
        assert!(answers[sort].keys().all(|status| [401, 429].contains(status)), "{answers:?}");
    }
    taken.dedup();
    assert_eq!((taken.len(), office.desk.load()), (1, (1, 0)), "they are all one run");
}
