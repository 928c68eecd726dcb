//! What is not built yet is refused as such, not called unknown, and never ignored.

use insta::assert_snapshot;

use super::bench::{Bench, GOOD, problems_with};

#[test]
fn keys() {
    let config = GOOD.replace("  corp:\n", "  corp:\n    schedule: { cron: '0 * * * *' }\n");
    let config = format!(
        "{config}    approval: {{}}
"
    );
    assert_snapshot!(Bench::new(&config).problems(), @"
    rollcall.yaml:3:5: sources.corp.schedule: `schedule` is not built yet (leave it out for now)
    rollcall.yaml:15:5: syncs.corp-to-bi.approval: `approval` is not built yet (leave it out for now)
    ");
}

#[test]
fn values() {
    let config = format!(
        "{GOOD}    match: [id, mail]
    invite: true
"
    );
    assert_snapshot!(Bench::new(&config).problems(), @"
    rollcall.yaml:14:17: syncs.corp-to-bi.match[1]: `mail` is not built yet (leave it out for now)
    rollcall.yaml:15:13: syncs.corp-to-bi.invite: `invite: true` is not built yet (leave it out for now)
    ");
}

#[test]
fn in_the_defaults_too() {
    assert_snapshot!(problems_with("sources:", "defaults: { sync: { approval: {}, match: [mail] } }\nsources:"), @"
    rollcall.yaml:1:21: defaults.sync.approval: `approval` is not built yet (leave it out for now)
    rollcall.yaml:1:43: defaults.sync.match[0]: `mail` is not built yet (leave it out for now)
    ");
}

#[test]
fn what_is_built_of_them_is_taken() {
    let more = "    drift: keep\n    invite: false\n    leavers: { absences: 1, users: { then: keep } }\n    guard: { budget: off }\n    match: [name]\n    password: generate\n";
    let settings = Bench::new(&format!("{GOOD}{more}")).settings();
    assert!(settings.warnings.is_empty());
}
