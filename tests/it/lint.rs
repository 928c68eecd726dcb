//! What is said of the records before anything is written: one list, with where each came from.

use serde_json::{Value, json};

use crate::support::{World, group, people, user, with};

const RULES: &str = "ownership: managed, removeDeleted: true";

/// One of each that a cluster's source can have.
fn odd() -> Vec<Value> {
    let mut odd = people(3);
    odd.extend([
        user("Ada", &["staff"]),
        user("ADA", &["staff"]),
        with(user("bob", &["nowhere"]), "mail", "u001@example.org"),
        user("p\u{430}yp\u{430}l", &["staff"]),
        user("paypal", &["staff"]),
        user("trailing ", &["staff"]),
        user("bell\u{7}", &["staff"]),
        group("inner", &["outer"]),
        group("outer", &["inner"]),
        with(user("eve", &[]), "visibility", "SOMETIMES"),
    ]);
    odd
}

#[test]
fn every_finding_has_its_code_and_its_place() {
    let world = World::new(&odd(), &[], RULES);
    let plan = world.run("plan --format json").exits(0).document();
    let told: Vec<_> = plan["lint"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert!(finding["origin"].as_str().unwrap().starts_with("people.json:"), "{finding}");
            let text = |member: &str| finding[member].as_str().unwrap();
            format!("{} {} {} {}", text("severity"), text("code"), text("kind"), text("name"))
        })
        .collect();
    assert_eq!(
        told,
        [
            "warning group-cycle group inner",
            "warning dangling-group group nowhere",
            "set-aside duplicate-name user ADA",
            "set-aside duplicate-name user Ada",
            "set-aside name-refused-by-target user bell\u{7}",
            "warning mail-used-twice user bob",
            "set-aside unusable-record user eve",
            "warning confusable user paypal",
            "warning confusable user p\u{430}yp\u{430}l",
            "warning invisible-character user trailing ",
            "warning mail-used-twice user u001",
        ]
    );
    let aside: Vec<_> = told.iter().filter(|line| line.starts_with("set-aside")).collect();
    assert_eq!(plan["rejected"].as_array().map(Vec::len), Some(aside.len()));
    let again = world.run("plan --format json").exits(0).document();
    assert_eq!((&again["lint"], &again["digest"]), (&plan["lint"], &plan["digest"]));
}

#[test]
fn the_good_records_go_on() {
    let world = World::new(&odd()[..11], &[], RULES);
    world.run("apply --yes").exits(0);
    let residents = world.cluster.residents();
    assert!(residents.contains(&"trailing ".to_owned()) && residents.contains(&"paypal".to_owned()), "{residents:?}");
    assert!(!residents.contains(&"bell\u{7}".to_owned()), "{residents:?}");
    world.is_settled();
}

#[test]
fn a_person_sees_five_of_each_and_how_many_more() {
    let mut crowd = people(9);
    for person in crowd.iter_mut().skip(1) {
        person["mail"] = json!("all@example.org");
    }
    let world = World::new(&crowd, &[], RULES);
    let run = world.run("plan").exits(0);
    let run = run.says("Lint: 9 findings").says("mail-used-twice · warning · 9");
    assert_eq!(run.out.matches("its mail `all@example.org` is also that of").count(), 5, "{run}");
    run.says("… and 4 more (all in --format json)").says("and 5 more");
    world.source(&people(9));
    let clean = world.run("plan").exits(0);
    assert!(!clean.out.contains("Lint"), "{clean}");
}

#[test]
fn the_list_is_in_the_report_and_under_the_digest_of_a_saved_plan() {
    let world = World::new(&odd()[..6], &[], RULES);
    world.run("plan --out p.json").exits(0);
    let text = world.app.read("p.json");
    assert!(text.contains("duplicate-name"));
    world.app.write("q.json", text.replace("duplicate-name", "dangling-group"));
    world.run("apply --plan q.json --yes").exits(1).complains("digest");
    let report = world.run("apply --plan p.json --yes --format json").exits(0).document();
    assert_eq!(report["lint"], serde_json::from_str::<Value>(&text).unwrap()["lint"]);
}

#[test]
fn a_record_that_the_cluster_would_refuse_removes_nobody() {
    let seed = user("bell\u{7}", &[]);
    let mut source = people(12);
    source.push(seed.clone());
    let world = World::new(&source, &[seed], "ownership: all, removeDeleted: true");
    let plan = world.run("plan --format json").exits(0).document();
    assert_eq!(plan.names("rejected"), ["user:bell\u{7}"]);
    assert!(plan.changes().iter().all(|change| !change.starts_with("delete")), "{plan}");
}
