//! One rule a test: what is refused, where it is placed, and what the hint says.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};

#[test]
fn a_source_or_target_that_is_not_there() {
    assert_snapshot!(problems_with("from: corp", "from: crop"), @"rollcall.yaml:12:11: syncs.corp-to-bi.from: there is no source `crop` (did you mean `corp`?)");
    assert_snapshot!(problems_with("from: corp", "from: [elsewhere]"), @"rollcall.yaml:12:12: syncs.corp-to-bi.from[0]: there is no source `elsewhere` (the sources are `corp`)");
    assert_snapshot!(problems_with("to: bi", "to: { bi: 1 }"), @"rollcall.yaml:13:9: syncs.corp-to-bi.to: expected text, found keys and values");
}

#[test]
fn a_sync_without_source_and_target() {
    assert_snapshot!(problems_with("    from: corp\n    to: bi\n", "    applyChanges: true\n"), @"
    rollcall.yaml:11:3: syncs.corp-to-bi: `from` is missing (name a source: `from: NAME`)
    rollcall.yaml:11:3: syncs.corp-to-bi: `to` is missing (name a target: `to: NAME`)
    ");
    assert_snapshot!(problems_with("    from: corp\n    to: bi\n", "\n"), @"rollcall.yaml:11:3: syncs.corp-to-bi: expected keys and values, found nothing");
    assert_snapshot!(problems_with("from: corp", "from: []"), @"rollcall.yaml:12:5: syncs.corp-to-bi.from: `from` is missing (name a source: `from: NAME`)");
}

#[test]
fn several_sources_and_how_they_merge() {
    let two = GOOD.replace("sources:\n", "sources:\n  more: { json: { path: a.json } }\n");
    let with = |from: &str, more: &str| Bench::new(&format!("{}{more}", two.replace("from: corp", from)));
    let settings = with("from: [more, corp]", "    merge: union\n").settings();
    let sync = &settings.syncs["corp-to-bi"];
    assert_eq!((sync.sources.join(" "), sync.merge), ("more corp".into(), crate::mapping::MergeRule::Union));
    assert!(settings.warnings.is_empty());
    let settings = with("from: [more, corp]", "").settings();
    assert_eq!(settings.syncs["corp-to-bi"].merge, crate::mapping::MergeRule::First);
    assert_snapshot!(with("from: [corp, more, corp, crop]", "    merge: last\n").problems(), @"
    rollcall.yaml:13:24: syncs.corp-to-bi.from[2]: source `corp` is named twice (name each source once)
    rollcall.yaml:13:30: syncs.corp-to-bi.from[3]: there is no source `crop` (did you mean `corp`?)
    rollcall.yaml:15:12: syncs.corp-to-bi.merge: expected `first` or `union`, found `last`
    ");
    let bench = with("from: [more]", "    merge: union\n");
    let warnings = bench.settings().warnings;
    assert_snapshot!(bench.short(&super::super::Problems(warnings)), @"rollcall.yaml:15:12: syncs.corp-to-bi.merge: `merge` changes nothing: the sync has one source (leave it out, or name several: `from: [a, b]`)");
    let shared = two.replace("sources:\n", "defaults: { sync: { merge: union } }\nsources:\n");
    assert!(Bench::new(&shared).settings().warnings.is_empty(), "what all syncs share may mean another");
}

#[test]
fn no_kind_and_two_kinds() {
    assert_snapshot!(problems_with("    csv: { users: people.csv }", "    expect: { shrink: off }"), @"rollcall.yaml:2:3: sources.corp: the source has no kind (add one of `csv`, `json`, `ldap`, `push`)");
    assert_snapshot!(problems_with("csv: {", "json: { path: a.json }\n    csv: {"), @"rollcall.yaml:3:5: sources.corp.json: the source has two kinds, `csv` and `json` (make two sources of it)");
    assert_snapshot!(problems_with("    csv: { users: people.csv }", "    {}"), @"rollcall.yaml:2:3: sources.corp: the source has no kind (add one of `csv`, `json`, `ldap`, `push`)");
    assert_snapshot!(problems_with("csv: {", "cvs: {"), @"rollcall.yaml:3:5: sources.corp.cvs: unknown key `cvs` (did you mean `csv`?)");
}

#[test]
fn names_of_entries() {
    let config = GOOD
        .replace("corp-to-bi:", "corp to bi:")
        .replace("  corp:", "  password:")
        .replace("from: corp", "from: password");
    assert_snapshot!(Bench::new(&config).problems(), @"
    rollcall.yaml:2:3: sources.password: `password` cannot be a name: it is the key of a secret (choose another name)
    rollcall.yaml:11:3: syncs.corp to bi: `corp to bi` cannot be a name (a name is 1 to 64 of the letters A-Z, a-z, 0-9, `.`, `_` and `-`)
    ");
    let config = GOOD.replace("corp-to-bi:", "2026:");
    assert!(Bench::new(&config).settings().syncs.contains_key("2026"));
}

#[test]
fn a_target_with_two_owners_of_everything() {
    let more = format!(
        "{GOOD}  again:\n    from: corp\n    to: bi\n  third:\n    from: corp\n    to: bi\n    ownership: managed\n"
    );
    assert_snapshot!(Bench::new(&more).problems(), @"
    rollcall.yaml:16:9: syncs.again.to: `ownership: all` on target `bi`, which is also the target of `corp-to-bi`, `third` (write `ownership: managed` in every sync of this target)
    ");
    let managed = format!("defaults: {{ sync: {{ ownership: managed }} }}\n{more}");
    assert_eq!(Bench::new(&managed).settings().syncs.len(), 3);
}

#[test]
fn patterns() {
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi
    users: { include: ['group:x', 'a-*', 'user:'], createOnly: [mail, phone] }
    groups: { exclude: [bi-*, 'user:b'] }
"), @"
    rollcall.yaml:14:24: syncs.corp-to-bi.users.include[0]: expected a pattern of user names, found `group:x` (such as `user:test-*` or just `test-*`: `*` stands for any text)
    rollcall.yaml:14:42: syncs.corp-to-bi.users.include[2]: expected a pattern of user names, found `user:` (such as `user:test-*` or just `test-*`: `*` stands for any text)
    rollcall.yaml:14:71: syncs.corp-to-bi.users.createOnly[1]: `phone` is no value of a user (expected `displayName`, `description`, `mail`, `visibility`, `active` or `attributes.NAME`)
    rollcall.yaml:15:31: syncs.corp-to-bi.groups.exclude[1]: expected a pattern of group names, found `user:b` (such as `group:test-*` or just `test-*`: `*` stands for any text)
    ");
    assert_snapshot!(problems_with("    thoughtspot:", "    protect: ['user:svc-*', 'svc-*', 'group:']\n    thoughtspot:"), @"
    rollcall.yaml:6:29: targets.bi.protect[1]: expected `user:NAME` or `group:NAME`, found `svc-*` (such as `user:svc-*`: `*` stands for any text)
    rollcall.yaml:6:38: targets.bi.protect[2]: expected a name after `group:` (such as `user:svc-*`: `*` stands for any text)
    ");
}

#[test]
fn the_numbers_of_the_guard() {
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi
    guard:
      removals: { percent: 120, count: -1 }
      creations: { percent: .nan }
      updates: on
      budget: { percent: 101, window: 0s }
      admins: { keep: '2' }
      privileged: { allow: { Admins: ['user:ada', ada] } }
      firstRun: always
"), @r#"
    rollcall.yaml:15:28: syncs.corp-to-bi.guard.removals.percent: expected a percentage from 0 to 100, found 120 (write `removals: off` for no limit)
    rollcall.yaml:15:40: syncs.corp-to-bi.guard.removals.count: expected a whole number, 0 or more, found the number -1
    rollcall.yaml:16:29: syncs.corp-to-bi.guard.creations.percent: expected a percentage from 0 to 100, found NaN (write `creations: off` for no limit)
    rollcall.yaml:17:16: syncs.corp-to-bi.guard.updates: expected `off`, or the members of the limit, found the text "on"
    rollcall.yaml:18:26: syncs.corp-to-bi.guard.budget.percent: expected a percentage from 0 to 100, found 101 (write `budget: off` for no limit)
    rollcall.yaml:18:39: syncs.corp-to-bi.guard.budget.window: the window is 0: nothing is summed over it (write how long, such as `24h`, or `budget: off`)
    rollcall.yaml:19:23: syncs.corp-to-bi.guard.admins.keep: expected a whole number, 0 or more, found the text "2" (leave the quotes out)
    rollcall.yaml:20:51: syncs.corp-to-bi.guard.privileged.allow.Admins[1]: expected `user:NAME` or `group:NAME`, found `ada`
    rollcall.yaml:21:17: syncs.corp-to-bi.guard.firstRun: expected `hold` or `off`, found the text "always"
    "#);
}

#[test]
fn what_is_expected_of_a_source() {
    assert_snapshot!(problems_with("    csv: {", "    expect: { users: { min: 1.5 }, shrink: 101, sentinels: [ada], maxAge: 3 }\n    csv: {"), @"
    rollcall.yaml:3:29: sources.corp.expect.users.min: expected a whole number, 0 or more, found the number 1.5
    rollcall.yaml:3:44: sources.corp.expect.shrink: expected a percentage from 0 to 100, or `off`, found the number 101
    rollcall.yaml:3:61: sources.corp.expect.sentinels[0]: expected `user:NAME` or `group:NAME`, found `ada`
    rollcall.yaml:3:75: sources.corp.expect.maxAge: expected a duration such as `30s`, `15m` or `30d`, or `off`, found the number 3
    ");
}

#[test]
fn what_the_connector_cannot_work_with_is_at_its_key() {
    assert_snapshot!(problems_with("url: https://ts.example.org", "url: ts.example.org"), @"rollcall.yaml:7:12: targets.bi.thoughtspot.url: `ts.example.org` is no address (write it like `https://ts.example.org`)");
    assert_snapshot!(problems_with("      url: https://ts.example.org\n", ""), @"rollcall.yaml:6:5: targets.bi.thoughtspot: `url` is missing (write it like `https://ts.example.org`)");
    assert_snapshot!(problems_with("users: people.csv", "users: people.csv, delimiter: ';;'"), @"rollcall.yaml:3:42: sources.corp.csv.delimiter: expected one character or `tab`, found `;;`");
    assert_snapshot!(problems_with("users: people.csv", "groups: groups.csv, usrs: people.csv"), @"
    rollcall.yaml:3:5: sources.corp.csv: `users` is missing
    rollcall.yaml:3:32: sources.corp.csv.usrs: unknown key `usrs` (did you mean `users`?)
    ");
}

#[test]
fn leavers_that_the_target_cannot_part_with() {
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi\n    leavers: { users: { first: disable }, groups: { first: strip } }\n"), @"
    rollcall.yaml:14:32: syncs.corp-to-bi.leavers.users.first: target `bi` cannot disable users (write `delete`, `strip` or `report`)
    rollcall.yaml:14:60: syncs.corp-to-bi.leavers.groups.first: expected `delete` or `report`, found `strip`
    ");
    let file =
        GOOD.replace("    to: bi\n", "    to: out\n    leavers: { users: { first: delete, transferTo: archive } }\n");
    let file = file.replace("targets:\n", "targets:\n  out: { file: { path: out.json } }\n");
    assert_snapshot!(Bench::new(&file).problems(), @"rollcall.yaml:15:52: syncs.corp-to-bi.leavers.users.transferTo: target `out` cannot hand over what a user owns (leave it out, and hand over by hand before the delete)");
}

#[test]
fn the_network() {
    assert_snapshot!(problems_with("    thoughtspot:", "    timeout: 0s
    rate: 0
    concurrency: few
    tls: { clientCert: none.pem }
    thoughtspot:"), @r#"
    rollcall.yaml:6:14: targets.bi.timeout: `timeout` is 0: no request could be made (leave it out for the default)
    rollcall.yaml:7:11: targets.bi.rate: `rate` is 0: no request could be made (leave it out for the default)
    rollcall.yaml:8:18: targets.bi.concurrency: expected a whole number, 0 or more, found the text "few"
    rollcall.yaml:9:5: targets.bi.tls: `clientKey` is missing (`clientCert` needs its key)
    rollcall.yaml:9:24: targets.bi.tls.clientCert: cannot read none.pem: No such file or directory (os error 2) (expected a PEM file)
    "#);
    assert_snapshot!(problems_with("    thoughtspot:", "    timeout: 30\n    tls: [ca.pem]\n    thoughtspot:"), @"
    rollcall.yaml:6:14: targets.bi.timeout: expected a duration such as `30s`, `15m` or `30d`, found the number 30
    rollcall.yaml:7:10: targets.bi.tls: expected keys and values, found a list
    ");
}

#[test]
fn a_wrong_item_does_not_move_the_places_of_those_after_it() {
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi\n    match: [di, 5, name, nmae]\n"), @"
    rollcall.yaml:14:13: syncs.corp-to-bi.match[0]: expected `id` or `name`, found `di`
    rollcall.yaml:14:17: syncs.corp-to-bi.match[1]: expected `id` or `name`, found the number 5
    rollcall.yaml:14:26: syncs.corp-to-bi.match[3]: expected `id` or `name`, found `nmae` (did you mean `name`?)
    ");
}

#[test]
fn words_of_older_yaml() {
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi\n    applyChanges: on\n    removeDeleted: 'true'\n"), @r#"
    rollcall.yaml:14:19: syncs.corp-to-bi.applyChanges: expected true or false, found the text "on" (write `true`: YAML 1.2 reads this word as text)
    rollcall.yaml:15:20: syncs.corp-to-bi.removeDeleted: expected true or false, found the text "true" (leave the quotes out)
    "#);
}

#[test]
fn types_of_every_sort() {
    assert_snapshot!(problems_with("sources:", "environment: 5\nsources:"), @"rollcall.yaml:1:14: environment: expected text, found the number 5 (put it in quotes)");
    assert_snapshot!(problems_with("    to: bi\n", "    to: bi\n    users: [a]\n    groups: 7\n    allow: { users: create, groups: [delete, destroy] }\n    ownership: 3\n    leavers:\n"), @r#"
    rollcall.yaml:14:12: syncs.corp-to-bi.users: expected keys and values, found a list
    rollcall.yaml:15:13: syncs.corp-to-bi.groups: expected keys and values, found the number 7
    rollcall.yaml:16:21: syncs.corp-to-bi.allow.users: expected a list, found the text "create" (write it as `[…]`)
    rollcall.yaml:16:46: syncs.corp-to-bi.allow.groups[1]: expected `create`, `update`, `disable` or `delete`, found `destroy`
    rollcall.yaml:17:16: syncs.corp-to-bi.ownership: expected `all` or `managed`, found the number 3
    "#);
    assert_snapshot!(Bench::new("[]").problems(), @"rollcall.yaml:1:1: expected keys and values, found a list");
    assert_snapshot!(Bench::new("syncs: [a]\ntargets: ~\n").problems(), @"rollcall.yaml:1:8: syncs: expected keys and values, found a list");
    assert_snapshot!(Bench::new("<<: { syncs: 1 }\n").problems(), @"rollcall.yaml:1:1: <<: unknown key `<<` (merge keys are not read: write what several entries share under `defaults`)");
}

#[test]
fn nothing_at_all_is_fine_with_a_warning() {
    let bench = Bench::new("# to be written\n");
    let settings = bench.settings();
    assert_snapshot!(bench.short(&super::super::Problems(settings.warnings)), @"rollcall.yaml:2:1: no sync is configured: there is nothing to do (pair a source with a target under `syncs`)");
}
