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
        "leavers: { absences: 2 }",
        "leavers: { users: { first: strip, then: delete, after: 30d } }",
        "leavers: { users: { first: strip, then: delete, after: 31d } }",
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

#[test]
fn the_sources_their_order_and_the_merge_are_rules() {
    let two = GOOD.replace("sources:\n", "sources:\n  more: { json: { path: more.json } }\n");
    let rules = |from: &str, more: &str| digests(&format!("{}{more}", two.replace("from: corp", from))).1;
    let both = rules("from: [corp, more]", "");
    assert_eq!(rules("from: [corp, more]", "    merge: first\n"), both);
    for other in [
        rules("from: [more, corp]", ""),
        rules("from: [corp]", ""),
        rules("from: [corp, more]", "    merge: union\n"),
        digests(&two.replace("from: corp", "from: [corp, more]").replace("more.json", "other")).1,
    ] {
        assert_ne!(other, both);
    }
    assert_eq!(rules("from: corp", ""), rules("from: [corp]", ""));
    let expecting = two.replace("from: corp", "from: [corp, more]");
    let expecting = expecting.replace("more: { json", "more: { expect: { shrink: off }, json");
    assert_eq!(digests(&expecting).1, both, "what is expected of a source is the guard's");
}
