//! A cluster through API v2: what is sent for each change, and what is held.

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{WorldV2, group, people, user, with};

const RULES: &str =
    "ownership: managed, removeDeleted: true, guard: { removals: off, budget: off, updates: off, clears: off }";

/// Three groups, one in the other, and people in each.
fn company() -> Vec<Value> {
    vec![
        group("staff", &[]),
        with(group("eng", &["staff"]), "description", "builders"),
        group("ops", &["staff"]),
        user("ada", &["eng"]),
        user("bob", &["eng", "ops"]),
        with(user("eve", &["ops"]), "visibility", "NON_SHARABLE"),
    ]
}

fn settled() -> WorldV2 {
    WorldV2::settled(&company(), "", RULES)
}

/// The company with one member of one principal set.
fn changed(name: &str, member: &str, value: impl Into<Value>) -> Vec<Value> {
    let value = value.into();
    let set =
        |principal: Value| if principal["name"] == name { with(principal, member, value.clone()) } else { principal };
    company().into_iter().map(set).collect()
}

fn refusal(code: u16) -> FaultKind {
    FaultKind::Status { code, retry_after: None, body: None, content_type: None }
}

#[test]
fn everybody_is_made_with_nested_groups_and_the_second_plan_is_empty() {
    let world = WorldV2::new(&company(), &[], "", RULES);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.residents(), ["eng", "ops", "staff", "ada", "bob", "eve"]);
    assert_eq!(world.cluster.groups_of("bob"), ["eng", "ops"]);
    assert_eq!(world.cluster.groups_of("eng"), ["staff"], "a parent is told its children");
    let eve = world.cluster.find("eve").unwrap();
    assert_eq!((eve.display_name.as_str(), eve.mail.as_str()), ("The eve", "eve@example.org"));
    assert!(eve.has_password && eve.mails.is_empty(), "a password, and no mail to anybody");
    assert_eq!(serde_json::to_value(eve.visibility).unwrap(), "NON_SHARABLE");
    assert_eq!(world.cluster.find("eng").unwrap().description, "builders");
    let writes = world.writes();
    assert_eq!(writes[..3], ["groups/create"; 3], "{writes:?}");
    assert_eq!(writes[3..6], ["users/create"; 3], "{writes:?}");
    assert_eq!(writes[6..], ["groups/*/update"; 3], "{writes:?}");
    world.was_well_spoken();
    world.cluster.clear_journal();
    world.is_settled();
    world.nothing_written();
}

#[test]
fn each_value_is_one_update_of_that_principal_alone() {
    let world = settled();
    for (name, member, value) in [
        ("ada", "displayName", "Ada L."),
        ("ada", "mail", "ada@other.example.org"),
        ("ada", "visibility", "NON_SHARABLE"),
        ("eng", "displayName", "Engineering"),
        ("eng", "description", ""),
        ("eng", "visibility", "NON_SHARABLE"),
    ] {
        world.source(&changed(name, member, value));
        world.cluster.clear_journal();
        world.run("apply --yes").exits(0);
        let kind = if name == "ada" { "users" } else { "groups" };
        assert_eq!(world.writes(), [format!("{kind}/*/update")], "{name} {member}");
        world.was_well_spoken();
        world.is_settled();
        world.source(&company());
        world.run("apply --yes").exits(0);
    }
    world.is_settled();
}

/// An update of a name must not touch a list, not even where the product empties those that are left out.
#[test]
fn no_update_empties_a_list() {
    let world = settled();
    world.switch(|switches| switches.omitted_list_clears = true);
    world.source(&[
        with(group("staff", &[]), "displayName", "Everybody"),
        with(with(group("eng", &["staff"]), "description", "builders"), "displayName", "Engineering"),
        group("ops", &["staff"]),
        with(user("ada", &["eng"]), "displayName", "Ada L."),
        user("bob", &["eng"]),
        with(user("eve", &["ops"]), "visibility", "NON_SHARABLE"),
    ]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("ada"), ["eng"]);
    assert_eq!(world.cluster.groups_of("bob"), ["eng"]);
    assert_eq!(world.cluster.groups_of("eng"), ["staff"]);
    world.was_well_spoken();
    world.is_settled();
}

#[test]
fn members_come_and_go_and_those_by_hand_stay() {
    let world = WorldV2::settled(&company(), "", &format!("{RULES}, memberships: managed"));
    world.cluster.add(group("by hand", &[]));
    world.cluster.set("ada", "groupNames", json!(["eng", "by hand"]));
    world.source(&[
        group("staff", &[]),
        with(group("eng", &[]), "description", "builders"),
        group("ops", &["eng"]),
        user("ada", &["ops"]),
        user("bob", &["eng", "ops"]),
        with(user("eve", &[]), "visibility", "NON_SHARABLE"),
    ]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("ada"), ["by hand", "ops"]);
    assert!(world.cluster.groups_of("eve").is_empty());
    assert!(world.cluster.groups_of("eng").is_empty());
    assert_eq!(world.cluster.groups_of("ops"), ["eng"]);
    assert!(world.writes().iter().all(|write| write == "groups/*/update"), "{:?}", world.writes());
    world.was_well_spoken();
    world.is_settled();
}

#[test]
fn who_is_renamed_keeps_account_objects_and_memberships() {
    let known = |name: &str| with(user(name, &["eng"]), "id", "u-1");
    let team = |name: &str| with(group(name, &[]), "id", "g-1");
    let source = |person: &str, group_name: &str| {
        let member = with(known(person), "groupNames", json!([group_name]));
        let newcomer: &[&str] = if group_name == "eng" { &[] } else { &["builders"] };
        vec![team(group_name), with(member, "mail", "ada@example.org"), user("bob", newcomer)]
    };
    let world = WorldV2::settled(&source("ada", "eng"), "", RULES);
    world.cluster.set("ada", "owned", 3);
    let id = world.cluster.find("ada").unwrap().id;
    world.source(&source("lovelace", "builders"));
    assert_eq!(world.plan().changes(), ["rename group:eng", "rename user:ada", "update user:bob"]);
    world.cluster.clear_journal();
    world.run("apply --yes").exits(0);
    let lovelace = world.cluster.find("lovelace").unwrap();
    assert_eq!((lovelace.id, lovelace.owned), (id, 3));
    assert_eq!(world.cluster.groups_of("lovelace"), ["builders"]);
    assert_eq!(world.cluster.groups_of("bob"), ["builders"], "who joins it meets it under its new name");
    assert_eq!(world.writes(), ["groups/*/update", "users/*/update", "groups/*/update"]);
    world.is_settled();
}

/// A second account would be made at the next sign-in.
#[test]
fn who_signs_in_elsewhere_is_not_renamed() {
    let known = |name: &str| with(with(user(name, &[]), "id", "u-1"), "principalTypeEnum", "SAML_USER");
    let world = WorldV2::settled(&[known("ada"), user("bob", &[])], "", RULES);
    assert!(!world.cluster.find("ada").unwrap().has_password, "its provider vouches for it");
    world.source(&[known("lovelace"), user("bob", &[])]);
    let run = world.run("plan --format json").exits(0);
    assert_eq!(run.document().held(), ["user:ada rename: target-cannot"]);
    assert!(run.out.contains("at the identity provider"), "{run}");
    world.run("apply --yes").exits(0);
    world.nothing_written();
}

#[test]
fn what_a_leaver_owns_goes_to_the_heir_by_the_old_interface() {
    let rules = format!("{RULES}, leavers: {{ users: {{ first: delete, transferTo: bob }} }}");
    let world = WorldV2::settled(&company(), "", &rules);
    world.cluster.set("ada", "owned", 5);
    world.cluster.clear_journal();
    let rest: Vec<Value> = company().into_iter().filter(|principal| principal["name"] != "ada").collect();
    world.source(&rest);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("ada").is_none());
    assert_eq!((world.cluster.find("bob").unwrap().owned, world.cluster.lost_objects()), (5, 0));
    assert_eq!(world.writes(), ["user/transfer/ownership", "users/*/delete"]);
    assert_eq!(world.cluster.count("session/login"), 0, "the bearer token serves both interfaces");
    world.is_settled();
    world.cluster.set("bob", "owned", 5);
    world.source(&rest.iter().filter(|principal| principal["name"] != "eve").cloned().collect::<Vec<_>>());
    world.fault("user/transfer/ownership", refusal(400));
    world.run("apply --yes").exits(1).says("handing what");
    assert!(world.cluster.find("eve").is_some(), "whoever was not handed over stays");
}

#[test]
fn groups_that_go_leave_their_members() {
    let world = settled();
    world.source(&[
        group("staff", &[]),
        user("ada", &[]),
        user("bob", &[]),
        with(user("eve", &[]), "visibility", "NON_SHARABLE"),
    ]);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.residents(), ["staff", "ada", "bob", "eve"]);
    assert!(world.cluster.groups_of("bob").is_empty());
    world.is_settled();
}

#[test]
fn leavers_are_switched_off_where_the_setting_says_that_it_works() {
    let world = WorldV2::settled(&company(), "disable: true", RULES);
    let rest: Vec<Value> = company().into_iter().filter(|principal| principal["name"] != "ada").collect();
    let status = |name: &str| serde_json::to_value(world.cluster.find(name).unwrap().account_status).unwrap();
    world.source(&rest);
    assert_eq!(world.plan().changes(), ["disable user:ada"]);
    world.run("apply --yes").exits(0);
    assert_eq!(status("ada"), "INACTIVE");
    world.is_settled();
    world.source(&company());
    assert_eq!(world.plan().changes(), ["enable user:ada"]);
    world.run("apply --yes").exits(0);
    assert_eq!(status("ada"), "ACTIVE");
    assert_eq!(world.cluster.groups_of("ada"), ["eng"]);
    world.was_well_spoken();

    world.switch(|switches| switches.status_by_update = false);
    world.source(&rest);
    world.run("apply --yes").exits(1).says("does not show it");
    assert_eq!(status("ada"), "ACTIVE", "a cluster that passes it over is found out");
}

#[test]
fn who_has_no_address_is_held_unless_the_cluster_does_without() {
    let world = WorldV2::new(&[with(user("ada", &[]), "mail", ""), user("bob", &[])], &[], "", RULES);
    let run = world.run("plan --format json").exits(0);
    assert_eq!(run.document().held(), ["user:ada create: target-cannot"]);
    assert!(run.out.contains("mailRequired: false"), "{run}");
    world.configure("mailRequired: false", RULES);
    world.run("apply --yes").exits(4).says("email is required");
    world.switch(|switches| switches.email_needed = false);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("ada").unwrap().mail, "");
    world.is_settled();
}

/// A group takes its new members in one request, and one by one where it refuses them together.
#[test]
fn a_member_who_is_refused_fails_alone() {
    let world = settled();
    let id = world.cluster.find("ops").unwrap().id;
    let mut source = changed("ada", "groupNames", json!(["eng", "ops"]));
    source.extend([user("max", &["ops"]), user("zoe", &["ops"])]);
    world.source(&source);
    world.cluster.inject(Fault::once(format!("groups/{id}/update"), refusal(400)).times(2));
    let report = world.run("apply --yes --format json").exits(4).document();
    let outcomes = report.outcomes();
    let failed = outcomes.iter().filter(|outcome| outcome.starts_with("failed")).count();
    assert_eq!((failed, outcomes.len()), (1, 3), "{report}");
    assert_eq!(world.cluster.count(&format!("groups/{id}/update")), 4, "together, and then each of three");
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("max"), ["ops"]);
    world.is_settled();
}

#[test]
fn a_lost_answer_is_settled_by_reading_and_nothing_is_sent_twice() {
    for operation in ["users/create", "groups/create"] {
        let world = WorldV2::new(&company(), &[], "", RULES);
        world.fault(operation, FaultKind::CutAfter);
        world.run("apply --yes").exits(0);
        assert_eq!(world.cluster.count(operation), 3, "{operation}");
        world.is_settled();
    }
    let world = settled();
    world.source(&changed("eve", "groupNames", json!(["eng", "ops"])));
    world.cluster.clear_journal();
    world.fault("groups/*", FaultKind::CutAfter);
    world.cluster.clear_journal();
    world.run("apply --yes");
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.groups_of("eve"), ["eng", "ops"]);
    world.is_settled();
}

#[test]
fn the_secret_key_stands_for_the_password() {
    let world = WorldV2::new(&company(), &[], "secretKey: { file: key }", RULES);
    world.app.write("key", "trusted\n");
    world.run("apply --yes").exits(0);
    world.run("check").exits(0).says("signed in as `tsadmin`, API v2, org 0");
    world.app.write("key", "wrong-canary");
    world.cluster.clear_journal();
    let run = world.run("plan").exits(1);
    assert!(run.err.contains("the secret key is wrong") && !run.err.contains("canary"), "{run}");
    assert_eq!(world.cluster.count("auth/token/full"), 1, "a refused secret is not sent again");
}

#[test]
fn a_token_that_ends_in_the_middle_is_renewed() {
    let world = WorldV2::new(&company(), &[], "", RULES);
    world.switch(|switches| switches.seconds_per_call = 30);
    world.run("apply --yes").exits(0);
    assert!(world.cluster.count("auth/token/full") > 1);
    world.is_settled();
}

#[test]
fn what_one_interface_made_the_other_finds() {
    let world = settled();
    let first = world.app.read("rollcall.yaml").replace(", api: v2, pageSize: 3", "");
    world.app.configure(&first);
    world.cluster.clear_journal();
    world.is_settled();
    world.source(&changed("ada", "displayName", "Ada L."));
    world.run("apply --yes").exits(0);
    world.configure("", RULES);
    world.is_settled();
    assert_eq!(world.plan().names("adopted"), Vec::<String>::new(), "what is remembered holds for both");
}

#[test]
fn who_is_there_as_wanted_is_left_alone() {
    let world = WorldV2::new(&people(12), &people(12), "", "ownership: all, removeDeleted: true");
    world.is_settled();
    world.run("check").exits(0).says("release 26.8.0.cl").says("may administrate users and groups");
}
