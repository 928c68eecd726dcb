//! The examples of docs/webhooks.md, as they stand there: run by a shell, sent by curl, and received as the daemon will.

use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{DateTime, Utc};
use rollcall::config::Scheme;
use rollcall::daemon::{HookKeys, Payload, Verified, verify};

use crate::support::{App, Daemon};

/// The blocks of shell in the page.
fn examples() -> Vec<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhooks.md")).unwrap();
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    blocks.collect()
}

#[expect(clippy::disallowed_methods, reason = "the examples are signed for now")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

type Received = Arc<Mutex<Vec<(Verified, Payload)>>>;

/// A server that takes calls signed with `secret`, and its address.
async fn listen(scheme: Scheme, secret: &str) -> (String, Received) {
    let received = Received::default();
    let keys = Arc::new(HookKeys::new(scheme, &[secret.to_owned().into()]).unwrap());
    let kept = Arc::clone(&received);
    let take = move |headers: HeaderMap, body: Bytes| async move {
        match verify(&headers, &body, now(), &keys) {
            Ok(verified) => {
                kept.lock().unwrap().push((verified, Payload::read(&body).unwrap()));
                StatusCode::ACCEPTED
            }
            Err(error) => StatusCode::from_u16(error.status()).unwrap(),
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hooks/corp-to-bi", listener.local_addr().unwrap());
    let router = Router::new().route("/hooks/corp-to-bi", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, received)
}

/// Runs an example against `address`, in a folder with the secret.
async fn run(app: &App, example: &str, address: &str) -> bool {
    let script = example.replace("https://rollcall.example.org/hooks/corp-to-bi", address);
    assert_ne!(script, example, "it names the address");
    let folder = app.folder().to_owned();
    let bash = move || Command::new("bash").args(["-euo", "pipefail", "-c", &script]).current_dir(folder).output();
    let output = tokio::task::spawn_blocking(bash).await.unwrap().unwrap();
    output.status.success()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_signed_right() {
    let [standard, github] = &examples()[..] else { panic!("{:?}", examples()) };
    let cases = [
        (
            Scheme::Standard,
            standard,
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
        ),
        (Scheme::Github, github, "It's a Secret to Everybody", "It's another"),
    ];
    for (scheme, example, secret, other) in cases {
        let app = App::new();
        let (address, received) = listen(scheme, secret).await;
        app.write("hook-secret", format!("{secret}\n"));
        assert!(run(&app, example, &address).await && run(&app, example, &address).await, "{scheme:?}");
        app.write("hook-secret", other);
        assert!(!run(&app, example, &address).await, "{scheme:?}: another secret");
        let received = received.lock().unwrap();
        let [(first, payload), (second, _)] = &received[..] else { panic!("{received:?}") };
        assert_ne!(first.replay_key, second.replay_key, "two calls are not the same call");
        let named: Vec<_> = payload.only.iter().map(ToString::to_string).collect();
        assert_eq!(named, if scheme == Scheme::Standard { vec!["user:ada"] } else { vec![] });
    }
}

/// A company with a hook, by an apply by hand.
fn hooked() -> App {
    let app = App::with(
        "sources: { hr: { csv: { users: people.csv } } }\ntargets: { out: { file: { path: out.json } } }\nsyncs:\n  \
         corp-to-bi: { from: hr, to: out, ownership: managed, applyChanges: true, webhook: { scheme: github, \
         secret: { file: hook-secret } } }\n",
    );
    app.write("hook-secret", "It's a Secret to Everybody\n");
    app.write("people.csv", "name,displayName\nada,Ada\n");
    app.run("apply --yes").exits(0);
    app
}

#[test]
fn whoever_was_told_202_is_answered_by_the_next_process() {
    let app = hooked();
    let daemon = Daemon::start(&app, "one");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = format!("http://{}/hooks/corp-to-bi", daemon.address());
    assert!(runtime.block_on(run(&app, &examples()[1], &address)));
    // Calls are gathered for some seconds: there is no run yet.
    daemon.kill();
    let count = app.runs().len();
    app.write("people.csv", "name,displayName\nada,Ada\ngrace,Grace\n");
    assert_eq!(app.meddle("UPDATE asked SET expires = '2020-01-01T00:00:00.000Z'"), 1, "as in half a minute");
    let daemon = Daemon::start(&app, "two");
    daemon.await_that("grace is in the target", |_| app.read("out.json").contains("grace"));
    daemon.stop().exits(0);
    assert_eq!(app.runs().len(), count + 1);
    assert_eq!(app.meddle("UPDATE asked SET sync = sync"), 0, "nothing is left of it");
}

#[test]
fn a_call_that_comes_while_the_sync_pauses_waits_for_its_end() {
    let app = hooked();
    let daemon = Daemon::start(&app, "log");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = format!("http://{}/hooks/corp-to-bi", daemon.address());
    let call = || assert!(runtime.block_on(run(&app, &examples()[1], &address)));
    // No file is read where a folder stands.
    std::fs::rename(app.path("out.json"), app.path("kept.json")).unwrap();
    std::fs::create_dir(app.path("out.json")).unwrap();
    call();
    daemon.await_log("A run has failed");
    std::fs::remove_dir(app.path("out.json")).unwrap();
    std::fs::rename(app.path("kept.json"), app.path("out.json")).unwrap();
    call();
    daemon.await_log("A run waits to begin anew");
    assert!(daemon.log().contains("rollcall apply corp-to-bi"), "{}", daemon.log());
    let counted =
        |metrics: &str| metrics.lines().any(|line| line.contains("result=\"paused\"") && !line.ends_with(" 0"));
    assert!(counted(&daemon.get("/metrics")), "whoever watches sees it: {}", daemon.get("/metrics"));
    // Whoever asks now waits with it, and nothing that was told 202 is lost.
    let asked = app.run(&format!("trigger corp-to-bi --url http://{}", daemon.address())).exits(0);
    let standing = daemon.get(&asked.out.trim()[asked.out.find("/api/").unwrap()..]);
    assert!(
        standing.contains("\"stage\":\"waiting\"") && standing.contains("no run without a person before"),
        "{standing}"
    );
    assert_eq!(app.meddle("UPDATE asked SET sync = sync"), 2);
    app.run("apply --yes").exits(0);
    let answered = |_: &Daemon| {
        let runs = app.run("runs --format json").exits(0).documents();
        runs.iter().any(|run| run["requestedBy"]["via"] == "api" && run["status"] == "done")
    };
    daemon.await_that("both are answered", answered);
    daemon.stop().exits(0);
    assert_eq!(app.meddle("UPDATE asked SET sync = sync"), 0, "nothing is left of it");
}

#[test]
fn check_says_when_each_sync_is_due() {
    let world = crate::support::World::new(
        &crate::support::people(3),
        &[],
        "ownership: managed, schedule: { cron: '30 2 * * *', timezone: Europe/Berlin }",
    );
    world
        .run("check --offline")
        .exits(0)
        .says("sync people-to-bi: `30 2 * * *` is due next on")
        .says(" Europe/Berlin, 20");
    let document = world.run("check --offline --format json").exits(0).document();
    let due = &document["schedules"][0];
    let there = due["nextThere"].as_str().unwrap();
    assert_eq!((due["sync"].as_str(), due["timezone"].as_str()), (Some("people-to-bi"), Some("Europe/Berlin")));
    // Also on the day on which there is no such hour.
    assert!(there.contains("T02:30:00+0") || there.contains("T03:00:00+02"), "{due}");
    assert!(due["next"].as_str().unwrap().ends_with(":00Z"), "{due}");
}
