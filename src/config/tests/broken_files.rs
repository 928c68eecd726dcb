//! Files that are no configuration at all.

use std::time::Instant;

use insta::assert_snapshot;

use super::bench::{Bench, GOOD};
use crate::config::load::load_in;

#[test]
fn no_file() {
    let bench = Bench::new(GOOD);
    let problems = load_in(Some(&bench.path("none.yaml")), &|_| None).unwrap_err();
    assert_snapshot!(bench.short(&problems), @"none.yaml:0:0: cannot read the file: No such file or directory (os error 2)");
    let named = bench.path("none.yaml").display().to_string();
    let problems = load_in(None, &|name| (name == "ROLLCALL_CONFIG").then(|| named.clone())).unwrap_err();
    assert_snapshot!(bench.short(&problems), @"none.yaml:0:0: cannot read the file: No such file or directory (os error 2)");
    let problems = load_in(None, &|_| None).unwrap_err();
    assert_snapshot!(bench.short(&problems), @"rollcall.yaml:0:0: no configuration: neither ./rollcall.yaml nor /etc/rollcall/rollcall.yaml is there, and ROLLCALL_CONFIG is not set (write one (`config/minimal.yaml` is a start), or name it with `--config FILE`)");
}

#[test]
fn no_yaml() {
    assert_snapshot!(Bench::new("sources:\n  a: [1, 2\nb: {").problems(), @"rollcall.yaml:3:2: did not find expected ',' or ']', while parsing a flow sequence at line 2 column 6");
    assert_snapshot!(Bench::new("sources:\n\tcsv: 1\n").problems(), @"rollcall.yaml:2:1: found character that cannot start any token, while scanning for the next token (indent with spaces: YAML takes no tabs)");
    let star = Bench::new("syncs:\n  s:\n    schedule:\n      cron: */15 * * * *\n").problems();
    assert!(star.contains("a value that begins with * stands in quotes"), "{star}");
    assert_snapshot!(Bench::new("a: b: c\n").problems(), @"rollcall.yaml:1:5: mapping values are not allowed in this context");
    assert_snapshot!(Bench::new("a: *nobody\n").problems(), @"rollcall.yaml:1:4: unknown anchor");
    assert_snapshot!(Bench::new("sources:\n  a: !secret x\n").problems(), @"rollcall.yaml:2:6: a tag such as `!name` is not understood");
    assert_snapshot!(Bench::new("? [a]\n: 1\n").problems(), @"rollcall.yaml:1:3: expected text as a key");
}

#[test]
fn no_text() {
    assert_snapshot!(Bench::new("").with_file("rollcall.yaml", b"environment: gr\xf6n\n").problems(), @"rollcall.yaml:1:16: the file is not UTF-8 text from here on (save it as UTF-8)");
}

#[test]
fn two_documents() {
    assert_snapshot!(Bench::new("environment: a\n---\nenvironment: b\n").problems(), @"rollcall.yaml:3:1: a second document begins here: a configuration is one document (leave out `---`, or move it to a file of its own and name that under `include`)");
    assert!(Bench::new("---\nenvironment: a\n...\n").load().is_ok());
}

#[test]
fn keys_that_stand_twice() {
    let config = "environment: a\nsyncs:\n  x:\n    bad: 1\n    to: a\n    to: b\n    to: c\nenvironment: b\n";
    assert_snapshot!(Bench::new(config).rendered(), @"
    error: syncs.x: `from` is missing
     --> rollcall.yaml:3:3
      |
    3 |   x:
      |   ^
      |
      = hint: name a source: `from: NAME`

    error: syncs.x.bad: unknown key `bad`
     --> rollcall.yaml:4:5
      |
    4 |     bad: 1
      |     ^^^
      |
      = hint: the keys known here are `from`, `merge`, `to`, `schedule`, `webhook`, `applyChanges`, `removeDeleted`, `ownership`, `memberships`, `match`, `users`, `groups`, `tests`, `allow`, `leavers`, `guard`, `password`, `invite`, `drift`

    error: syncs.x.to: there is no target `a`
     --> rollcall.yaml:5:9
      |
    5 |     to: a
      |         ^
      |
      = hint: no target is configured: add it under `targets`

    error: key `syncs.x.to` stands twice
     --> rollcall.yaml:6:5
      |
    6 |     to: b
      |     ^^
      |
      = hint: keep one of them

    error: key `syncs.x.to` stands twice
     --> rollcall.yaml:7:5
      |
    7 |     to: c
      |     ^^
      |
      = hint: keep one of them

    error: key `environment` stands twice
     --> rollcall.yaml:8:1
      |
    8 | environment: b
      | ^^^^^^^^^^^
      |
      = hint: keep one of them
    ");
}

#[test]
fn nests_and_bombs_are_harmless() {
    let began = Instant::now();
    let nest = format!("a: {}{}", "[".repeat(20_000), "]".repeat(20_000));
    assert_snapshot!(Bench::new(&nest).problems(), @"rollcall.yaml:1:131: recursion limit exceeded");
    let laughs = (1..30).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let below = format!("*a{}", level - 1);
        text + &format!("a{level}: &a{level} [{}]\n", [below.as_str(); 9].join(", "))
    });
    assert_snapshot!(Bench::new(&laughs).problems(), @"rollcall.yaml:0:0: repetition limit exceeded");
    let list = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(5_000), "*a, ".repeat(5_000));
    assert_snapshot!(Bench::new(&list).problems(), @"rollcall.yaml:1:4: too many values, aliases written out");
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
