//! Places are right whatever the text looks like.

use insta::assert_snapshot;

use super::bench::Bench;

#[test]
fn characters_count_not_bytes() {
    assert_snapshot!(Bench::new("environment: prod # größer 🦀\nsyncs: { é🦀: { 'ünter': 1 }, b: { from: 5 } }\n").problems(), @"
    rollcall.yaml:2:10: syncs.é🦀: `from` is missing (name a source: `from: NAME`)
    rollcall.yaml:2:10: syncs.é🦀: `to` is missing (name a target: `to: NAME`)
    rollcall.yaml:2:10: syncs.é🦀: `é🦀` cannot be a name (a name is 1 to 64 of the letters A-Z, a-z, 0-9, `.`, `_` and `-`)
    rollcall.yaml:2:16: syncs.é🦀.ünter: unknown key `ünter` (the keys known here are `from`, `merge`, `to`, `schedule`, `webhook`, `applyChanges`, `removeDeleted`, `ownership`, `memberships`, `match`, `users`, `groups`, `tests`, `allow`, `leavers`, `guard`, `password`, `invite`, `drift`)
    rollcall.yaml:2:30: syncs.b: `to` is missing (name a target: `to: NAME`)
    rollcall.yaml:2:41: syncs.b.from: expected a name or a list of names, found the number 5
    ");
}

#[test]
fn windows_line_ends_and_a_mark() {
    assert_snapshot!(Bench::new("\u{feff}environment: prod\r\nsyncs:\r\n  a:\r\n    bad: 1\r\n    applyChanges: 5\r\n").problems(), @"
    rollcall.yaml:3:3: syncs.a: `from` is missing (name a source: `from: NAME`)
    rollcall.yaml:3:3: syncs.a: `to` is missing (name a target: `to: NAME`)
    rollcall.yaml:4:5: syncs.a.bad: unknown key `bad` (the keys known here are `from`, `merge`, `to`, `schedule`, `webhook`, `applyChanges`, `removeDeleted`, `ownership`, `memberships`, `match`, `users`, `groups`, `tests`, `allow`, `leavers`, `guard`, `password`, `invite`, `drift`)
    rollcall.yaml:5:19: syncs.a.applyChanges: expected true or false, found the number 5
    ");
}

#[test]
fn quoted_keys_lists_and_aliases() {
    let config = "defaults:\n  sync: &s\n    bad: 1\nsyncs:\n  a: *s\n  \"b\":\n    from: [x,\n      5]\n    ? memberships\n    : exat\n";
    assert_snapshot!(Bench::new(config).rendered(), @r#"
    error: defaults.sync.bad: unknown key `bad`
     --> rollcall.yaml:3:5
      |
    3 |     bad: 1
      |     ^^^
      |
      = hint: the keys known here are `from`, `merge`, `to`, `schedule`, `webhook`, `applyChanges`, `removeDeleted`, `ownership`, `memberships`, `match`, `users`, `groups`, `tests`, `allow`, `leavers`, `guard`, `password`, `invite`, `drift`

    error: syncs.a: `from` is missing
     --> rollcall.yaml:5:3
      |
    5 |   a: *s
      |   ^
      |
      = hint: name a source: `from: NAME`

    error: syncs.a: `to` is missing
     --> rollcall.yaml:5:3
      |
    5 |   a: *s
      |   ^
      |
      = hint: name a target: `to: NAME`

    error: syncs.b: `to` is missing
     --> rollcall.yaml:6:3
      |
    6 |   "b":
      |   ^^^
      |
      = hint: name a target: `to: NAME`

    error: syncs.b.from[0]: there is no source `x`
     --> rollcall.yaml:7:12
      |
    7 |     from: [x,
      |            ^
      |
      = hint: no source is configured: add it under `sources`

    error: syncs.b.from[1]: expected text, found the number 5
     --> rollcall.yaml:8:7
      |
    8 |       5]
      |       ^
      |
      = hint: put it in quotes

    error: syncs.b.memberships: expected `exact` or `managed`, found `exat`
      --> rollcall.yaml:10:7
       |
    10 |     : exat
       |       ^^^^
       |
       = hint: did you mean `exact`?
    "#);
}

#[test]
fn nothing_where_something_is_needed() {
    assert_snapshot!(Bench::new("sources:\n  a:\n  b: { csv: }\n").problems(), @"
    rollcall.yaml:2:3: sources.a: expected keys and values, found nothing
    rollcall.yaml:3:3: sources.b: the source has no kind (add one of `csv`, `json`, `ldap`, `push`)
    ");
}
