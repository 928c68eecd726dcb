//! Answers that are lost, and answers that say nothing: settled by reading, never sent twice.

use rollcall::sandbox::{FaultKind, Product};
use serde_json::json;

use super::world::{RULES, World, error_of, person, team, with};

#[test]
fn a_group_whose_answer_is_lost_is_made_once() {
    let people = [team("Finance"), person("ana", &["Finance"])];
    let world = World::new(&people, &json!({}), RULES);
    world.fault("POST usergroups", FaultKind::CutAfter);
    let report = world.apply();
    assert_eq!(report.outcomes(), ["done group:Finance", "done user:ana@example.org"]);
    assert_eq!(world.installation().groups.len(), 1, "two groups may have one name");
    assert_eq!(world.groups_of("ana"), ["Finance"]);
    world.is_settled();
}

#[test]
fn what_an_answer_does_not_say_is_looked_up() {
    for fault in [FaultKind::Html, FaultKind::InvalidJson, FaultKind::EmptyList] {
        let world = World::new(&[team("Finance"), person("ana", &[])], &json!({}), RULES);
        world.fault("POST usergroups", fault.clone());
        let report = world.apply_in_part();
        error_of(&report, "group:Finance");
        assert!(world.group("Finance").is_none(), "{fault:?}: nothing is sent twice");
        world.apply();
        assert_eq!(world.installation().groups.len(), 1);
        world.is_settled();
    }
}

#[test]
fn lost_answers_to_changes_are_settled_by_reading() {
    let people = [team("Finance"), person("ana", &["Finance"]), person("ben", &["Finance"])];
    let cases = [
        ("PUT users/*", vec![people[0].clone(), with(&people[1], "displayName", "Ana Ruiz"), people[2].clone()]),
        ("PUT usergroups/*", vec![with(&people[0], "attributes.role", "Viewer"), people[1].clone(), people[2].clone()]),
        ("DELETE usergroups/*", vec![people[0].clone(), people[1].clone(), person("ben", &[])]),
        ("POST users/*", people[..2].to_vec()),
    ];
    for (operation, source) in cases {
        let world = World::settled(&people, "", RULES);
        world.source(&source);
        world.fault(operation, FaultKind::CutAfter);
        let report = world.apply();
        assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{operation}: {report}");
        assert_eq!(world.writes().len(), 1, "{operation}: {:?}", world.wrote());
        world.is_settled();
        let world = World::settled(&people, "", RULES);
        world.source(&source);
        world.fault(operation, FaultKind::CutBefore);
        let report = world.apply_in_part();
        assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("failed ")), "{operation}: {report}");
        assert!(world.writes().is_empty(), "{operation}");
        world.apply();
        world.is_settled();
    }
}

/// An answer that claims success without a deed is caught by reading.
#[test]
fn a_deactivation_that_did_not_happen_is_no_success() {
    let world = World::settled(&[person("ana", &[]), person("eve", &[])], "", RULES);
    world.source(&[person("ana", &[])]);
    world.fault("POST users/*", FaultKind::EmptyList);
    let error = error_of(&world.apply_in_part(), "user:eve@example.org");
    assert!(error.contains("does not show it"), "{error}");
    assert!(world.person("eve").is_active);
    world.apply();
    world.is_settled();
}

#[test]
fn somebody_who_changed_between_reading_and_writing_is_left() {
    let people = [person("ana", &[])];
    let world = World::settled(&people, "", RULES);
    world.source(&[with(&people[0], "displayName", "Ana Ruiz")]);
    world.app.run("plan --out saved.json").exits(0);
    world.meddle("ana", |ana| ana.email = "ana.other@example.org".into());
    let run = world.run("apply --plan saved.json --yes --format json");
    assert_eq!(world.person("ana.other").last_name, "Example", "{run}");
    assert!(world.writes().is_empty());
}

#[test]
fn a_token_that_ends_early_is_renewed_and_one_that_is_refused_is_not() {
    let world = World::settled(&[person("ana", &[])], "", RULES);
    world.switch(|switches| switches.token_seconds = 1);
    world.source(&[with(&person("ana", &[]), "displayName", "Ana Ruiz")]);
    world.apply();
    world.switch(|switches| switches.token_seconds = 0);
    world.clear_journal();
    let run = world.run("plan").exits(1);
    let tokens = world.journal().iter().filter(|entry| entry.operation == "oauth2/token").count();
    assert_eq!(tokens, 1, "{run}");
    world.configure("credentials: form", RULES);
    world.switch(|switches| switches.token_seconds = 3600);
    world.is_settled();
}
