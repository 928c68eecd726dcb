//! Where the daemon listens, who may ask it, and which sync a gateway runs.

use std::time::Duration;

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};
use crate::config::{Colour, Role, Server, Severity, text};

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn with(server: &str) -> Bench {
    Bench::new(&format!("server: {server}\n{GOOD}"))
}

fn wrong(server: &str) -> String {
    with(server).problems()
}

#[test]
fn without_a_word_it_listens_on_loopback() {
    let Server { listen, tokens, tls, drain, concurrent_runs } = Bench::new(GOOD).settings().server;
    assert_eq!((listen.to_string().as_str(), tokens.len(), tls), ("127.0.0.1:7878", 0, None));
    assert_eq!((drain, concurrent_runs), (Duration::from_secs(30), 4));
}

#[test]
fn everything_that_can_be_said() {
    let server = format!(
        "{{ listen: '0.0.0.0:443', tokens: [{{ name: ops, role: operator, sha256: {HASH} }}], \
         tls: {{ cert: ts-password, key: ts-password }}, drain: 5s, concurrentRuns: 2 }}"
    );
    let bench = with(&server);
    let settings = bench.settings();
    assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    let Server { listen, tokens, tls, drain, concurrent_runs } = settings.server;
    assert_eq!((listen.port(), drain, concurrent_runs), (443, Duration::from_secs(5), 2));
    assert_eq!(
        (tokens[0].name.as_str(), tokens[0].role, tokens[0].hash[..2].to_vec()),
        ("ops", Role::Operator, vec![0x9f, 0x86])
    );
    assert_eq!(tls.unwrap().cert, bench.path("ts-password"));
    assert_eq!(with("{ listen: 'localhost:1' }").settings().server.listen.to_string(), "127.0.0.1:1");
    assert_eq!(with("{ listen: '[::1]:1' }").settings().server.listen.to_string(), "[::1]:1");
}

#[test]
fn beyond_this_machine_nobody_is_heard_without_a_token() {
    assert_snapshot!(wrong("{ listen: '0.0.0.0:7878' }"), @"rollcall.yaml:1:19: server.listen: it listens beyond this machine, at 0.0.0.0:7878, and there are no tokens (add `tokens`: `rollcall token NAME --role operator` prints one; or listen on 127.0.0.1)");
    assert_snapshot!(wrong("{ listen: '[::]:7878', tokens: [] }"), @"rollcall.yaml:1:40: server.tokens: `tokens` is empty: whoever reaches this machine's loopback would be an operator (leave `tokens` out where that is meant; `rollcall token NAME --role operator` prints one)");
    let bench = with(&format!("{{ listen: '10.0.0.1:80', tokens: [{{ name: a, role: viewer, sha256: {HASH} }}] }}"));
    let warnings = text(&bench.settings().warnings, Severity::Warning, Colour::Plain);
    assert!(warnings.contains("it listens beyond this machine without `tls`"), "{warnings}");
}

/// Says each of these.
#[track_caller]
fn says(told: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(told.contains(piece), "`{piece}` is not in\n{told}");
    }
    assert_eq!(told.lines().count(), pieces.len(), "{told}");
}

#[test]
fn what_is_wrong_with_it() {
    assert_snapshot!(wrong("{ listen: 7878, concurrentRuns: 0 }"), @"
    rollcall.yaml:1:19: server.listen: expected text, found the number 7878 (put it in quotes)
    rollcall.yaml:1:41: server.concurrentRuns: `concurrentRuns` is 0: no run could begin (leave it out for the default)
    ");
    says(
        &wrong("{ listen: 'example.org:80' }"),
        &["server.listen: expected an address and a port, found `example.org:80`"],
    );
    let tokens = wrong("{ tokens: [{ role: viewer }, { name: 'a b', role: viewer, sha256: hunter2 }] }");
    says(
        &tokens,
        &[
            "server.tokens[0]: `name` is missing",
            "server.tokens[0]: `sha256` is missing",
            "server.tokens[1].name: `a b` cannot be the name of a token",
            "server.tokens[1].sha256: it is no SHA-256 in hexadecimal, 64 digits",
        ],
    );
    assert!(!tokens.contains("hunter2"), "it may be the token itself: {tokens}");
    let one = |hash: &str| format!("{{ name: a, role: viewer, sha256: {hash} }}");
    let twice = wrong(&format!("{{ tokens: [{}, {}] }}", one(HASH), one(&HASH.to_uppercase())));
    says(&twice, &["tokens[1].name: two tokens are named `a`", "tokens[1].sha256: another entry has the same token"]);
    says(&wrong("{ tls: { cert: ts-password } }"), &["server.tls: `key` is missing"]);
    says(&wrong("{ tls: { cert: ., key: ts-password } }"), &[": it is no regular file"]);
}

#[test]
fn a_gateway_names_a_sync_that_writes_here_and_reads_a_list_that_is_pushed() {
    let gateway = |name: &str| format!("    gateway: {name}\n    thoughtspot:");
    assert_snapshot!(problems_with("    thoughtspot:", &gateway("corp-to-ib")), @"rollcall.yaml:6:14: targets.bi.gateway: there is no sync `corp-to-ib` (did you mean `corp-to-bi`?)");
    let told = problems_with("    thoughtspot:", &gateway("corp-to-bi"));
    says(&told, &["targets.bi.gateway: sync `corp-to-bi` reads no source that is pushed"]);
    let pushed = GOOD.replace("    csv: { users: people.csv }", "    push: {}");
    let good = pushed.replace("    thoughtspot:", &gateway("corp-to-bi"));
    assert_eq!(Bench::new(&good).settings().targets["bi"].gateway.as_deref(), Some("corp-to-bi"));
    let several =
        good.replace("  corp:\n", "  other: { push: {} }\n  corp:\n").replace("from: corp", "from: [corp, other]");
    says(&Bench::new(&several).problems(), &["sync `corp-to-bi` reads several sources that are pushed"]);
    let elsewhere = pushed.replace("targets:\n", "targets:\n  file: { file: { path: x.json }, gateway: corp-to-bi }\n");
    says(
        &Bench::new(&elsewhere).problems(),
        &["targets.file.gateway: sync `corp-to-bi` writes to target `bi`, not to this one"],
    );
}

#[test]
fn who_may_ask_is_no_part_of_what_a_plan_stands_on() {
    let one = with("{ listen: '127.0.0.1:1' }").settings().digest;
    assert_eq!(one, Bench::new(GOOD).settings().digest);
}
