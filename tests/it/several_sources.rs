//! Several sources of one sync: who goes before whom, what is listed, and what one of them can spoil.

use serde_json::{Value, json};

use crate::support::{App, Document, group, user, with};

/// The staff in a JSON file, contractors in a CSV file, both into a file that is the target.
fn app(sources: &str, rules: &str) -> App {
    let app = App::with(&format!(
        "sources:\n{sources}targets: {{ copy: {{ file: {{ path: copy.json }} }} }}\nsyncs:\n  all: {{ to: copy, \
         ownership: managed, removeDeleted: true, guard: {{ removals: off, budget: off }}, {rules} }}\n"
    ));
    app.write_json("staff.json", &[group("staff", &[]), staff("ada"), staff("bob"), staff("eve")]);
    app.write("contractors.csv", "name,displayName,mail,groupNames\nzoe,Zoe,zoe@agency.org,agency\n");
    app
}

const SOURCES: &str = "  staff: { json: { path: staff.json } }\n  contractors: { csv: { users: contractors.csv } }\n";

fn staff(name: &str) -> Value {
    user(name, &["staff"])
}

fn add(app: &App, row: &str) {
    app.write("contractors.csv", format!("{}{row}\n", app.read("contractors.csv")));
}

fn copied(app: &App, name: &str) -> Value {
    let all = app.read_json("copy.json");
    all.as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap_or_default()
}

fn plan(app: &App) -> Document {
    app.run("plan --format json").exits(0).document()
}

/// `shadowed ada contractors.csv:3`.
fn lint(plan: &Document) -> Vec<String> {
    let text = |finding: &Value, member: &str| finding[member].as_str().unwrap().to_owned();
    let findings = plan["lint"].as_array().unwrap().iter();
    findings.map(|one| format!("{} {} {}", text(one, "code"), text(one, "name"), text(one, "origin"))).collect()
}

#[test]
fn both_are_read_and_the_first_goes_before() {
    let app = app(SOURCES, "from: [staff, contractors]");
    add(&app, "Ada,A. Contractor,ada@agency.org,agency");
    add(&app, "ada,Another,ada2@agency.org,agency");
    let app_plan = plan(&app);
    let sources: Vec<_> = app_plan["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["name"], &one["users"], &one["groups"]))
        .collect();
    assert_eq!(
        sources,
        [(&json!("staff"), &json!(3), &json!(1)), (&json!("contractors"), &json!(3), &json!(1))],
        "each is counted before they are merged"
    );
    // A file minds case: `Ada` is another person there.
    assert_eq!(lint(&app_plan), ["shadowed ada contractors.csv:4"]);
    let reason = app_plan["lint"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("staff (staff.json:"), "{reason}");
    assert!(
        reason.ends_with(
            "gives the whole record, before contractors (contractors.csv:4); different: displayName, mail, groupNames"
        ),
        "{reason}"
    );
    app.run("plan").exits(0).says("Lint: 1 finding").says("shadowed · warning · 1").says("before contractors");
    app.run("apply --yes").exits(0);
    assert_eq!(copied(&app, "ada")["groupNames"], json!(["staff"]));
    assert_eq!(copied(&app, "zoe")["groupNames"], json!(["agency"]));
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn the_order_of_from_is_the_precedence() {
    let app = app(SOURCES, "from: [contractors, staff]");
    add(&app, "ada,A. Contractor,ada@agency.org,agency");
    app.run("apply --yes").exits(0);
    let ada = copied(&app, "ada");
    assert_eq!((&ada["displayName"], &ada["groupNames"]), (&json!("A. Contractor"), &json!(["agency"])));
}

#[test]
fn a_union_takes_what_the_first_leaves_open_and_lists_what_differs() {
    let app = app(SOURCES, "from: [staff, contractors], merge: union");
    let mut ada = staff("ada");
    ada.as_object_mut().unwrap().remove("displayName");
    app.write_json("staff.json", &[group("staff", &[]), ada, staff("bob"), staff("eve")]);
    add(&app, "ada,Ada of the agency,ada@agency.org,agency");
    let plan = plan(&app);
    assert_eq!(lint(&plan), ["source-conflict ada contractors.csv:3"]);
    let reason = plan["lint"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("contractors (contractors.csv:3): mail `ada@example.org` of staff (staff.json:"),
        "{reason}"
    );
    assert!(reason.ends_with("wins over `ada@agency.org`"), "{reason}");
    app.run("apply --yes").exits(0);
    let ada = copied(&app, "ada");
    assert_eq!((&ada["displayName"], &ada["mail"]), (&json!("Ada of the agency"), &json!("ada@example.org")));
    assert_eq!(ada["groupNames"], json!(["agency", "staff"]));
    app.run("plan --detailed-exitcode").exits(0);
}

#[test]
fn one_reading_that_is_not_whole_removes_nobody_of_either() {
    let app = app(SOURCES, "from: [staff, contractors], leavers: { users: { first: delete } }");
    add(&app, "rob,Rob,rob@agency.org,agency");
    app.run("apply --yes").exits(0);
    // Eve leaves the staff; the other file may be cut inside its last value.
    app.write_json("staff.json", &[group("staff", &[]), staff("ada"), staff("bob")]);
    app.write("contractors.csv", "name,displayName,mail,groupNames\nzoe,Zoe,zoe@agency.org,agency");
    let unproven = app.run("plan --format json").exits(0).document();
    assert!(unproven.changes().is_empty(), "{unproven}");
    assert_eq!(unproven.held(), ["user:eve delete: unproven-source", "user:rob delete: unproven-source"]);
    let whole: Vec<_> = unproven["sources"].as_array().unwrap().iter().map(|one| one["complete"].clone()).collect();
    assert_eq!(whole, [true, false]);
    app.run("apply --yes").exits(3);
    app.write("contractors.csv", "name,displayName,mail,groupNames\nzoe,Zoe,zoe@agency.org,agency\n");
    assert_eq!(plan(&app).changes(), ["delete user:eve", "delete user:rob"]);
}

#[test]
fn one_that_fails_fails_the_run_and_is_named() {
    let app = app(SOURCES, "from: [staff, contractors]");
    app.write("contractors.csv", "name,displayName\nzoe,\"Zoe\n");
    for command in ["plan", "apply --yes", "plan --format json"] {
        let run = app.run(command).exits(1).fails_once();
        run.complains("source `contractors`").complains("contractors.csv:2");
    }
    app.write_json("staff.json", &[]);
    app.write("staff.json", "[");
    app.run("plan").exits(1).fails_once().complains("source `staff`");
    assert!(!app.path("copy.json").exists());
}

#[test]
fn each_source_meets_what_is_expected_of_it() {
    let sources = "  staff: { json: { path: staff.json }, expect: { users: { min: 3 } } }\n  \
                   contractors: { csv: { users: contractors.csv }, expect: { users: { min: 2 }, sentinels: [\"user:ada\"] } }\n";
    let app = app(sources, "from: [staff, contractors]");
    let refused = app.run("plan --format json").exits(3).document();
    let state = |name: &str, of: &str| refused.limit(name, of)["state"].as_str().unwrap().to_owned();
    assert_eq!(state("expect.min", "users of source staff"), "ok");
    assert_eq!(state("expect.min", "users of source contractors"), "tripped");
    assert_eq!(state("expect.sentinels", "source contractors"), "tripped", "she is in the other one");
    add(&app, "ada,Ada,ada@agency.org,agency");
    app.run("apply --yes").exits(0);
}

#[test]
fn each_source_is_compared_with_its_own_last_reading() {
    let app = app(SOURCES, "from: [staff, contractors], leavers: { users: { first: delete } }");
    for number in 0..20 {
        add(&app, &format!("c{number:02},C,c{number:02}@agency.org,agency"));
    }
    let many: Vec<_> = (0..400).map(|number| staff(&format!("s{number:03}"))).collect();
    app.write_json("staff.json", &many);
    app.run("apply --yes").exits(0);
    // Of 424 users only ten are gone, but they are half of the agency's.
    let rows = app.read("contractors.csv");
    let half: String = rows.split_inclusive('\n').take(12).collect();
    app.write("contractors.csv", half);
    let refused = app.run("plan --format json").exits(3).document();
    assert_eq!(refused.limit("expect.shrink", "users of source contractors")["state"], "tripped");
    assert_eq!(refused.limit("expect.shrink", "users of source staff")["state"], "ok");
}

#[test]
fn a_saved_plan_of_two_sources_is_carried_out() {
    let app = app(SOURCES, "from: [staff, contractors], merge: union");
    add(&app, "ada,Ada of the agency,ada@agency.org,agency");
    app.run("plan --out p.json").exits(0);
    app.run("apply --plan p.json --yes").exits(0);
    app.run("plan --detailed-exitcode").exits(0);
    assert_eq!(copied(&app, "ada")["mail"], "ada@example.org");
}

#[test]
fn another_order_waits_for_a_person() {
    let app = app(SOURCES, "from: [staff, contractors]");
    app.run("apply --yes").exits(0);
    let config = app.read("rollcall.yaml");
    app.configure(&config.replace("from: [staff, contractors]", "from: [contractors, staff]"));
    assert_eq!(plan(&app)["needsPerson"], true);
    app.configure(&config.replace("from: [staff, contractors]", "merge: first, from: [staff, contractors]"));
    assert_eq!(plan(&app)["needsPerson"], false, "it was so before");
}

#[test]
fn whoever_one_of_two_sources_lost_stays_while_the_other_has_her() {
    let app = app(SOURCES, "from: [staff, contractors], leavers: { users: { first: delete } }");
    add(&app, "eve,Eve,eve@agency.org,agency");
    app.run("apply --yes").exits(0);
    app.write_json("staff.json", &[group("staff", &[]), staff("ada"), staff("bob")]);
    let plan = plan(&app);
    assert_eq!(plan.changes(), ["update user:eve"]);
    let groups = &plan.change("user:eve")["groups"];
    assert_eq!((&groups["add"], &groups["remove"]), (&json!(["agency"]), &json!(["staff"])));
}

#[test]
fn two_files_that_cannot_agree_who_is_who() {
    let rules = "from: [staff, other]";
    let app = app("  staff: { json: { path: staff.json } }\n  other: { json: { path: other.json } }\n", rules);
    app.write_json("staff.json", &[with(user("ada", &[]), "id", "1"), with(user("bob", &[]), "id", "2")]);
    app.write_json("other.json", &[with(user("ada", &[]), "id", "2"), user("zoe", &[])]);
    let plan = plan(&app);
    assert_eq!(plan.changes(), ["create user:zoe"]);
    assert_eq!(plan.names("rejected"), ["user:ada", "user:ada", "user:bob"]);
    let first = &plan["lint"][0];
    assert_eq!((&first["severity"], &first["code"]), (&json!("set-aside"), &json!("source-conflict")));
    assert!(first["reason"].as_str().unwrap().contains("staff (staff.json:"), "{first}");
}

#[test]
fn one_of_two_that_is_empty_cannot_be_lifted() {
    let app = app(SOURCES, "from: [staff, contractors]");
    app.write("contractors.csv", "name,displayName,mail,groupNames\n");
    app.run("plan").exits(3).says("the source `contractors` is empty");
    app.run("apply --yes --override expect.min --override expect.shrink --reason sure").exits(3).says("source.empty");
    let nobody = SOURCES.replace("contractors: { csv", "contractors: { expect: { users: { min: 0 } }, csv");
    app.configure(&app.read("rollcall.yaml").replace(SOURCES, &nobody));
    app.run("plan").exits(0);
}
