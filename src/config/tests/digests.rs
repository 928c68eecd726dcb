//! Which change of a configuration changes which digest.

use super::bench::{Bench, GOOD};

fn digests(config: &str) -> (String, String) {
    let bench = Bench::new(config).with_file("other", "other\n");
    let settings = bench.settings();
    (settings.digest.clone(), settings.syncs["corp-to-bi"].rules_digest.clone())
}

#[test]
fn secrets_and_the_way_of_writing_change_neither() {
    let good = digests(GOOD);
    assert!(good.0.starts_with("sha256:") && good.0.len() == 71, "{}", good.0);
    for same in [
        GOOD.replace("ts-password", "other"),
        GOOD.replace("{ file: ts-password }", "plain"),
        GOOD.replace("csv: { users: people.csv }", "# note\n    csv:\n      users: \"people.csv\""),
        format!(
            "defaults: {{ target: {{ thoughtspot: {{ username: rollcall }} }} }}\n{}",
            GOOD.replace("      username: rollcall\n", "")
        ),
    ] {
        assert_eq!(digests(&same), good, "{same}");
    }
}

#[test]
fn the_guard_and_the_rest_change_the_whole_only() {
    let good = digests(GOOD);
    for more in ["guard: { removals: off }", "applyChanges: true", "match: [name]"] {
        let (whole, rules) = digests(&format!("{GOOD}    {more}\n"));
        assert!(whole != good.0 && rules == good.1, "{more}");
    }
    let (whole, rules) = digests(&GOOD.replace("    csv:", "    expect: { users: { min: 3 } }\n    csv:"));
    assert!(whole != good.0 && rules == good.1);
}

#[test]
fn source_map_scope_ownership_and_leavers_change_both() {
    let good = digests(GOOD);
    let more = [
        "ownership: managed",
        "removeDeleted: true",
        "memberships: managed",
        "users: { exclude: ['user:x'] }",
        "groups: { include: [a-*] }",
        "leavers: { users: { first: delete } }",
    ];
    let changed = more.map(|more| format!("{GOOD}    {more}\n"));
    let maps = [
        GOOD.replace("people.csv", "persons.csv"),
        GOOD.replace("people.csv", "people.csv, map: { name: login }"),
        GOOD.replace("people.csv", "people.csv, map: { password: login }"),
    ];
    for config in changed.into_iter().chain(maps) {
        let (whole, rules) = digests(&config);
        assert!(whole != good.0 && rules != good.1, "{config}");
    }
    assert_eq!(digests(&format!("{GOOD}    ownership: all\n")).1, good.1);
}
