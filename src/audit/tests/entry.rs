//! Entries: what each event tells, and what none ever tells.

use chrono::{DateTime, TimeZone, Utc};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::trail::other_key;
use crate::audit::{
    Actor, ChangeFacts, ChangeOutcome, Context, Entry, Event, Failure, Personal, PersonalKey, Subject, canonical,
};
use crate::plan::tests::build::{World, group, user};
use crate::plan::{Plan, Summary};
use crate::principal::Kind;

const PASSWORD: &str = "hunter2-hunter2";

fn time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 5).unwrap()
}

fn context() -> Context<'static> {
    Context {
        run: Some("0190-a"),
        sync: Some("corp-to-bi"),
        target: Some("bi"),
        environment: Some("prod"),
        actor: Some(Actor { via: "cli", who: "ops", host: "h1" }),
        plan_digest: Some("sha256:aa"),
        config_digest: Some("sha256:bb"),
    }
}

fn digest() -> Personal {
    Personal::Digest(PersonalKey::new(b"key of the digests"))
}

/// The line of an event that is part of nothing.
fn line(event: Event<'_>) -> String {
    let entry = Entry { time: time(), context: Context::default(), event };
    entry.to_line(7, &Personal::Keep).unwrap()
}

/// Every action, and every kind of value.
fn plan() -> Plan {
    let ada =
        user("ada").display("Ada Lovelace").mail("ada@example.org").password(PASSWORD).groups(["doomed", "staff"]);
    let ada = ada
        .attribute("quota", json!(1.5))
        .attribute("phones", json!(["+41 1", "+41 2"]))
        .attribute("empty", json!(null));
    let bob = |name: &str, mail: &str, room: u64| {
        let bob = user("bob").display(name).mail(mail);
        bob.attribute("room", json!(room)).attribute("team", json!("R&D"))
    };
    World::file()
        .source([
            group("staff").display("All staff").description("Who works here"),
            ada.at("people.csv:2"),
            bob("", "bob@new.org", 14).groups(["staff"]).at("uid=bob,ou=people,dc=example,dc=org"),
            user("robert").id("2").groups(["staff"]),
        ])
        .target([
            group("doomed").display("Doomed"),
            group("staff").display("Staff"),
            bob("Bob Bobson", "bob@old.org", 12).id("t-7").groups(["doomed"]),
            user("gone").display("Gone Away").description("left in May").groups(["doomed", "staff"]),
            user("rob").groups(["staff"]),
        ])
        .owned("user:rob", "2")
        .plan()
}

fn intents(personal: &Personal) -> Vec<Value> {
    let plan = plan();
    let told = plan.changes.iter().map(|change| {
        let event = Event::ChangeIntent(ChangeFacts { change, names: &plan.names });
        let line = Entry { time: time(), context: context(), event }.to_line(0, personal).unwrap();
        let mut value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(canonical(&value).unwrap(), line);
        assert!(!line.contains(PASSWORD), "{line}");
        let members = value.as_object_mut().unwrap();
        assert_eq!(members.remove("actor"), Some(json!({ "via": "cli", "who": "ops", "host": "h1" })));
        for own in ["run", "sync", "target", "environment", "planDigest", "configDigest", "seq", "time", "event"] {
            assert!(members.remove(own).is_some(), "{own}");
        }
        value
    });
    told.collect()
}

fn told(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_change_is_told_with_what_was_and_what_will_be() {
    assert_snapshot!(told(&intents(&Personal::Keep)), @r#"
    {"action":"update","after":{"description":"Who works here","displayName":"All staff"},"before":{"displayName":"Staff"},"kind":"group","name":"staff","rule":"changed"}
    {"action":"create","after":{"attributes":{"empty":null,"phones":["+41 1","+41 2"],"quota":"1.5"},"displayName":"Ada Lovelace","groupNames":["doomed","staff"],"mail":"ada@example.org","name":"ada","principalTypeEnum":"LOCAL_USER"},"kind":"user","name":"ada","origin":"people.csv:2","rule":"new"}
    {"action":"update","after":{"attributes":{"room":14},"displayName":"","mail":"bob@new.org"},"before":{"attributes":{"room":12},"displayName":"Bob Bobson","mail":"bob@old.org"},"groups":{"add":["staff"],"remove":["doomed"]},"kind":"user","name":"bob","origin":"uid=bob,ou=people,dc=example,dc=org","rule":"changed","targetId":"t-7"}
    {"action":"disable","after":{"active":false},"before":{"description":"left in May","displayName":"Gone Away","groupNames":["doomed","staff"],"name":"gone","principalTypeEnum":"LOCAL_USER"},"kind":"user","name":"gone","rule":"gone"}
    {"action":"rename","after":{"name":"robert"},"before":{"name":"rob"},"kind":"user","name":"rob","newName":"robert","rule":"renamed","sourceId":"2"}
    "#);
}

#[test]
fn values_of_people_can_be_digests() {
    let values = intents(&digest());
    let text = told(&values);
    for personal in ["ada", "Ada", "bob", "Bob", "Gone", "rob", "May", "+41", "example.org", "people.csv", "1.5"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    for readable in ["staff", "doomed", "All staff", "Who works here", "t-7", "phones", "\"2\""] {
        assert!(text.contains(readable), "{readable}: {text}");
    }
    // The same person is found by the same digest, wherever it stands, and anybody with the key can work it out:
    // printf %s ada | openssl dgst -sha256 -hmac 'key of the digests'
    let ada = values.iter().find(|value| value["action"] == "create").unwrap();
    assert_eq!(ada["name"], digest().text("ada").as_ref());
    assert_eq!(ada["after"]["name"], ada["name"]);
    assert_snapshot!(digest().text("ada"), @"hmac-sha256:d3fee6c476930e088d0517227b6d4c8604386a093460926f2c516555695437c1");
    assert_ne!(digest().text("ada"), Personal::Digest(PersonalKey::new(b"another")).text("ada"));
    assert_snapshot!(ada["after"].to_string(), @r#"{"attributes":{"empty":null,"phones":["hmac-sha256:c39ffba8a5a093657400504555bae75b55ff61b572b8c8aef20d8335a82e1473","hmac-sha256:61e0145baaf5540ecd61e07d314012f42093cbf46e1051d53bad6fca627bb4ca"],"quota":"hmac-sha256:ec51f156ce46b9ab830a7d1d5001f59c557ed70548edcba24ea4b85c97af1204"},"displayName":"hmac-sha256:d3a856a7748f0c693b9d7133547fb48c8a6296be761ad4fed183e20e7a33b21b","groupNames":["doomed","staff"],"mail":"hmac-sha256:42616eebd62fc2bc17f8820a96e86437333c2a6d05babdf9648831d62088c803","name":"hmac-sha256:d3fee6c476930e088d0517227b6d4c8604386a093460926f2c516555695437c1","principalTypeEnum":"LOCAL_USER"}"#);
    assert_eq!(format!("{:?}", digest()), "Digest(***)");
}

#[test]
fn an_outcome_points_to_its_intent_and_repeats_no_values() {
    let plan = plan();
    let change = plan.changes.iter().find(|change| change.name() == "bob").unwrap();
    let facts = ChangeFacts { change, names: &plan.names };
    let failure = Failure { class: "conflict", text: "the product says: bob exists" };
    let event =
        |outcome, failure| Event::ChangeOutcome { change: facts, intent: Some(41), outcome, attempts: 3, failure };
    assert_snapshot!(line(event(ChangeOutcome::Failed, Some(failure))), @r#"{"action":"update","attempts":3,"error":"the product says: bob exists","errorClass":"conflict","event":"change.outcome","intent":41,"kind":"user","name":"bob","outcome":"failed","rule":"changed","seq":7,"targetId":"t-7","time":"2026-03-01T12:00:05.000Z"}"#);
    let entry = Entry { time: time(), context: context(), event: event(ChangeOutcome::Done, Some(failure)) };
    let line = entry.to_line(42, &digest()).unwrap();
    assert!(line.contains("\"errorClass\":\"conflict\"") && !line.contains("bob"), "{line}");
}

#[test]
fn every_event_has_a_line_of_its_own() {
    let plan = plan();
    let facts = ChangeFacts { change: &plan.changes[0], names: &plan.names };
    let (summary, other) = (Summary::default(), other_key());
    let subject = Subject { kind: Kind::User, name: "ada", source_id: Some("1"), target_id: Some("t-1") };
    let failure = Some(Failure { class: "unreachable", text: "no answer" });
    let outcome = ChangeOutcome::Unknown;
    let events = [
        Event::RunStarted { command: "apply", version: "0.1.0" },
        Event::RunFinished { exit_code: 3, summary: Some(&summary), failure: None },
        Event::RunInterrupted,
        Event::ChangeIntent(facts),
        Event::ChangeOutcome { change: facts, intent: None, outcome, attempts: 0, failure: None },
        Event::Override { guard: "removals", reason: "the Bern office was closed" },
        Event::Approval { approver: "eve", comment: "as discussed" },
        Event::Rejection { approver: "eve", comment: "too many" },
        Event::OwnershipAdopted(subject),
        Event::OwnershipReleased(subject),
        Event::Undo { undoes: "0189-z" },
        Event::KeyRotated { public_key: other.public() },
        Event::RetentionPurged { from: 0, to: 99 },
        Event::Notification { channel: "chat", about: "refused", delivered: false, failure },
    ];
    let mut words: Vec<_> = events.iter().map(Event::word).collect();
    words.sort_unstable();
    assert_eq!(words, Event::ALL.map(|(word, _)| word), "the list is closed");
    let is_change = |event: &&Event<'_>| matches!(event, Event::ChangeIntent(_) | Event::ChangeOutcome { .. });
    let lines: Vec<_> = events.iter().filter(|event| !is_change(event)).map(|event| line(*event)).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    {"command":"apply","event":"run.started","seq":7,"time":"2026-03-01T12:00:05.000Z","version":"0.1.0"}
    {"event":"run.finished","exitCode":3,"outcome":"refused","seq":7,"summary":{"groups":{"create":0,"delete":0,"disable":0,"enable":0,"held":0,"memberships":{"add":0,"remove":0},"rejected":0,"rename":0,"retain":0,"strip":0,"unchanged":0,"update":0},"users":{"create":0,"delete":0,"disable":0,"enable":0,"held":0,"memberships":{"add":0,"remove":0},"rejected":0,"rename":0,"retain":0,"strip":0,"unchanged":0,"update":0}},"time":"2026-03-01T12:00:05.000Z"}
    {"event":"run.interrupted","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    {"event":"override","guard":"removals","reason":"the Bern office was closed","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    {"approver":"eve","comment":"as discussed","event":"approval","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    {"approver":"eve","comment":"too many","event":"rejection","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    {"event":"ownership.adopted","kind":"user","name":"ada","seq":7,"sourceId":"1","targetId":"t-1","time":"2026-03-01T12:00:05.000Z"}
    {"event":"ownership.released","kind":"user","name":"ada","seq":7,"sourceId":"1","targetId":"t-1","time":"2026-03-01T12:00:05.000Z"}
    {"event":"undo","seq":7,"time":"2026-03-01T12:00:05.000Z","undoes":"0189-z"}
    {"event":"key.rotated","publicKey":"recon.example.com/audit/prod+91a90eae+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    {"event":"retention.purged","from":0,"seq":7,"time":"2026-03-01T12:00:05.000Z","to":99}
    {"about":"refused","channel":"chat","error":"no answer","errorClass":"unreachable","event":"notification","outcome":"failed","seq":7,"time":"2026-03-01T12:00:05.000Z"}
    "#);
    let entry = Entry { time: time(), context: Context::default(), event: events[8] };
    assert!(entry.to_line(0, &digest()).unwrap().contains("\"name\":\"hmac-sha256:"));
}

#[test]
fn the_page_for_auditors_names_every_event_and_every_fault() {
    let page = include_str!("../../../docs/audit.md");
    for (word, meaning) in Event::ALL {
        assert!(page.contains(&format!("| `{word}` | {meaning}")), "{word}: {meaning}");
    }
    for outcome in ["done", "failed", "set-aside", "not-tried", "unknown"] {
        assert!(page.contains(&format!("`{outcome}`")), "{outcome}");
    }
    for fault in super::verify::every_fault() {
        assert!(page.contains(&format!("| `{}` |", fault.code())), "{fault:?}");
    }
}

#[test]
fn a_value_of_any_shape_has_a_line() {
    let mut deep = json!("end");
    for _ in 0..60 {
        deep = json!({ "in": [deep] });
    }
    let plan = World::file()
        .source([user("x").attribute("deep", deep).attribute("large", json!(u64::MAX)).attribute("real", json!(0.1))])
        .plan();
    let facts = ChangeFacts { change: &plan.changes[0], names: &plan.names };
    let line = line(Event::ChangeIntent(facts));
    assert!(line.contains(r#""large":"18446744073709551615""#) && line.contains(r#""real":"0.1""#), "{line}");
    assert_eq!(canonical(&serde_json::from_str(&line).unwrap()).unwrap(), line);
}
