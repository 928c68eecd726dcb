use serde_json::{Value, json};

use super::target;
use crate::plan::tests::build::{World, group, user};
use crate::plan::{Action, Change, First};
use crate::principal::{Password, Principal, Visibility};
use crate::targets::thoughtspot::v2::bodies::{
    Operation, attached, changed, detached, members, new_group, new_user, switched,
};

/// The changes of a plan on a product that can do what v2 can.
fn changes(world: World) -> Vec<Change> {
    let can = target(", disable: true").capabilities().clone();
    world.can(|able| *able = can).plan().changes
}

fn principal(draft: crate::plan::tests::build::Draft) -> Principal {
    let can = World::thoughtspot().can.rules;
    crate::plan::tests::build::set_of([draft], can).records()[0].principal.clone()
}

fn everything() -> Vec<Change> {
    let old_user = || user("ada").display("A").mail("a@x").visibility(Visibility::Default).active(true);
    let new_user = || user("ada").display("").mail("").visibility(Visibility::NonSharable).active(true);
    let world = World::thoughtspot()
        .policy(|policy| policy.leavers.users = Some(First::Disable))
        .source([
            group("g").display("").description(""),
            group("moved").id("9"),
            new_user(),
            user("robert").id("2").mail("r@x"),
            user("back").active(true),
        ])
        .target([
            group("g").display("G").description("d"),
            group("gone"),
            group("old").id("t9"),
            old_user(),
            user("rob").mail("b@x"),
            user("back").active(false),
            user("leaver").active(true),
        ])
        .owned("user:rob", "2")
        .owned("group:old", "9")
        .remember("user:back", "", |owned| owned.disabled = true);
    changes(world)
}

/// Whatever an update can hold, it says its operation, and never the one that empties.
#[test]
fn every_update_says_its_operation_and_never_replace() {
    let changes = everything();
    let mut bodies: Vec<Value> = changes.iter().map(|change| changed(change).body()).collect();
    for active in [true, false] {
        bodies.extend(changes.iter().map(|change| switched(change, active).body()));
    }
    for operation in [Operation::Add, Operation::Remove] {
        for (users, groups) in [(&["u"][..], &["g"][..]), (&[], &["g"]), (&["u"], &[]), (&[], &[])] {
            bodies.push(members(operation, users, groups).body());
        }
    }
    bodies.push(attached(&principal(user("ada").mail("a@x").visibility(Visibility::Default)), 1).body());
    bodies.push(detached(1).body());
    assert!(bodies.len() > 20);
    for body in &bodies {
        let operation = body["operation"].as_str();
        assert!(matches!(operation, Some("ADD" | "REMOVE")), "{body}");
        for list in ["user_identifiers", "sub_group_identifiers", "group_identifiers", "org_identifiers"] {
            let named = body.get(list).and_then(Value::as_array);
            assert!(named.is_none_or(|items| !items.is_empty()), "an empty list in {body}");
        }
        assert!(body.get("password").is_none() && body.get("privileges").is_none(), "{body}");
    }
}

#[test]
fn an_update_holds_what_differs_and_nothing_else() {
    let changes = everything();
    let body = |name: &str| changed(changes.iter().find(|change| change.name() == name).unwrap()).body();
    assert_eq!(
        body("ada"),
        json!({"operation": "ADD", "display_name": "ada", "email": "", "visibility": "NON_SHARABLE"})
    );
    assert_eq!(body("g"), json!({"operation": "ADD", "display_name": "g", "description": ""}));
    assert_eq!(body("rob"), json!({"operation": "ADD", "name": "robert", "email": "r@x"}));
    assert_eq!(body("old"), json!({"operation": "ADD", "name": "moved"}));
    let leaver = changes.iter().find(|change| change.action() == Action::Disable).unwrap();
    assert_eq!(switched(leaver, false).body(), json!({"operation": "ADD", "account_status": "INACTIVE"}));
    let back = changes.iter().find(|change| change.action() == Action::Enable).unwrap();
    assert_eq!(switched(back, true).body()["account_status"], "ACTIVE");
}

#[test]
fn a_new_user_has_all_that_is_required_and_no_mail_goes_out() {
    let ada = principal(user("ada").display("Ada").mail("ada@x").visibility(Visibility::NonSharable));
    let secret = Password::new("own");
    assert_eq!(
        new_user(&ada, Some(&secret), Some(3)),
        json!({"name": "ada", "display_name": "Ada", "email": "ada@x", "account_type": "LOCAL_USER",
            "visibility": "NON_SHARABLE", "password": "own", "org_identifiers": ["3"],
            "trigger_welcome_email": false, "trigger_activation_email": false})
    );
    let saml = new_user(&principal(user("eve").typed("SAML_USER")), Some(&secret), None);
    assert_eq!((&saml["account_type"], saml.get("password")), (&json!("SAML_USER"), None), "no password is its own");
    assert_eq!((saml.get("email"), saml.get("org_identifiers"), &saml["display_name"]), (None, None, &json!("eve")));
    assert!(saml.get("group_identifiers").is_none(), "memberships are steps of their own");
}

#[test]
fn a_new_group_has_no_members_yet() {
    let group = principal(group("eng").description("d").groups(["staff"]));
    assert_eq!(
        new_group(&group),
        json!({"name": "eng", "display_name": "eng", "description": "d", "type": "LOCAL_GROUP", "visibility": "SHARABLE"})
    );
}

#[test]
fn members_are_users_and_children() {
    assert_eq!(
        members(Operation::Remove, &["u1", "u2"], &["g1"]).body(),
        json!({"operation": "REMOVE", "user_identifiers": ["u1", "u2"], "sub_group_identifiers": ["g1"]})
    );
    assert_eq!(detached(7).body(), json!({"operation": "REMOVE", "org_identifiers": ["7"]}));
}
