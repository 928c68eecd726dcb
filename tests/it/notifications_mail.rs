//! Notices by mail, to a server that others wrote.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::notices::{failed, refused, tell_all, told};
use crate::support::{App, MailServer};

const PASSWORD: &str = "Canary-password-1";

/// All forms in which the password goes over the wire.
const CANARIES: [&str; 3] = [PASSWORD, "Q2FuYXJ5LXBhc3N3b3JkLTE=", "AHJvbGxjYWxsAENhbmFyeS1wYXNzd29yZC0x"];

/// A configuration that writes to `to` through the server.
fn app(server: &MailServer, url: &str, to: &str, more: &str) -> App {
    let app = told(&format!(
        "  - mail: {{ url: '{url}', from: 'Rollcall <rollcall@example.org>', to: [{to}], {more} }}\n    tls: {{ ca: ca.pem }}\n"
    ));
    // The server takes its own folder with it.
    if let Ok(authority) = std::fs::read(server.authority()) {
        app.write("ca.pem", authority);
    }
    app.write("password", PASSWORD);
    app
}

fn signed_in(server: &MailServer, to: &str) -> App {
    let url = format!("smtp://{}", server.address);
    app(server, &url, to, "startTls: required, username: rollcall, password: { file: password }")
}

fn login() -> String {
    format!("--login rollcall:{PASSWORD}")
}

fn texts(mails: &[Value], member: &str) -> Vec<String> {
    mails.iter().map(|mail| mail[member].to_string()).collect()
}

#[test]
fn a_mail_arrives_as_it_is_shown_in_the_guide() {
    let Some(server) = MailServer::with_start_tls(&login()) else { return };
    let app = signed_in(&server, "ops@example.org, 'Zoë <zoe@example.org>'");
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    let mails = server.end();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((&mail["tls"], &mail["login"]), (&true.into(), &"rollcall".into()));
    assert_eq!(
        (&mail["from"], &mail["to"]),
        (&"rollcall@example.org".into(), &serde_json::json!(["ops@example.org", "zoe@example.org"]))
    );
    let headers: Vec<String> = mail["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| format!("{}: {}", header[0].as_str().unwrap(), header[1].as_str().unwrap()))
        .collect();
    let text = mail["text"].as_str().unwrap().replace("\r\n", "\n");
    insta::assert_snapshot!(format!("{}\n\n{text}", headers.join("\n")), @r#"
    From: Rollcall <rollcall@example.org>
    Subject: [prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %)
    Date: Fri, 02 Jan 2026 03:04:05 +0000
    Message-ID: <01940b6e-7c00-7000-8000-000000000001-refused@example.org>
    Auto-Submitted: auto-generated
    Content-Type: text/plain; charset="utf-8"
    To: ops@example.org, Zoë <zoe@example.org>
    Content-Transfer-Encoding: quoted-printable

    The guard refused this run of corp-to-bi. Nothing was written.

    Why
      - removals: 52 of 100 users would be removed (limit 20 %)

    What to do next
      - Look at the plan, and at what the source gave:
          rollcall plan corp-to-bi
      - Only if it is right as it stands, lift the limit for this one plan:
          rollcall apply corp-to-bi --override removals --reason TEXT

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    "#);
    assert_eq!(mail["parts"], serde_json::json!(["text/plain"]));
}

#[test]
fn tls_from_the_beginning() {
    let Some(server) = MailServer::with_tls(&login()) else { return };
    let url = format!("smtps://{}", server.address);
    let app = app(&server, &url, "ops@example.org", "username: rollcall, password: { file: password }");
    assert_eq!(tell_all(&app, &[refused(), failed("connection refused", "prod")]), Vec::<String>::new());
    assert_eq!(texts(&server.end(), "tls"), ["true", "true"]);
}

#[test]
fn without_tls_on_this_machine_only() {
    let Some(server) = MailServer::plain("") else { return };
    let app = app(&server, &format!("smtp://{}", server.address), "ops@example.org", "");
    let config = app.read("rollcall.yaml");
    let config = config.lines().filter(|line| !line.contains("tls:")).collect::<Vec<_>>().join("\n");
    app.configure(&config);
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    assert_eq!(texts(&server.end(), "tls"), ["false"]);
}

/// Somebody between takes STARTTLS out of what the server offers: nothing is said then, least of all the password.
#[test]
fn a_server_that_does_not_turn_to_tls_is_told_nothing() {
    let Some(server) = MailServer::plain("") else { return };
    let url = format!("smtp://{}", server.address);
    let app = told(&format!(
        "  - mail: {{ url: '{url}', startTls: required, username: rollcall, password: {{ file: password }}, from: a@example.org, to: b@example.org }}\n"
    ));
    app.write("password", PASSWORD);
    let warnings = tell_all(&app, &[refused()]);
    assert!(warnings.len() == 1 && warnings[0].contains("STARTTLS is not supported"), "{warnings:?}");
    assert!(server.end().is_empty());
}

#[test]
fn an_authority_that_is_not_known_is_not_believed() {
    let (Some(server), Some(other)) = (MailServer::with_start_tls(&login()), MailServer::with_tls(&login())) else {
        return;
    };
    for (server, scheme) in [(&server, "smtp"), (&other, "smtps")] {
        let app = told(&format!(
            "  - mail: {{ url: '{scheme}://{}', {} username: rollcall, password: {{ file: password }}, from: a@example.org, to: b@example.org }}\n",
            server.address,
            if scheme == "smtp" { "startTls: required," } else { "" }
        ));
        app.write("password", PASSWORD);
        let begin = Instant::now();
        let warnings = tell_all(&app, &[refused()]);
        assert!(
            warnings.len() == 1 && warnings[0].contains("certificate") && warnings[0].contains("tls.ca"),
            "{warnings:?}"
        );
        // It is not tried again.
        assert!(begin.elapsed() < Duration::from_secs(5));
    }
    assert!(server.end().is_empty() && other.end().is_empty());
}

/// The server repeats all that it was sent.
#[test]
fn a_refused_sign_in_is_told_without_the_password_and_not_tried_again() {
    let Some(server) = MailServer::with_start_tls("--login rollcall:another") else { return };
    let app = signed_in(&server, "ops@example.org");
    let begin = Instant::now();
    let warnings = tell_all(&app, &[refused()]);
    assert!(begin.elapsed() < Duration::from_secs(5), "{warnings:?}");
    assert!(
        warnings.len() == 1 && warnings[0].contains("535") && warnings[0].contains("check `username` and `password`"),
        "{warnings:?}"
    );
    app.write("copy.json", "[]");
    let run = app.run("check -vvv").exits(1).says("signing in").says("535");
    for canary in CANARIES {
        assert!(!warnings[0].contains(canary), "{warnings:?}");
        assert!(!run.out.contains(canary) && !run.err.contains(canary), "{run}");
    }
    assert!(server.end().is_empty());
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let Some(server) = MailServer::with_start_tls("--busy 2") else { return };
    let app = app(&server, &format!("smtp://{}", server.address), "ops@example.org", "startTls: required");
    assert_eq!(tell_all(&app, &[refused()]), Vec::<String>::new());
    assert_eq!(server.end().len(), 1);
}

#[test]
fn one_address_that_is_gone_does_not_silence_the_others() {
    let Some(server) = MailServer::with_start_tls("--gone old@example.org") else { return };
    let url = format!("smtp://{}", server.address);
    let app = app(&server, &url, "ops@example.org, old@example.org, zoe@example.org", "startTls: required");
    let warnings = tell_all(&app, &[refused()]);
    assert!(
        warnings.len() == 1 && warnings[0].contains("1 of 3 addresses did not get it: old@example.org"),
        "{warnings:?}"
    );
    assert_eq!(texts(&server.end(), "to"), ["[\"ops@example.org\"]", "[\"zoe@example.org\"]"]);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let Some(server) = MailServer::plain("--silent") else { return };
    let app = told(&format!(
        "  - mail: {{ url: 'smtp://{}', from: a@example.org, to: b@example.org }}\n    timeout: 500ms\n",
        server.address
    ));
    let begin = Instant::now();
    let warnings = tell_all(&app, &[refused()]);
    assert!(warnings.len() == 1 && warnings[0].contains("no answer in time"), "{warnings:?}");
    assert!(begin.elapsed() < Duration::from_secs(30));
    drop(server);
}

#[test]
fn a_hostile_text_changes_nothing_of_a_mail() {
    let Some(server) = MailServer::with_start_tls("") else { return };
    let app = app(&server, &format!("smtp://{}", server.address), "ops@example.org", "startTls: required");
    let hostile = "x\r\nBcc: eve@example.org\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n.\r\nMAIL FROM:<eve@example.org>\u{1b}[31m Zoë";
    assert_eq!(tell_all(&app, &[refused(), failed(hostile, hostile)]), Vec::<String>::new());
    let mails = server.end();
    assert_eq!(mails.len(), 2);
    let names = |mail: &Value| -> Vec<String> {
        let headers = mail["headers"].as_array().unwrap().iter();
        headers
            .map(|header| header[0].to_string())
            .filter(|name| !name.contains("MIME") && !name.contains("Encoding"))
            .collect()
    };
    assert_eq!(names(&mails[0]), names(&mails[1]));
    assert_eq!(texts(&mails, "to"), ["[\"ops@example.org\"]", "[\"ops@example.org\"]"]);
    let text = mails[1]["text"].as_str().unwrap();
    assert!(text.contains("\\u{d}\\u{a}Bcc: eve@example.org") && text.contains("\\u{1b}[31m"), "{text}");
    assert_eq!(texts(&mails, "parts"), ["[\"text/plain\"]", "[\"text/plain\"]"]);
}

#[test]
fn check_signs_in_and_sends_no_mail() {
    let Some(server) = MailServer::with_start_tls(&login()) else { return };
    let app = signed_in(&server, "ops@example.org");
    app.write("copy.json", "[]");
    let place = &server.address;
    let run = app.run("check").exits(0).says(&format!("ok    notify {place} (mail)"));
    assert!(run.out.contains(&format!("{place} answers, with TLS; signed in as rollcall")), "{run}");
    assert!(run.out.contains("mail goes to 1 address; none was sent"), "{run}");
    assert!(server.end().is_empty());
    app.run("check --offline").exits(0);
    app.run("check").exits(1).says("connecting").says("is the mail server up?");
}
