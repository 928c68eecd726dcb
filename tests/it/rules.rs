//! Rules in one sync, from the file to what the target has, and their tests in `check`.

use serde_json::{Value, json};

use crate::support::App;

const CONFIG: &str = r#"sources:
  corp: { json: { path: people.json } }
targets:
  out: { file: { path: out.json } }
syncs:
  corp-to-out:
    from: corp
    to: out
    users:
      when: "'bi-users' in allGroups"
      set: { name: "{{ mail | lower }}", displayName: "{{ displayName | trim }}" }
      grant: [ { groups: [sales], when: "level | int > 3" } ]
    groups: { include: ["bi-*"], rename: { strip: "bi-" } }
    tests:
      - name: called by the address
        record: { name: ada, mail: ADA@x.org, allGroups: [bi-users], attributes: { level: 1 } }
        expect: { name: ada@x.org }
      - { record: { name: bob }, expect: outOfScope }
"#;

fn source() -> Vec<Value> {
    let group = |name: &str, parents: &[&str]| json!({ "name": name, "principalTypeEnum": "LOCAL_GROUP", "groupNames": parents });
    let user = |name: &str, level: Value, groups: &[&str]| {
        json!({ "name": name, "mail": format!("{name}@X.org"), "displayName": format!(" {name} "), "groupNames": groups,
            "attributes": { "level": level } })
    };
    vec![
        group("bi-users", &[]),
        group("bi-sales", &["bi-users"]),
        group("hr", &[]),
        user("ada", 4.into(), &["bi-users"]),
        user("bob", 1.into(), &["bi-sales"]),
        user("cleo", 1.into(), &["hr"]),
        user("dan", "none".into(), &["bi-users"]),
    ]
}

#[test]
fn a_directory_becomes_what_the_rules_say_and_the_second_plan_is_empty() {
    let app = App::with(CONFIG);
    app.write_json("people.json", &source());
    app.write("out.json", r#"[{"name":"dan@x.org","principalTypeEnum":"LOCAL_USER"}]"#);
    let plan = app.run("plan").exits(0);
    plan.says("syncs.corp-to-out.users.grant[0].when (rollcall.yaml:12:41)");
    app.run("apply --yes").exits(0);
    let people = app.read_json("out.json");
    let told: Vec<_> = people
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let groups = one["groupNames"].as_array().map_or(0, Vec::len);
            format!("{} {} {groups}", one["name"].as_str().unwrap(), one["groupNames"])
        })
        .collect();
    assert!(told.iter().any(|line| line.starts_with(r#"ada@x.org ["sales","users"]"#)), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with(r#"bob@x.org ["sales"]"#)), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with(r#"sales ["users"]"#)), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("dan@x.org")), "who was set aside stays: {told:?}");
    assert_eq!(told.len(), 5, "{told:?}");
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn check_runs_the_tests_and_shows_what_failed() {
    let app = App::with(CONFIG);
    app.write_json("people.json", &source());
    app.run("check --offline").exits(0).says("2 tests of rules");
    app.configure(&CONFIG.replace("expect: { name: ada@x.org }", "expect: { name: ADA@x.org, active: false }"));
    for command in ["check --offline", "check"] {
        let run = app.run(command).exits(1).says("1 test of rules");
        let run = run
            .says("test \"called by the address\" failed: syncs.corp-to-out.tests[0] (rollcall.yaml:15:9)")
            .says("record    {")
            .says("expected  {")
            .says("actual    {");
        run.says("name    ADA@x.org  ada@x.org").says("active  false      nothing");
    }
    let run = app.run("check --offline --format json").exits(1);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["ok"], false);
    assert_eq!(document["tests"][0]["ok"], false);
    assert_eq!(document["tests"][1]["ok"], true);
    let differences = json!([
        { "member": "active", "expected": false, "actual": null },
        { "member": "name", "expected": "ADA@x.org", "actual": "ada@x.org" }
    ]);
    assert_eq!(document["tests"][0]["differences"], differences);
}
