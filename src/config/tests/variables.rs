//! `${NAME}` and `${NAME:-default}`.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};

#[test]
fn variables_are_replaced_in_texts() {
    let config = GOOD
        .replace("https://ts.example.org", "https://${TS_HOST}:${TS_PORT:-443}/$${x}")
        .replace("    to: bi\n", "    to: bi\n    applyChanges: ${APPLY}\n    guard: { removals: { percent: '${PERCENT:-12.5}', count: '${COUNT:-4}' } }\n");
    let bench = Bench::new(&config).with_variable("TS_HOST", "ts.example.org").with_variable("APPLY", "true");
    let settings = bench.settings();
    let url = settings.targets["bi"].file.thoughtspot.as_ref().unwrap().url.clone().unwrap();
    assert_eq!(url, "https://ts.example.org:443/${x}");
    let sync = &settings.syncs["corp-to-bi"];
    let removals = sync.limits.removals.on().unwrap();
    assert_eq!((sync.apply_changes, removals.percent, removals.count), (true, 12.5, 4));
}

#[test]
fn a_variable_in_the_defaults_may_be_a_number_too() {
    let config =
        format!("defaults: {{ sync: {{ applyChanges: '${{APPLY}}' }}, target: {{ rate: '${{RATE:-3}}' }} }}\n{GOOD}");
    let settings = Bench::new(&config).with_variable("APPLY", "true").settings();
    assert!(settings.syncs["corp-to-bi"].apply_changes);
    assert_eq!(settings.targets["bi"].context.network.rate, Some(3));
}

#[test]
fn what_cannot_be_replaced() {
    assert_snapshot!(problems_with("username: rollcall", "username: '${NO_SUCH}'"), @"rollcall.yaml:8:17: targets.bi.thoughtspot.username: environment variable NO_SUCH is not set (set it, or write `${NO_SUCH:-default}`)");
    assert_snapshot!(problems_with("username: rollcall", "username: 'a ${OPEN'"), @"rollcall.yaml:8:17: targets.bi.thoughtspot.username: `${` without `}` (write `$${` where no variable is meant)");
    assert_snapshot!(problems_with("username: rollcall", "username: '${a b}'"), @"rollcall.yaml:8:17: targets.bi.thoughtspot.username: `${a b}` names no environment variable (write `${NAME}` or `${NAME:-default}`, and `$${` where no variable is meant)");
    assert_snapshot!(problems_with("to: bi", "to: '${NO_SUCH}'"), @"rollcall.yaml:13:9: syncs.corp-to-bi.to: environment variable NO_SUCH is not set (set it, or write `${NO_SUCH:-default}`)");
    let shared = format!("defaults: {{ target: {{ rate: '${{NO_SUCH}}' }} }}\n{GOOD}");
    assert_snapshot!(Bench::new(&shared).problems(), @"rollcall.yaml:1:29: defaults.target.rate: environment variable NO_SUCH is not set (set it, or write `${NO_SUCH:-default}`)");
    assert_snapshot!(problems_with("to: bi", "to: bi\n    applyChanges: ${WORD:-perhaps}"), @r#"rollcall.yaml:14:19: syncs.corp-to-bi.applyChanges: expected true or false, found the text "perhaps""#);
}

#[test]
fn a_secret_is_left_alone() {
    assert_snapshot!(problems_with("{ file: ts-password }", "'${TS_PASSWORD}'"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: `${…}` is not replaced in a secret (write `{ env: NAME }` or a plain path)");
    assert_snapshot!(problems_with("{ file: ts-password }", "{ file: '${FOLDER}/x' }"), @"rollcall.yaml:9:17: targets.bi.thoughtspot.password: `${…}` is not replaced in a secret (write `{ env: NAME }` or a plain path)");
    let config = GOOD.replace("{ file: ts-password }", "{ command: [sh, -c, 'echo ${X}'] }");
    assert!(Bench::new(&config).settings().warnings.is_empty());
}
