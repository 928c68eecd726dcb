//! Where Windows signs people in: nobody is made, members are objects of Active Directory.

use rollcall::sandbox::alteryx::{Authentication, DirectoryObject};
use serde_json::json;

use super::world::{World, error_of, person, team, there, with};

const ALL: &str = "removeDeleted: true, ownership: all";

/// Ana and Ben have signed in before; Finance holds Ana and a group of the directory.
fn windows(people: &[serde_json::Value]) -> World {
    let nested = json!({"sid": "S-1-5-21-9-9-9-1104", "category": "Group", "displayName": "All of Finance",
        "domainName": "EXAMPLE", "sidAccountName": "ben"});
    let seed = json!({"groups": [{"name": "Finance", "directoryGroups": [nested]}, {"name": "Ops"}],
        "users": [there("ana", &["Finance"]), there("ben", &[])]});
    let world = World::with_target(people, &seed, "auth: windows", ALL);
    world.switch(|switches| switches.authentication = Authentication::Windows);
    world
}

#[test]
fn who_has_not_signed_in_is_held_and_names_are_the_directorys() {
    let people = [
        team("Finance"),
        team("Ops"),
        with(&person("ana", &["Finance"]), "displayName", "Somebody Else"),
        person("ben", &["Ops"]),
        person("cy", &["Ops"]),
    ];
    let world = windows(&people);
    let plan = world.plan();
    assert_eq!(plan.changes(), ["update user:ben@example.org"]);
    assert_eq!(plan.held(), ["user:cy@example.org create: target-cannot"]);
    assert!(plan["held"][0]["reason"].as_str().unwrap().contains("first sign-in"), "{plan}");
    world.apply();
    assert_eq!((world.groups_of("ben"), world.person("ana").last_name.as_str()), (vec!["Ops".into()], "Example"));
    world.is_settled();
    // The person signs in, and the next run finds the account.
    let mut all = world.installation();
    all.users.push(serde_json::from_value(there("cy", &[])).unwrap());
    world.seed(all).unwrap();
    world.apply();
    assert_eq!(world.groups_of("cy"), ["Ops"]);
    world.is_settled();
}

#[test]
fn a_group_of_the_directory_is_never_taken_for_a_user() {
    // Its account name is that of ben, who is not in Finance.
    let people = [team("Finance"), team("Ops"), person("ana", &["Finance"]), person("ben", &[])];
    let world = windows(&people);
    world.is_settled();
    world.source(&[team("Finance"), team("Ops"), person("ana", &[]), person("ben", &["Finance"])]);
    world.apply();
    assert!(world.groups_of("ana").is_empty());
    assert_eq!(world.groups_of("ben"), ["Finance"]);
    assert_eq!(world.team("Finance").directory_groups.len(), 1);
    world.is_settled();
}

#[test]
fn an_object_that_is_nobodys_account_stays_and_is_told() {
    let world = windows(&[team("Finance"), team("Ops"), person("ana", &[]), person("ben", &[])]);
    world.meddle("ana", |ana| ana.sid_account_name = Some("aruiz".into()));
    let plan = world.plan();
    assert!(plan.changes().is_empty(), "{plan}");
    let proofs = plan["target"]["proofs"].to_string();
    assert!(proofs.contains("`aruiz`") && proofs.contains("left alone"), "{proofs}");
    // Told by another mark, the account is Ana's.
    world.configure("auth: windows, accountName: displayName", ALL);
    assert_eq!(world.plan().changes(), ["update user:ana@example.org"]);
    world.apply();
    assert!(world.groups_of("ana").is_empty());
    world.is_settled();
}

#[test]
fn a_refused_member_is_told_apart_by_the_account() {
    let people = [team("Finance"), team("Ops"), person("ana", &["Finance", "Ops"]), person("ben", &["Ops"])];
    let world = windows(&people);
    world.switch(|switches| switches.refused_members = vec!["ben@example.org".into()]);
    let report = world.apply_in_part();
    assert_eq!(report.outcomes(), ["done user:ana@example.org", "failed user:ben@example.org"]);
    let error = error_of(&report, "user:ben@example.org");
    assert!(error.contains("User could not be added"), "{error}");
}

#[test]
fn a_group_with_a_group_of_the_directory_in_it_goes_only_by_force() {
    let people = [team("Ops"), person("ana", &[]), person("ben", &[])];
    let world = windows(&people);
    let report = world.apply_in_part();
    let error = error_of(&report, "group:Finance");
    assert!(error.contains("`ben` is an object of Active Directory"), "{error}");
    let left: Vec<DirectoryObject> = world.team("Finance").directory_groups;
    assert_eq!((left.len(), world.groups_of("ana").len()), (1, 1), "nobody was taken out");
    world.configure("auth: windows, forceDelete: true", ALL);
    world.apply();
    assert!(world.group("Finance").is_none());
    world.is_settled();
}
