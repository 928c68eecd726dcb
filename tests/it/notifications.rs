//! Notices to webhooks and chats: what arrives, how it is signed, and what becomes of it where nobody takes it.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rollcall::notify::{Ending, Health};
use serde_json::Value;

use crate::support::notices::{ended, failed, follow, refusal, refused, settings, tell_all, told};
use crate::support::{App, Hook, peers};

/// The bytes 00 to 1f.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Part of the address of a hook that only its owner knows.
const TOKEN: &str = "Canary-token-4711";

/// Verifies as the specification says, in Python, which shares no line with rollcall.
const VERIFIER: &str = "\
import base64, hashlib, hmac, sys
secret, identity, timestamp, signatures = sys.argv[1:]
signed = f'{identity}.{timestamp}.'.encode() + sys.stdin.buffer.read()
key = base64.b64decode(secret.removeprefix('whsec_'))
expected = 'v1,' + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
sys.exit(0 if any(hmac.compare_digest(expected, given) for given in signatures.split(' ')) else 1)
";

/// Whether a receiver with this secret takes the post for ours; none where the machine is told to go without Python.
#[track_caller]
fn verifies(secret: &str, post: &crate::support::Post) -> Option<bool> {
    use std::io::Write;
    let python = peers()?.join("python/bin/python");
    let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| post.header(name));
    let mut command = Command::new(python);
    command.args(["-I", "-c", VERIFIER, secret]).args(headers).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(post.body.as_bytes()).unwrap();
    Some(child.wait().unwrap().success())
}

fn webhook(hook: &Hook, more: &str) -> App {
    let url = hook.url(&format!("/hook/{TOKEN}?key={TOKEN}"));
    let app = told(&format!("  - webhook: {{ url: '{url}', secret: {{ file: secret }} }}\n{more}"));
    app.write("secret", SECRET);
    app
}

#[test]
fn a_webhook_gets_the_event_signed() {
    let hook = Hook::start();
    let app = webhook(&hook, "");
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    let posts = hook.posts();
    assert_eq!(posts.len(), 1);
    let post = &posts[0];
    assert_eq!((post.method.as_str(), post.path.as_str()), ("POST", format!("/hook/{TOKEN}?key={TOKEN}").as_str()));
    assert_eq!(post.header("content-type"), "application/json");
    assert!(post.header("user-agent").starts_with("rollcall/"));
    let body = post.json();
    assert_eq!(body["schema"], "rollcall.event/v1");
    assert_eq!((&body["type"], &body["data"]["sync"]), (&"sync.refused".into(), &"corp-to-bi".into()));
    assert_eq!(body["data"]["limits"][0]["value"], 52);
    assert_eq!(post.header("webhook-id"), body["id"]);
    let Some(ours) = verifies(SECRET, post) else { return };
    assert!(ours, "{post:?}");
    assert_eq!(verifies("whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=", post), Some(false));
    let mut forged = post.clone();
    forged.body = forged.body.replace("52", "12");
    assert_eq!(verifies(SECRET, &forged), Some(false));
}

/// The id says that it is the same event, the time and the signature that it is another attempt.
#[test]
fn what_fails_for_the_moment_is_sent_again() {
    let hook = Hook::start();
    hook.answers(503, "");
    hook.answers(429, "");
    let app = webhook(&hook, "");
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    let posts = hook.posts();
    assert_eq!(posts.len(), 3);
    assert!(
        posts
            .iter()
            .all(|post| post.body == posts[0].body && post.header("webhook-id") == posts[0].header("webhook-id"))
    );
    let times: Vec<i64> = posts.iter().map(|post| post.header("webhook-timestamp").parse().unwrap()).collect();
    assert!(times[0] < times[1] && times[1] < times[2], "{times:?}");
    assert!(posts.iter().all(|post| verifies(SECRET, post) != Some(false)));
}

#[test]
fn what_is_refused_is_said_once_and_without_the_address() {
    let hook = Hook::start();
    for (status, hint) in [(401, "check `url`"), (404, "the hook is gone"), (410, "the hook is gone"), (400, "none")] {
        hook.answers(status, &format!("no such hook: /hook/{TOKEN}?key={TOKEN} signed with {SECRET}"));
        let app = webhook(&hook, "");
        let before = hook.posts().len();
        let warnings = tell_all(&app, &[refused()]);
        assert_eq!((warnings.len(), hook.posts().len() - before), (1, 1));
        assert!(
            warnings[0].starts_with(
                "webhook was not told that `corp-to-bi` is `refused`: sending a notice to http://127.0.0.1:"
            )
        );
        assert!(warnings[0].contains(&status.to_string()) && warnings[0].contains(hint), "{}", warnings[0]);
        assert!(!warnings[0].contains(TOKEN), "{}", warnings[0]);
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (hook, other) = (Hook::start(), Hook::start());
    hook.answers(302, &other.url(&format!("/elsewhere/{TOKEN}")));
    let warnings = tell_all(&webhook(&hook, ""), &[refused()]);
    assert!(warnings.len() == 1 && warnings[0].contains("302") && !warnings[0].contains(TOKEN), "{warnings:?}");
    assert!(other.posts().is_empty());
}

#[test]
fn a_sink_that_is_down_holds_up_no_other() {
    let hook = Hook::start();
    // A port that was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = webhook(&hook, "  - chat: { url: { file: chat-url } }\n");
    app.write("chat-url", format!("http://{nobody}/services/{TOKEN}"));
    let begin = Instant::now();
    let warnings = tell_all(&app, &[refused(), failed("x", "prod")]);
    assert!(begin.elapsed() < Duration::from_mins(1));
    assert_eq!((hook.posts().len(), warnings.len()), (2, 2));
    for warning in &warnings {
        assert!(warning.starts_with("chat was not told") && warning.contains("cannot connect"), "{warning}");
        assert!(!warning.contains(TOKEN), "{warning}");
    }
}

#[test]
fn a_chat_gets_a_message_and_only_what_it_asked_for() {
    let hook = Hook::start();
    let app = told(
        "  - chat: { url: { file: chat-url } }\n    events: [refused]\n\
         \x20 - chat: { url: { file: chat-url }, body: '{\"payload\": {\"title\": {{ title | tojson }}, \"kind\": \"{{ event.kind }}\"}}' }\n    events: [failed]\n    syncs: [corp-*]\n",
    );
    app.write("chat-url", hook.url(&format!("/services/{TOKEN}")));
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    assert_eq!(tell_all(&app, &[failed("connection refused", "prod")]), Vec::<String>::new());
    let bodies: Vec<Value> = hook.posts().iter().map(crate::support::Post::json).collect();
    assert_eq!(bodies.len(), 2);
    let text = bodies[0]["text"].as_str().unwrap();
    assert!(text.starts_with("[prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %)\n"), "{text}");
    assert!(text.contains("`rollcall plan corp-to-bi`"), "{text}");
    assert_eq!(
        bodies[1]["payload"],
        serde_json::json!({ "title": "[prod] corp-to-bi: failed, source corp does not answer", "kind": "failed" })
    );
}

#[test]
fn a_hostile_text_changes_nothing_of_a_message() {
    let hook = Hook::start();
    let app = told("  - chat: { url: { file: chat-url } }\n  - webhook: { url: { file: chat-url } }\n");
    app.write("chat-url", hook.url("/services/x"));
    let hostile =
        "\",\"channel\":\"#all\",\"x\":\"\r\n<!channel> @all <https://evil.example.org|bank> \u{202e}\u{1b}[31m";
    assert_eq!(tell_all(&app, &[failed(hostile, hostile)]), Vec::<String>::new());
    for post in hook.posts() {
        let body = post.json();
        assert!(body.get("channel").is_none() && !post.body.contains(['\u{202e}', '\u{1b}', '\n']), "{}", post.body);
        if let Some(text) = body["text"].as_str() {
            assert!(!text.contains(['<', '>', '@']), "{text}");
            assert_eq!(body.as_object().unwrap().len(), 1);
        }
    }
    assert_eq!(hook.posts().len(), 2);
}

/// Nobody heard of it, so it is news after the next run too; what one of several heard is none.
#[test]
fn what_nobody_got_is_told_again() {
    let (hook, other) = (Hook::start(), Hook::start());
    let trouble = ended(Ending::Trouble(refusal()));
    let app = webhook(&hook, "");
    hook.answers(400, "");
    let (health, warnings) = follow(&app, &trouble, &Health::default());
    assert_eq!((warnings.len(), &health.told), (1, &None));
    let (health, warnings) = follow(&app, &trouble, &health);
    assert!(warnings.is_empty() && health.told.is_some());
    let (health, _) = follow(&app, &trouble, &health);
    assert_eq!(hook.posts().len(), 2);
    hook.answers(400, "");
    let two = webhook(&hook, &format!("  - webhook: {{ url: '{}' }}\n", other.url("/")));
    let (health, warnings) = follow(&two, &ended(Ending::Good), &health);
    assert_eq!((warnings.len(), health), (1, Health::default()));
    assert_eq!(other.posts()[0].json()["type"], "sync.recovered");
}

#[test]
fn check_connects_and_posts_nothing() {
    let hook = Hook::start();
    let app = webhook(&hook, "  - chat: { url: { file: chat-url } }\n");
    app.write("chat-url", hook.url(&format!("/services/{TOKEN}")));
    app.write("copy.json", "[]");
    let place = hook.url("");
    let run = app.run("check").exits(0).says("told of trouble");
    assert!(
        run.out.contains(&format!(
            "ok    notify {place} (webhook)\n      {place} answers; nothing was posted\n      events are signed"
        )),
        "{run}"
    );
    assert!(run.out.contains("ok    notify the address in file"), "{run}");
    let document = app.run("check --format json").exits(0).document();
    let checks: Vec<_> =
        document["checks"].as_array().unwrap().iter().filter(|check| check["what"] == "notify").collect();
    assert!(checks.len() == 2 && checks.iter().all(|check| check["ok"] == true), "{document}");
    for post in hook.posts() {
        assert_eq!((post.method.as_str(), post.path.as_str(), post.body.as_str()), ("HEAD", "/", ""));
    }
    let asked = hook.posts().len();
    assert_eq!(asked, 4);
    app.run("check --offline").exits(0);
    assert_eq!(hook.posts().len(), asked);
}

#[test]
fn check_says_what_cannot_be_reached_and_no_secret() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = told(
        "  - webhook: { url: { file: hook-url }, secret: { file: secret } }\n  - chat: { url: { file: hook-url } }\n",
    );
    app.write("hook-url", format!("http://{nobody}/services/{TOKEN}"));
    app.write("secret", SECRET);
    app.write("copy.json", "[]");
    let mut outputs = Vec::new();
    for line in ["check -vvv", "check --format json -vvv"] {
        let run = app.run(line).exits(1).says("cannot connect");
        outputs.extend([run.out, run.err]);
    }
    app.write("secret", "whsec_Canary-secret-1");
    let run = app.run("check -vvv").exits(1).says("`secret` is no signing secret");
    outputs.extend([run.out, run.err]);
    app.write("hook-url", format!("https:{TOKEN}\u{7f} /x"));
    let run = app.run("check -vvv").exits(1);
    outputs.extend([run.out, run.err]);
    for output in &outputs {
        assert!(
            !output.contains(TOKEN) && !output.contains("Canary-secret-1") && !output.contains(&SECRET[6..]),
            "{output}"
        );
    }
    app.run("check --offline").exits(0);
    assert_eq!(settings(&app).notify.len(), 2);
}
