//! A Curator portal: groups and memberships through endpoints that hardly any page describes.

use rollcall::sandbox::curator::{ListReply, Matching, Memberships, Methods, Parameters, Rows, Spelling, Twice};
use rollcall::sandbox::{FaultKind, Product};
use serde_json::{Value, json};

use crate::support::{Portal, small};

fn user(name: &str, groups: &[&str]) -> Value {
    json!({"name": name, "principalTypeEnum": "LOCAL_USER", "groupNames": groups})
}

fn group(name: &str) -> Value {
    json!({"name": name, "principalTypeEnum": "LOCAL_GROUP"})
}

#[test]
fn a_group_is_made_and_people_go_in_and_out() {
    let portal = Portal::new(
        &[group("Finance"), group("Sales"), group("Asia"), user("ada", &["Sales", "Asia"]), user("bob", &["Finance"])],
        small(),
    );
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["create group:Asia", "update user:ada", "update user:bob"]);
    portal.nothing_written();
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: bob", "Sales: ada", "Asia: ada"]);
    let operations: Vec<String> = portal.writes().into_iter().map(|write| write.operation).collect();
    assert_eq!(operations.iter().filter(|name| *name == "User/addUserToGroup").count(), 3);
    assert_eq!(operations[0], "User/createFrontendGroup");
    portal.is_settled();
    assert_eq!(portal.writes().len(), 5, "the second run writes nothing");
    assert!(portal.requests("User/fetchUser").is_empty() && portal.requests("User/createBackendUser").is_empty());
    assert!(portal.journal().iter().all(|entry| entry.warnings.is_empty()), "{:#?}", portal.journal());
}

/// Nobody can be made, changed or removed: that is told with what a person can do, and never tried.
#[test]
fn what_no_endpoint_offers_is_held_with_advice() {
    let renamed = json!({"name": "bob", "displayName": "Robert", "mail": "rob@x.test",
        "principalTypeEnum": "LOCAL_USER", "groupNames": []});
    let portal = Portal::new(&[group("Finance"), user("eve", &["Finance"]), renamed], small());
    let run = portal.run("plan --format json").exits(0);
    let plan = run.document();
    assert_eq!(
        plan.held(),
        [
            "group:Sales delete: target-cannot",
            "user:ada delete: target-cannot",
            "user:bob update: target-cannot",
            "user:eve create: target-cannot",
        ]
    );
    assert!(plan.changes().is_empty(), "{plan}");
    for advice in
        ["appears in Curator at the first sign-in", "delete the group in Curator's backend", "come with the sign-in"]
    {
        assert!(run.out.contains(advice), "no {advice} in {run}");
    }
    portal.run("apply --yes").exits(0);
    portal.nothing_written();

    portal.log_in("eve", "", "").unwrap();
    assert_eq!(portal.run("plan --format json").document().changes(), ["update user:eve"]);
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada, eve", "Sales: "]);
}

#[test]
fn a_leaver_is_stripped_of_its_groups_where_the_policy_says_so() {
    let portal = Portal::new(&[group("Finance"), group("Sales"), user("bob", &[])], small());
    portal.configure(
        "",
        "ownership: all, removeDeleted: true, leavers: { users: { first: strip } }, guard: { removals: off, budget: off }",
    );
    assert_eq!(portal.run("plan --format json").exits(0).document().changes(), ["strip user:ada"]);
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ", "Sales: "]);
    portal.is_settled();
}

#[test]
fn a_renamed_user_is_held_and_keeps_the_groups() {
    let known =
        |name: &str| json!({"name": name, "id": "u-1", "principalTypeEnum": "LOCAL_USER", "groupNames": ["Finance"]});
    let people = |name: &str| [group("Finance"), group("Sales"), known(name), user("bob", &[])];
    let portal = Portal::new(&people("ada"), small());
    portal.run("apply --yes").exits(0);
    portal.source(&people("lovelace"));
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!((plan.held(), plan.changes()), (vec!["user:ada rename: target-cannot".to_owned()], Vec::new()));
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: "]);
}

#[test]
fn every_assumption_is_a_setting() {
    type Story = (&'static str, fn(&mut rollcall::sandbox::curator::Switches));
    let stories: [Story; 9] = [
        ("userParam: user_id, groupParam: group_id, userRef: id, groupRef: id", |switches| {
            switches.parameters = Parameters::UserIdGroupId;
        }),
        ("userParam: userName, groupParam: groupName", |switches| {
            switches.parameters = Parameters::UserNameGroupName;
        }),
        ("userParam: email, userRef: email", |switches| switches.parameters = Parameters::EmailGroup),
        ("sectionCase: lower", |switches| switches.rows = Rows::Aliased),
        ("membershipsFrom: groups", |switches| switches.memberships = Memberships::Groups),
        ("membershipsFrom: users", |switches| switches.memberships = Memberships::Users),
        ("requestStyle: post", |switches| switches.methods = Methods::Post),
        ("requestStyle: get", |switches| switches.list_reply = ListReply::ById),
        ("requestStyle: get", |switches| switches.list_reply = ListReply::Named),
    ];
    for (keys, change) in stories {
        let portal = Portal::new(
            &[group("Finance"), group("Sales"), group("Asia"), user("ada", &["Asia"]), user("bob", &["Finance"])],
            small(),
        );
        portal.configure(keys, "ownership: all, removeDeleted: true");
        portal.switch(change);
        portal.run("apply --yes").exits(0);
        assert_eq!(portal.groups(), ["Finance: bob", "Sales: ", "Asia: ada"], "{keys}");
        portal.is_settled();
    }
}

#[test]
fn user_names_are_compared_as_the_setting_says() {
    let portal = Portal::new(&[group("Finance"), group("Sales"), user("ADA", &["Sales"]), user("bob", &[])], small());
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(plan.held(), ["user:ADA create: target-cannot", "user:ada delete: target-cannot"]);
    portal.switch(|switches| switches.username_matching = Matching::CaseInsensitive);
    portal.configure("matching: caseInsensitive", "ownership: all, removeDeleted: true");
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ", "Sales: ada"]);
    assert_eq!(portal.requests("User/addUserToGroup")[0].query["username"], "ada", "in the portal's own spelling");
}

/// What cannot be read cannot be taken away, and would be added again and again.
#[test]
fn where_no_list_tells_memberships_none_is_touched() {
    let portal = Portal::new(
        &[group("Finance"), group("Sales"), group("Asia"), user("ada", &["Sales"]), user("bob", &[])],
        small(),
    );
    portal.switch(|switches| switches.memberships = Memberships::None);
    let run = portal.run("plan").exits(0);
    assert!(run.out.contains("does not tell who is in which group"), "{run}");
    portal.run("check").says("no membership is added or removed");
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: ", "Asia: "]);
    portal.is_settled();
}

#[test]
fn a_group_gets_platform_groups_and_attributes_when_it_is_made_and_only_then() {
    let mut seed = small();
    seed["platforms"] = json!({"tableau": [{"server": "main", "site": "__DEFAULT__", "name": "Analysts", "id": "t", "members": ["ada"]}]});
    let with_attributes =
        |region: &str| json!({"name": "Asia", "principalTypeEnum": "LOCAL_GROUP", "attributes": {"region": region}});
    let people = |region: &str| {
        [group("Finance"), group("Sales"), with_attributes(region), user("ada", &["Finance"]), user("bob", &["Asia"])]
    };
    let portal = Portal::new(&people("east"), seed);
    portal.switch(|switches| switches.not_found_spelling = Spelling::Thoughspot);
    let keys = "platforms: { Asia: { tableau: [ { server: main, site: __DEFAULT__, group: Analysts } ], thoughtspot: [Mars] } }, \
                customAttributes: { Asia: { color: blue } }";
    portal.configure(keys, "ownership: all, removeDeleted: true");
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["create group:Asia"], "who is in it is the platform's business: {plan}");
    portal.run("plan").says("something else keeps their members");
    portal.run("apply --yes").says("ThoughtSpot has no group Mars");
    let state = serde_json::to_value(portal.contents()).unwrap();
    assert_eq!(state["groups"][2]["custom_attributes"], json!({"color": "blue", "region": "east"}));
    assert_eq!(state["groups"][2]["members"], json!(["ada"]), "Tableau's own");
    portal.is_settled();
    portal.source(&people("west"));
    portal.is_settled();

    let managed = format!("{keys}, managePlatformGroups: true");
    portal.configure(&managed, "ownership: all, removeDeleted: true, guard: { configChange: off, groupRemovals: off }");
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(plan.changes(), ["update user:ada", "update user:bob"]);
}

#[test]
fn groups_that_show_attached_platforms_are_left_too() {
    let mut seed = small();
    seed["platforms"] = json!({"thoughtspot": [{"name": "Europe", "id": "1", "members": ["ada"]}]});
    seed["groups"][0]["platforms"] = json!({"thoughtspot": ["Europe"]});
    let portal =
        Portal::new(&[group("Finance"), group("Sales"), user("ada", &["Sales"]), user("bob", &["Finance"])], seed);
    portal.switch(|switches| switches.show_platforms = true);
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: ada"]);
    portal.is_settled();
}

/// The answer is lost; the list tells. Nothing is sent twice.
#[test]
fn a_lost_answer_is_settled_by_reading() {
    for (operation, people) in [
        (
            "User/createFrontendGroup",
            [group("Finance"), group("Sales"), group("Asia"), user("ada", &["Finance"]), user("bob", &["Asia"])],
        ),
        (
            "User/addUserToGroup",
            [group("Finance"), group("Sales"), group("Asia"), user("ada", &["Finance", "Asia"]), user("bob", &[])],
        ),
        (
            "User/removeUserFromGroup",
            [group("Finance"), group("Sales"), group("Asia"), user("ada", &[]), user("bob", &[])],
        ),
    ] {
        for fault in [FaultKind::CutAfter, FaultKind::Truncate { bytes: 5 }] {
            let portal = Portal::new(&people, small());
            portal.configure("", "ownership: all, removeDeleted: true, guard: { groupRemovals: off }");
            portal.fault(operation, fault.clone());
            portal.run("apply --yes").exits(0);
            assert_eq!(portal.requests(operation).len(), 1, "{operation} {fault:?}");
            portal.is_settled();
        }
    }
    let portal =
        Portal::new(&[group("Finance"), group("Sales"), user("ada", &["Finance", "Sales"]), user("bob", &[])], small());
    portal.fault("User/addUserToGroup", FaultKind::CutBefore);
    portal.run("apply --yes").exits(1).says("nothing was sent again");
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: "]);
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: ada"]);
}

/// "Already a member" is believed only where the list agrees.
#[test]
fn what_is_said_to_be_so_already_is_looked_up() {
    let portal =
        Portal::new(&[group("Finance"), group("Sales"), user("ada", &["Finance", "Sales"]), user("bob", &[])], small());
    portal.switch(|switches| switches.add_present = Twice::Error);
    let told = json!({"result": "Error", "msg": "User is already a member of this group"}).to_string();
    let lie = FaultKind::Status {
        code: 200,
        retry_after: None,
        body: Some(told),
        content_type: Some("application/json".into()),
    };
    portal.fault("User/addUserToGroup", lie);
    portal.run("apply --yes").exits(1).says("already a member");
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: "]);
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: ada"]);
}

/// A name does not choose between two groups: they are left, and a third is not made.
#[test]
fn two_groups_of_one_name_are_left_as_they_are() {
    let mut seed = small();
    seed["groups"].as_array_mut().unwrap().push(json!({"id": 32, "name": "Finance", "members": ["bob"]}));
    let people = [group("Finance"), group("Sales"), user("ada", &["Sales"]), user("bob", &["Finance"])];
    let portal = Portal::new(&people, seed);
    portal.run("check").says("belong to several");
    let plan = portal.run("plan --format json").exits(0).document();
    assert_eq!(
        (plan.changes(), plan.held()),
        (vec!["update user:ada".into()], vec!["group:Finance create: ambiguous-match".into()])
    );
    portal.run("apply --yes").exits(0);
    assert_eq!(portal.groups(), ["Finance: ada", "Sales: ada", "Finance: bob"]);
}
