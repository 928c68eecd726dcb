//! Who moved since the last apply, the source or somebody in the target, and what becomes of that.

use serde_json::{Value, json};

use crate::support::{World, group, people, user, with};

const RULES: &str = "ownership: managed";

/// `staff` with three people, and an empty group `bi` that both sides have; all is settled.
fn company() -> Vec<Value> {
    let mut company = people(3);
    company.push(group("bi", &[]));
    company
}

fn settled(rules: &str) -> World {
    World::settled(&company(), &format!("{RULES}{rules}"))
}

/// Somebody in the target gives `u001` another name, puts `u002` into `bi`, and takes `u003` out of `staff`.
fn meddle(world: &World) {
    world.cluster.set("u001", "displayName", "Meddled");
    world.cluster.set("u002", "groupNames", json!(["All", "bi", "staff"]));
    world.cluster.set("u003", "groupNames", json!(["All"]));
    world.cluster.clear_journal();
}

#[test]
fn a_plan_says_who_moved() {
    let world = settled("");
    meddle(&world);
    let mut source = company();
    source[1]["mail"] = "new@example.org".into();
    source[2]["displayName"] = "Second".into();
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001", "update user:u002", "update user:u003"]);
    assert_eq!(
        plan.change("user:u001")["fields"],
        json!([
            { "field": "displayName", "from": "Meddled", "to": "The u001", "cause": "drift" },
            { "field": "mail", "from": "u001@example.org", "to": "new@example.org", "cause": "intended" },
        ])
    );
    assert_eq!(plan.change("user:u002")["groups"], json!({ "add": [], "remove": ["bi"], "causes": { "bi": "drift" } }));
    assert_eq!(
        plan.change("user:u003")["groups"],
        json!({ "add": ["staff"], "remove": [], "causes": { "staff": "drift" } })
    );
    assert_eq!(plan["summary"]["users"]["drift"], 3);
    let text = world.run("plan").exits(0);
    let text = text.says("displayName  changed in the target since").says("- leaves bi  put in in the target since");
    text.says("+ joins  staff  taken out in the target since")
        .says("Note: changed in the target since last applied: 1 value and 2 memberships of 3 principals, set back");
    world.run("explain user:u001").exits(0).says("displayName  changed in the target since");
    world.settle();
    world.is_settled();
    assert_eq!(world.cluster.find("u001").unwrap().display_name, "The u001");
}

#[test]
fn of_a_value_that_both_have_changed_both_are_told() {
    let world = settled("");
    world.cluster.set("u001", "displayName", "Meddled");
    let mut source = company();
    source[1]["displayName"] = "First".into();
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.change("user:u001")["fields"][0]["cause"], "conflict");
    world.run("plan").exits(0).says("displayName  changed in the target and in the source since");
}

#[test]
fn kept_it_stands_and_the_rest_goes_on_run_after_run() {
    let world = settled(", drift: keep");
    meddle(&world);
    world.run("plan --detailed-exitcode").exits(0).says("left so (`drift: keep`)");
    let mut source = company();
    source[1]["mail"] = "new@example.org".into();
    source[3]["displayName"] = "Third".into();
    world.source(&source);
    for _ in 0..2 {
        let report = world.run("apply --yes --format json").exits(0).document();
        let notes = report["notes"].as_array().unwrap();
        let note = "changed in the target since last applied: 1 value and 2 memberships of 3 principals, left so (`drift: keep`)";
        assert!(notes.contains(&note.into()), "{report}");
    }
    let first = world.cluster.find("u001").unwrap();
    assert_eq!((first.display_name.as_str(), first.mail.as_str()), ("Meddled", "new@example.org"));
    assert_eq!(world.cluster.find("u003").unwrap().display_name, "Third");
    assert_eq!(world.cluster.groups_of("u002"), ["bi", "staff"]);
    assert_eq!(world.cluster.groups_of("u003"), Vec::<String>::new());
    world
        .run("explain user:u002")
        .exits(0)
        .says("what differs was changed in the target since, and `drift: keep` leaves it so");
    // What was left is still drift when somebody changes their mind.
    world.rules(&format!("{RULES}, drift: repair"));
    world.settle();
    world.is_settled();
    assert_eq!(world.cluster.groups_of("u002"), ["staff"]);
}

#[test]
fn a_right_that_is_kept_is_told() {
    let world = settled(", drift: keep");
    world.cluster.set("u001", "groupNames", json!(["All", "Administrator", "staff"]));
    let plan = world.run("plan --format json").exits(0).document();
    assert!(plan.changes().is_empty());
    let note = "user `u001` was put into the privileged group `Administrator` in the target since, and stays in it (`drift: keep`)";
    assert!(plan["notes"].as_array().unwrap().contains(&note.into()), "{plan}");
    // Whoever leaves, leaves.
    let source = [company()[0].clone(), company()[2].clone(), company()[3].clone(), company()[4].clone()];
    world.source(&source);
    world.rules(&format!("{RULES}, drift: keep, removeDeleted: true"));
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["delete user:u001"]);
}

#[test]
fn reported_it_is_held_and_told_what_to_do() {
    let world = settled(", drift: report");
    meddle(&world);
    let mut source = company();
    source[1]["displayName"] = "First".into();
    source[2]["mail"] = "new@example.org".into();
    world.source(&source);
    let report = world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.changes(), ["update user:u002"]);
    let held = ["user:u001 update: drift", "user:u002 leave bi: drift", "user:u003 join staff: drift"];
    assert_eq!(report.held(), held);
    let told = &report["held"][0];
    assert_eq!(told["reason"], "`displayName` was changed in the source and in the target since it was last applied");
    assert!(told["advice"].as_str().unwrap().contains("drift: repair"));
    let again = world.run("apply --yes --format json").exits(0).document();
    assert_eq!((again.changes(), again.held()), (Vec::new(), held.map(String::from).to_vec()));
    world.run("explain user:u003").exits(0).says("joining `staff` is held");
}

#[test]
fn a_saved_plan_keeps_what_it_knows_of_who_moved() {
    let world = settled("");
    meddle(&world);
    world.run("plan --out p.json").exits(0);
    let report = world.run("apply --plan p.json --yes --format json").exits(0).document();
    assert_eq!(report["digest"], world.app.read_json("p.json")["digest"]);
    assert_eq!(report.change("user:u001")["fields"][0]["cause"], "drift");
    // It is remembered as any other apply.
    world.cluster.set("u001", "displayName", "Again");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.change("user:u001")["fields"][0]["cause"], "drift");
}

#[test]
fn a_state_that_is_lost_costs_the_difference_and_nothing_else() {
    let world = settled(", drift: keep");
    meddle(&world);
    std::fs::remove_file(world.app.path("rollcall.db")).unwrap();
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:u001", "update user:u002", "update user:u003"]);
    assert_eq!(plan.change("user:u001")["fields"][0].get("cause"), None);
    assert_eq!(plan["summary"]["users"].get("drift"), None);
}

#[test]
fn who_is_found_as_wanted_is_remembered_too() {
    let world = World::new(&company(), &company(), &format!("{RULES}, drift: keep"));
    world.settle();
    world.nothing_written();
    meddle(&world);
    world.run("plan --detailed-exitcode").exits(0).says("1 value and 2 memberships of 3 principals, left so");
    let mut source = company();
    source.push(with(user("new", &["bi"]), "mail", "n@example.org"));
    world.source(&source);
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["create user:new"]);
}
