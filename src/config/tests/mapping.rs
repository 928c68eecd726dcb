//! Rules that cannot be meant, each at its own column.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};

fn with(rules: &str) -> String {
    problems_with("    to: bi\n", &format!("    to: bi\n{rules}"))
}

#[test]
fn expressions_that_are_wrong() {
    assert_snapshot!(with("    users:
      when: \"name | lowr == 'a' and name.upper() == 'A'\"
      set: { displayName: '{{ displayName | trimm }}', mail: \"{{ name\", description: 'a {{ name | }}' }
      grant: [ { groups: [a], when: contains(name) }, { when: 'true' }, { groups: [' '] } ]
    groups:
      when: 5
      set:
        description: |
          first {{ name }}
          then {{ name is nice }}
"), @"
    rollcall.yaml:15:21: syncs.corp-to-bi.users.when: there is no filter `lowr` (did you mean `lower`?)
    rollcall.yaml:15:42: syncs.corp-to-bi.users.when: there are no methods such as `.upper(…)` (use a filter, such as `name | lower`)
    rollcall.yaml:16:45: syncs.corp-to-bi.users.set.displayName: there is no filter `trimm` (did you mean `trim`?)
    rollcall.yaml:16:66: syncs.corp-to-bi.users.set.mail: unexpected end of input, expected end of variable block
    rollcall.yaml:16:99: syncs.corp-to-bi.users.set.description: unexpected end of variable block, expected identifier
    rollcall.yaml:17:37: syncs.corp-to-bi.users.grant[0].when: there is no function `contains` (there are `values`, `startswith`, `endswith`)
    rollcall.yaml:17:55: syncs.corp-to-bi.users.grant[1]: `groups` is missing (name the groups that are given: `groups: [NAME]`)
    rollcall.yaml:17:83: syncs.corp-to-bi.users.grant[2].groups: a group without a name
    rollcall.yaml:19:13: syncs.corp-to-bi.groups.when: expected text, found the number 5 (put it in quotes)
    rollcall.yaml:21:22: syncs.corp-to-bi.groups.set.description: there is no test `nice` (character 34 of the text) (did you mean `ne`?)
    ");
}

#[test]
fn members_that_cannot_be_set() {
    assert_snapshot!(with("    users:
      set: { groupNames: [a], password: x, id: 7, kind: group, phone: 1, mial: a, name: ada, active: 'yes', mail: [a] }
    groups:
      set: { name: '{{ name }}', active: true }
      depth: 0
      map: { a: '' }
"), @r#"
    rollcall.yaml:15:14: syncs.corp-to-bi.users.set.groupNames: `groupNames` cannot be set (write `users.grant` to give groups to users)
    rollcall.yaml:15:31: syncs.corp-to-bi.users.set.password: `password` cannot be set (write `password` of the sync: it is for new users only)
    rollcall.yaml:15:44: syncs.corp-to-bi.users.set.id: `id` cannot be set (the id is what a renamed principal is recognised by)
    rollcall.yaml:15:51: syncs.corp-to-bi.users.set.kind: `kind` cannot be set (a user stays a user and a group a group)
    rollcall.yaml:15:64: syncs.corp-to-bi.users.set.phone: `phone` is no value of a user (an attribute is written `attributes.phone`; others are `name`, `displayName`, `description`, `mail`, `visibility`, `active`)
    rollcall.yaml:15:74: syncs.corp-to-bi.users.set.mial: `mial` is no value of a user (did you mean `mail`?)
    rollcall.yaml:15:89: syncs.corp-to-bi.users.set.name: a constant gives every user one name (an expression stands between `{{` and `}}`)
    rollcall.yaml:15:102: syncs.corp-to-bi.users.set.active: expected true or false, found the text "yes"
    rollcall.yaml:15:115: syncs.corp-to-bi.users.set.mail: expected text, found a list
    rollcall.yaml:17:14: syncs.corp-to-bi.groups.set.name: `name` cannot be set (write `groups.map` or `groups.rename`: whoever is in the group must follow)
    rollcall.yaml:17:34: syncs.corp-to-bi.groups.set.active: `active` cannot be set (a group is neither active nor inactive)
    rollcall.yaml:18:14: syncs.corp-to-bi.groups.depth: expected 1 or more groups
    rollcall.yaml:19:17: syncs.corp-to-bi.groups.map.a: expected the name of a group (a group that is not wanted is left out with `exclude`)
    "#);
}

#[test]
fn keys_that_are_somewhere_else() {
    assert_snapshot!(with("    users: { map: {}, rename: {}, nested: keep }
    groups: { grant: [], nested: flat, rename: { prefix: x } }
"), @r#"
    rollcall.yaml:14:14: syncs.corp-to-bi.users.map: unknown key `map` (users are renamed with `set: { name: "{{ … }}" }`)
    rollcall.yaml:14:23: syncs.corp-to-bi.users.rename: unknown key `rename` (users are renamed with `set: { name: "{{ … }}" }`)
    rollcall.yaml:14:35: syncs.corp-to-bi.users.nested: unknown key `nested` (write it under `groups`)
    rollcall.yaml:15:15: syncs.corp-to-bi.groups.grant: unknown key `grant` (write it under `users`: groups are given to users)
    rollcall.yaml:15:34: syncs.corp-to-bi.groups.nested: expected `keep` or `flatten`, found `flat`
    rollcall.yaml:15:50: syncs.corp-to-bi.groups.rename.prefix: unknown key `prefix` (the keys known here are `strip`, `stripSuffix`, `add`)
    "#);
}

#[test]
fn a_variable_that_is_an_attribute_by_mistake() {
    let config = format!("{GOOD}    users: {{ when: \"'a' in groupnames and title == 'x'\" }}\n");
    let bench = Bench::new(&config);
    let warnings = super::super::Problems(bench.settings().warnings);
    assert_snapshot!(bench.short(&warnings), @"rollcall.yaml:14:28: syncs.corp-to-bi.users.when: `groupnames` is taken for an attribute of this name (did you mean `groupNames`?)");
}

#[test]
fn tests_that_cannot_be_run() {
    assert_snapshot!(with("    tests:
      - { record: { name: ada }, expect: outofscope }
      - { name: no record, expect: { mail: x } }
      - { record: { name: ada, principalTypeEnum: ROBOT }, expect: { mial: x } }
      - { record: { name: ada, phone: 1 }, expect: {} }
      - { record: { name: ada }, expct: {} }
"), @"
    rollcall.yaml:15:42: syncs.corp-to-bi.tests[0].expect: expected `outOfScope`, `setAside` or members of a principal
    rollcall.yaml:16:9: syncs.corp-to-bi.tests[1]: `record` is missing (write a principal: `record: { name: ada, groupNames: [bi-users] }`)
    rollcall.yaml:17:76: syncs.corp-to-bi.tests[2].expect.mial: a principal has no `mial` (did you mean `mail`?)
    rollcall.yaml:18:19: syncs.corp-to-bi.tests[3].record: unknown member `phone`: expected one of name, displayName, description, mail, principalTypeEnum, groupNames, visibility, created, modified, password, active, id, attributes
    rollcall.yaml:19:9: syncs.corp-to-bi.tests[4]: `expect` is missing (write `outOfScope`, `setAside`, or members: `expect: { mail: ada@example.org }`)
    rollcall.yaml:19:34: syncs.corp-to-bi.tests[4].expct: unknown key `expct` (did you mean `expect`?)
    ");
}

#[test]
fn a_rule_knows_where_it_stands() {
    let sync = "syncs:\n  inner:\n    from: corp\n    to: bi\n    users: { when: 'title' }\n    tests: [ { record: { name: ada }, expect: setAside } ]\n";
    let config = format!(
        "include: [more/*.yaml]\ndefaults: {{ sync: {{ ownership: managed, users: {{ set: {{ mail: '{{{{ x.y.z }}}}' }} }} }} }}\n{GOOD}"
    );
    let settings = Bench::new(&config).with_file("more/a.yaml", sync).settings();
    let run = |sync: &str| {
        settings.syncs[sync]
            .trials
            .iter()
            .map(|trial| {
                let verdict = trial.run(&settings.syncs[sync].rules, crate::principal::CaseRules::EXACT);
                (trial.place.clone(), verdict.actual)
            })
            .collect::<Vec<_>>()
    };
    assert_snapshot!(format!("{:?}", run("inner")), @r#"[("syncs.inner.tests[0] (more/a.yaml:6:14)", String("setAside: syncs.inner.users.when (more/a.yaml:5:20): gave the text \"\", not true or false"))]"#);
}

#[test]
fn places_that_are_not_in_this_file_do_not_break_the_digest() {
    let rules = |more: &str| Bench::new(&format!("{GOOD}{more}")).settings().syncs["corp-to-bi"].rules_digest.clone();
    let plain = rules("");
    for more in [
        "    users: { when: active }\n",
        "    users: { set: { mail: a } }\n",
        "    users: { grant: [ { groups: [a] } ] }\n",
        "    groups: { when: active }\n",
        "    groups: { map: { a: b } }\n",
        "    groups: { rename: { strip: a } }\n",
        "    groups: { set: { description: a } }\n",
        "    groups: { nested: flatten }\n",
        "    groups: { depth: 3 }\n",
    ] {
        assert_ne!(rules(more), plain, "{more}");
    }
    assert_eq!(rules("    tests: [ { record: { name: ada }, expect: {} } ]\n"), plain, "a test changes nothing");
    assert_eq!(rules("# moved\n    users: { when: active }\n"), rules("    users: { when: active }\n"));
}

/// The page for those who write rules: each of its examples loads, and its tests pass.
#[test]
fn the_examples_of_the_page_hold() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let page = std::fs::read_to_string(page).unwrap();
    let examples: Vec<&str> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 10);
    for example in examples {
        let indented = format!("    {}\n", example.trim_end().replace('\n', "\n    "));
        let settings = Bench::new(&format!("{GOOD}{indented}")).settings();
        let sync = &settings.syncs["corp-to-bi"];
        assert!(!sync.trials.is_empty(), "{example}");
        for trial in &sync.trials {
            let verdict = trial.run(&sync.rules, crate::principal::CaseRules::EXACT);
            assert!(verdict.passed, "{example}\n{verdict:?}");
        }
    }
}
