//! Who is told: every mistake at its place, and no address of a hook in any message.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD};
use crate::config::{Colour, Severity, json, text};
use crate::notify::{EventKind, SinkFile};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn bench(entries: &str) -> Bench {
    Bench::new(&format!("{GOOD}notify:\n{entries}"))
        .with_file("hook-secret", SECRET)
        .with_file("smtp-password", "correct horse")
        .with_file("chat-url", "https://chat.example.org/services/T1/B2/abc")
        .with_variable("CHAT_URL", "https://chat.example.org/services/T1/B2/abc")
}

#[test]
fn the_sample_of_every_kind_loads() {
    for (kind, sample) in SinkFile::KINDS.iter().zip(SinkFile::EXAMPLES) {
        let entry = format!("  - {}\n", sample.trim_end().replace('\n', "\n    "));
        let settings = bench(&entry).with_variable("HOOK_SECRET", SECRET).settings();
        assert_eq!((settings.notify.len(), settings.notify[0].kind), (1, *kind));
        assert_eq!(settings.notify[0].events, EventKind::ALL);
        assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    }
}

/// The line of the contract, word by word.
#[test]
fn the_shortest_entry() {
    let entry = "notify: [ { webhook: { url: https://chat.example.org/hook }, events: [refused, failed, waiting, recovered] } ]\n";
    let settings = Bench::new(&format!("{GOOD}{entry}")).settings();
    assert_eq!(settings.notify[0].place, "https://chat.example.org");
    assert!(settings.warnings.is_empty());
}

#[test]
fn every_mistake_at_once() {
    let entries = "  - webhook: { secret: { file: hook-secret } }
    events: [refused, faild]
  - webhook: { url: ftp://example.org }
    events: []
    syncs: [corp-to-bo, corp-*]
  - chat: { url: { env: NO_SUCH_VARIABLE }, body: '{\"text\": {{ txt }}}' }
    timeout: 0s
  - mail: { url: mail.example.org, from: nobody, to: [], username: rollcall }
    proxy: http://proxy.example.org
  - mail: { url: smtp://mail.example.org, startTls: off, from: a@example.org, to: b@example.org, passwort: x }
  - {}
  - webhook: { url: { env: NO_SUCH_HOOK } }
    chat: { url: { file: chat-url } }
    tls: { ca: nowhere.pem, clientCert: nowhere.pem }
";
    assert_snapshot!(bench(entries).problems(), @"
    rollcall.yaml:15:5: notify[0].webhook: `url` is missing (write it like `https://chat.example.org/hook`)
    rollcall.yaml:16:23: notify[0].events[1]: expected `refused`, `failed`, `waiting` or `recovered`, found `faild` (did you mean `failed`?)
    rollcall.yaml:17:21: notify[1].webhook.url: `url` is no address (write it like `https://chat.example.org/hook`)
    rollcall.yaml:18:13: notify[1].events: it would be told of nothing (name some of `refused`, `failed`, `waiting`, `recovered`, or leave `events` out for all)
    rollcall.yaml:19:13: notify[1].syncs[0]: there is no sync `corp-to-bo` (did you mean `corp-to-bi`?)
    rollcall.yaml:20:18: notify[2].chat.url: environment variable NO_SUCH_VARIABLE is not set (set it before rollcall starts)
    rollcall.yaml:20:51: notify[2].chat.body: `body` asks for `txt`, which is not known (a template knows `text`, `title`, `event`)
    rollcall.yaml:21:14: notify[2].timeout: `timeout` is 0: no request could be made (leave it out for the default)
    rollcall.yaml:22:5: notify[3].mail: `username` needs `password`
    rollcall.yaml:22:18: notify[3].mail.url: `url` is no address of a mail server (write it like `smtp://mail.example.org` or `smtps://mail.example.org`)
    rollcall.yaml:22:42: notify[3].mail.from: `nobody` is no address of mail (write `name@example.org` or `Name <name@example.org>`)
    rollcall.yaml:22:54: notify[3].mail.to: `to` is missing (write `to: name@example.org`)
    rollcall.yaml:23:12: notify[3].proxy: mail goes through no proxy (leave it out, and name a relay that can be reached from here)
    rollcall.yaml:24:53: notify[4].mail.startTls: `off` would send mail and password in the clear (leave it out; `off` is for a relay on this machine only)
    rollcall.yaml:24:98: notify[4].mail.passwort: unknown key `passwort` (did you mean `password`?)
    rollcall.yaml:25:5: notify[5]: the entry has no kind (add one of `webhook`, `chat`, `mail`)
    rollcall.yaml:26:21: notify[6].webhook.url: environment variable NO_SUCH_HOOK is not set (set it before rollcall starts)
    rollcall.yaml:27:5: notify[6].chat: the entry has two kinds, `webhook` and `chat` (make two entries of it)
    rollcall.yaml:28:5: notify[6].tls: `clientKey` is missing (`clientCert` needs its key)
    rollcall.yaml:28:16: notify[6].tls.ca: cannot read nowhere.pem: No such file or directory (os error 2) (expected a PEM file)
    rollcall.yaml:28:41: notify[6].tls.clientCert: cannot read nowhere.pem: No such file or directory (os error 2) (expected a PEM file)
    ");
}

#[test]
fn the_address_of_a_chat_is_a_secret_and_that_of_a_webhook_may_be_a_variable() {
    let entries = "  - chat: { url: 'https://chat.example.org/services/hunter2' }\n";
    let bench = bench(entries);
    let settings = bench.settings();
    assert_snapshot!(bench.without_folder(&text(&settings.warnings, Severity::Warning, Colour::Plain)), @"
    warning: notify[0].chat.url: the secret stands in the configuration: whoever reads the file has it
    --> rollcall.yaml:15:18
     = note: the line is not shown: it may hold a secret
     = hint: write `{ env: NAME }` or `{ file: PATH }`
    ");
    assert!(!format!("{settings:?}").contains("hunter2"));
    let entries = "  - chat: { url: '${CHAT_URL}' }\n  - webhook: { url: '${CHAT_URL}' }\n";
    assert_snapshot!(super::notify::bench(entries).problems(), @"rollcall.yaml:15:18: notify[0].chat.url: `${…}` is not replaced in a secret (write `{ env: NAME }` or a plain path)");
    let settings = super::notify::bench("  - webhook: { url: '${CHAT_URL}' }\n").settings();
    assert_eq!(settings.notify[0].place, "https://chat.example.org");
}

#[test]
fn the_address_of_a_hook_is_in_no_message() {
    let hook = "https://chat.example.org/services/hunter2";
    for entry in [
        "chat: { url: [HOOK] }",
        "chat: { url: { HOOK: x } }",
        "chat: { url: HOOK, bod: x }",
        "chat: { url: HOOK, body: HOOK }",
        "chat: { ulr: HOOK }",
        "chat: HOOK",
        "chat: [HOOK]",
        "chat: { url: HOOK }\n    events: HOOK",
        "chat: { url: HOOK }\n    events: [HOOK]",
        "chat: { url: HOOK }\n    syncs: HOOK",
        "chat: { url: HOOK }\n    timeout: HOOK",
        "chat: { url: 'HOOK\n      more' }\n    timeout: 0s",
        "webhook: { url: HOOK, bad: 1 }",
        "webhook: { url: [HOOK] }",
        "webhook: { url: 'http://example.org/hunter2' }",
        "webhook: { url: 'hunter2' }",
        "webhook: { url: HOOK, secret: hunter2 }",
        "webhook: { url: HOOK, secret: [hunter2] }",
        "mail: HOOK",
        "HOOK",
        "wehook: { url: HOOK }",
        "mail: { url: 'smtp://me:hunter2@mail.example.org', from: x, to: x }",
        "mail: { url: smtp://mail.example.org, password: hunter2, to: a@example.org }",
    ] {
        let bench = bench(&format!("  - {}\n", entry.replace("HOOK", hook)));
        let problems = bench.load().err().unwrap_or_else(|| panic!("{entry}"));
        let told = [Colour::Plain, Colour::Ansi].map(|colour| text(&problems.0, Severity::Error, colour));
        let told = format!("{}{}{problems:?}{problems}", told.concat(), json(&problems.0));
        assert!(!told.contains("hunter2"), "{entry}\n{told}");
    }
}

#[test]
fn only_the_configuration_itself_says_who_is_told() {
    let more = "notify: [ { chat: { url: { file: chat-url } } } ]\n";
    let bench = Bench::new(&format!("include: [more.yaml]\n{GOOD}")).with_file("more.yaml", more);
    assert_snapshot!(bench.problems(), @"more.yaml:1:1: notify: an included file has only `sources`, `targets` and `syncs`, not `notify`");
}

#[test]
fn an_address_is_no_part_of_the_digest_and_the_rest_is() {
    let digest = |entry: &str| bench(&format!("  - {entry}\n")).settings().digest;
    let first = digest("webhook: { url: https://a.example.org/1 }");
    assert_eq!(first, digest("webhook: { url: https://b.example.org/2 }"));
    assert_ne!(first, digest("webhook: { url: https://a.example.org/1 }\n    events: [failed]"));
    assert_ne!(first, digest("chat: { url: { file: chat-url } }"));
}
