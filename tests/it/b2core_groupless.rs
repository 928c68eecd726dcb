//! A user of B2CORE needs a group: somebody new who would be in none is held in the plan, and not tried in each run.

use serde_json::json;

use crate::support::{Office, clerk};

const MANAGED: &str = "ownership: managed, removeDeleted: true";

#[test]
fn whose_only_group_the_guard_holds_is_held_until_there_is_a_default_group() {
    let office = Office::new(&[], "", MANAGED);
    office.source(&[clerk("ada", &["Administrators"]), clerk("bob", &["Support"])]);
    let report = office.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:bob@example.org"]);
    let held = ["user:ada@example.org create: target-cannot", "user:ada@example.org join Administrators: privileged"];
    assert_eq!(report.held(), held);
    assert!(report["held"][0]["reason"].as_str().unwrap().contains("set `defaultGroup` of the target"), "{report}");
    // Held again, and nothing fails.
    let again = office.run("apply --yes --format json").exits(4).document();
    assert_eq!((again.changes(), again.held()), (vec![], report.held()));
    office.configure("token: { file: token }, account: admin@example.org", "defaultGroup: Risk", MANAGED);
    let report = office.run("apply --yes --format json").exits(4).document();
    assert_eq!(report.outcomes(), ["done user:ada@example.org"]);
    assert_eq!(report.held(), held[1..]);
    assert_eq!(office.clerk("ada")["groups"], json!([3]));
}

#[test]
fn with_a_persons_consent_they_are_made_at_once() {
    let office = Office::new(&[], "", MANAGED);
    office.source(&[clerk("ada", &["Administrators"])]);
    office.run("apply --yes --override privileged --reason audit").exits(0);
    assert_eq!(office.clerk("ada")["groups"], json!([1]));
}

#[test]
fn whose_only_group_is_not_made_is_held_too() {
    let office = Office::new(&[], "", MANAGED);
    let group = json!({ "name": "Compliance", "principalTypeEnum": "LOCAL_GROUP" });
    office.source(&[group, clerk("ada", &["Compliance"]), clerk("bob", &["Compliance", "Support"]), clerk("cy", &[])]);
    let report = office.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.outcomes(), ["done user:bob@example.org"]);
    let held = report.held();
    assert!(held.contains(&"group:Compliance create: target-cannot".to_owned()), "{held:?}");
    for name in ["ada", "cy"] {
        assert!(held.contains(&format!("user:{name}@example.org create: target-cannot")), "{held:?}");
    }
    assert_eq!(office.clerk("bob")["groups"], json!([2]));
}
