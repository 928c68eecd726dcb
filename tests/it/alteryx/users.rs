//! Users: made, changed without losing anything, renamed, and refused names.

use rollcall::sandbox::Product;
use rollcall::sandbox::alteryx::{EmptyMembers, Release, Role};
use serde_json::json;

use super::world::{RULES, World, person, team, there, with};

#[test]
fn users_and_groups_are_made_with_the_roles_that_are_asked_for_and_no_others() {
    let mut people =
        vec![team("BI Admins"), team("Readers"), person("ana", &["BI Admins"]), person("ben", &["Readers"])];
    people[3] = with(&with(&people[3], "attributes.role", "viewer"), "attributes.language", "de_DE");
    let world = World::with_target(&people, &json!({}), "groupRoles: { BI Admins: Artisan }", RULES);
    let report = world.apply();
    assert!(report.outcomes().iter().all(|outcome| outcome.starts_with("done ")), "{report}");
    assert_eq!((world.team("BI Admins").role, world.team("Readers").role), (Role::Artisan, Role::Evaluated));
    let (ana, ben) = (world.person("ana"), world.person("ben"));
    assert_eq!((ana.role, ana.first_name.as_str(), ana.last_name.as_str()), (Role::Evaluated, "ana", "Example"));
    assert_eq!((ben.role, ben.language.as_deref()), (Role::Viewer, Some("de-de")));
    assert_eq!(world.groups_of("ana"), ["BI Admins"]);
    let tokens = world.journal().iter().filter(|entry| entry.operation == "oauth2/token").count();
    assert_eq!(tokens, 1, "a token is kept");
    let warnings: Vec<_> = world.journal().into_iter().flat_map(|entry| entry.warnings).collect();
    assert!(warnings.is_empty(), "every request asks for JSON: {warnings:?}");
    world.clear_journal();
    world.is_settled();
    assert!(world.writes().is_empty());
}

/// Whatever the server leaves empty, and whatever it has that we do not know, is sent back.
#[test]
fn an_update_changes_one_value_and_keeps_the_rest() {
    for empty in [EmptyMembers::Shown, EmptyMembers::Null, EmptyMembers::Absent] {
        let world = World::settled(&[person("ana", &[])], "", RULES);
        world.meddle("ana", |ana| {
            ana.default_worker_tag = "gpu".into();
            ana.can_assign_jobs = true;
            ana.can_share_for_execution_dcm = true;
            (ana.is_validated, ana.language) = (true, None);
        });
        world.switch(|switches| switches.empty_members = empty);
        let before = world.person("ana");
        world.source(&[with(&person("ana", &[]), "displayName", "Ana María de la Cruz")]);
        world.apply();
        let after = world.person("ana");
        assert_eq!((after.first_name.as_str(), after.last_name.as_str()), ("Ana", "María de la Cruz"), "{empty:?}");
        assert_eq!(after.language.as_deref(), Some("en-us"), "the server takes no empty one");
        let mut expected = before.clone();
        expected.first_name.clone_from(&after.first_name);
        expected.last_name.clone_from(&after.last_name);
        (expected.language, expected.time_zone) = (after.language.clone(), after.time_zone.clone());
        expected.default_credential_id.clone_from(&after.default_credential_id);
        assert_eq!(after, expected, "{empty:?}");
        assert_eq!(after.time_zone.unwrap_or_default(), "");
        world.is_settled();
    }
}

#[test]
fn each_attribute_changes_alone_and_a_cleared_one_is_what_the_server_has_for_nothing() {
    let ana = person("ana", &[]);
    let world = World::settled(std::slice::from_ref(&ana), "", RULES);
    for (name, value, shown) in [
        ("role", json!("Artisan"), json!("Artisan")),
        ("defaultWorkerTag", json!("gpu"), json!("gpu")),
        ("canScheduleJobs", json!("TRUE"), json!(true)),
        ("canPrioritizeJobs", json!(true), json!(true)),
        ("canAssignJobs", json!(true), json!(true)),
        ("canCreateCollections", json!(true), json!(true)),
        ("isApiEnabled", json!(true), json!(true)),
        ("timeZone", json!("Europe/Berlin"), json!("Europe/Berlin")),
        ("language", json!("fr-fr"), json!("fr-fr")),
    ] {
        let member = format!("attributes.{name}");
        let before = serde_json::to_value(world.person("ana")).unwrap();
        world.source(&[with(&ana, &member, value)]);
        world.apply();
        let mut after = serde_json::to_value(world.person("ana")).unwrap();
        assert_eq!(after[name], shown);
        world.is_settled();
        world.source(&[with(&ana, &member, serde_json::Value::Null)]);
        world.apply();
        world.is_settled();
        after = serde_json::to_value(world.person("ana")).unwrap();
        let blank = |value: &serde_json::Value| if *value == "" { serde_json::Value::Null } else { value.clone() };
        assert_eq!(blank(&after[name]), blank(&before[name]), "{name}");
    }
}

#[test]
fn whoever_has_one_name_only_shows_one() {
    let world = World::settled(&[with(&person("cher", &[]), "displayName", "Cher")], "", RULES);
    assert_eq!(world.person("cher").last_name, "-");
    world.is_settled();
    world.configure("noLastName: (none)", RULES);
    world.meddle("cher", |cher| cher.last_name = "(none)".into());
    world.is_settled();
}

#[test]
fn a_rename_keeps_the_account_and_its_memberships() {
    let people = [team("Finance"), person("ana", &["Finance"])];
    let world = World::settled(&people, "", RULES);
    let id = world.person("ana").id;
    let renamed = with(&with(&people[1], "name", "ana.ruiz@example.org"), "groupNames", json!(["Controlling"]));
    world.source(&[with(&people[0], "name", "Controlling"), renamed]);
    assert_eq!(world.plan().changes(), ["rename group:Finance", "rename user:ana@example.org"]);
    world.apply();
    assert_eq!(world.person("ana.ruiz").id, id);
    assert_eq!(world.groups_of("ana.ruiz"), ["Controlling"]);
    assert!(world.user("ana@example.org").is_none() && world.group("Finance").is_none());
    world.is_settled();
}

#[test]
fn the_case_of_an_address_is_no_difference() {
    let world = World::new(&[person("ana", &[])], &json!({"users": [there("Ana", &[])]}), RULES);
    world.source(&[with(&person("ana", &[]), "displayName", "Ana Example")]);
    world.is_settled();
}

#[test]
fn a_name_that_is_no_address_is_held_with_what_to_write() {
    let world = World::new(&[with(&person("ana", &[]), "name", "ana"), person("ben", &[])], &json!({}), RULES);
    let plan = world.plan();
    assert_eq!(plan.changes(), ["create user:ben@example.org"]);
    assert_eq!(plan.held(), ["user:ana create: target-cannot"]);
    assert!(plan["held"][0]["reason"].as_str().unwrap().contains("users.set.name"), "{plan}");
    world.source(&[with(&with(&person("ana", &[]), "name", "ana"), "mail", "ana@example.org")]);
    world.configure("", "users: { set: { name: '{{ mail }}' } }");
    assert_eq!(world.plan().changes(), ["create user:ana@example.org"]);
}

#[test]
fn nobody_becomes_a_curator_without_consent() {
    let people = [team("Curators"), team("Admins"), person("ana", &["Curators"]), person("ben", &[])];
    let seed = json!({"groups": [{"name": "Curators", "role": "Curator"}], "users": [there("ben", &[])]});
    let world = World::new(&people, &seed, RULES);
    world.source(&[
        people[0].clone(),
        with(&people[1], "attributes.role", "CURATOR"),
        people[2].clone(),
        with(&people[3], "attributes.role", "curator"),
    ]);
    let report = world.apply_in_part();
    let held = report.held();
    for line in ["user:ana@example.org join Curators: privileged", "user:ben@example.org update: privileged"] {
        assert!(held.contains(&line.to_owned()), "{held:?}");
    }
    assert_eq!((world.person("ben").role, world.groups_of("ana").len()), (Role::Evaluated, 0));
    assert!(world.group("Admins").is_none_or(|group| group.role != Role::Curator), "{held:?}");
}

#[test]
fn the_owner_of_the_key_is_never_touched() {
    let world = World::new(&[person("ana", &[])], &json!({}), "removeDeleted: true, ownership: all");
    world.apply();
    let admin = with(&person("admin", &[]), "attributes.role", "Viewer");
    world.source(&[person("ana", &[]), admin]);
    let plan = world.plan();
    assert_eq!((plan.changes().len(), plan.held()), (0, vec!["user:admin@example.org update: protected".to_owned()]));
    assert!(world.person("admin").is_active && world.person("admin").role == Role::Curator);
}

#[test]
fn an_older_release_is_served_too() {
    let people = [team("Finance"), person("ana", &["Finance"])];
    let world = World::new(&people, &json!({}), RULES);
    world.switch(|switches| {
        switches.release = Release::R2022;
        (switches.create_status, switches.send_expires_in) = (201, false);
    });
    world.apply();
    world.is_settled();
    world.source(&[people[0].clone(), with(&people[1], "displayName", "Ana Ruiz")]);
    world.apply();
    world.is_settled();
    assert_eq!(world.person("ana").last_name, "Ruiz");
}

/// A role of one's own wins over those of the groups, until it is left to them.
#[test]
fn whoever_would_be_a_curator_by_a_group_from_now_on_waits_for_a_person() {
    let seed = json!({"groups": [{"name": "Curators", "role": "Curator"}], "users": [{"email": "ana@example.org",
        "firstName": "ana", "lastName": "Example", "role": "Viewer", "groups": ["Curators"]}]});
    for role in ["Evaluated", "default", ""] {
        let people = [team("Curators"), with(&person("ana", &["Curators"]), "attributes.role", role)];
        let world = World::new(&people, &seed, RULES);
        let held = world.run("apply --yes --format json").exits(4).document();
        assert_eq!((held.changes(), held.held()), (vec![], vec!["user:ana@example.org update: privileged".to_owned()]));
        assert_eq!(world.person("ana").role, Role::Viewer);
        world.run("apply --yes --override privileged --reason audit").exits(0);
        assert_eq!(world.person("ana").role, Role::Evaluated);
        world.is_settled();
    }
}
