//! Section 2: unmanaged, cleared, and what is never a difference.

use serde_json::json;

use super::build::{Draft, World, group, user};
use super::tell;
use crate::plan::{Field, FieldChange};
use crate::principal::Visibility;

fn between(source: Draft, target: Draft) -> Vec<String> {
    World::file().source([source]).target([target]).story()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_member_left_out_keeps_the_target_value() {
    let full = user("ada")
        .display("Ada")
        .mail("a@x")
        .description("d")
        .visibility(Visibility::NonSharable)
        .attribute("team", json!("bi"))
        .groups(["x"]);
    assert_eq!(World::file().source([user("ada"), group("x")]).target([full, group("x")]).story(), nothing());
}

#[test]
fn an_empty_member_clears() {
    let told = between(
        user("ada").mail("").description("").attribute("team", json!("")).attribute("list", json!([])),
        user("ada").mail("a@x").description("d").attribute("team", json!("bi")).attribute("list", json!(["x"])),
    );
    assert_eq!(
        told,
        [concat!(
            r#"update user ada (changed) description: "d" -> null mail: "a@x" -> null"#,
            r#" attributes.list: ["x"] -> null attributes.team: "bi" -> null"#
        )]
    );
    let plan = World::file().source([user("a").mail("")]).target([user("a").mail("m")]).plan();
    assert!(plan.changes[0].detail().fields.iter().all(FieldChange::clears));
    let plan = World::file().source([user("a").mail("n")]).target([user("a").mail("m")]).plan();
    assert!(!plan.changes[0].detail().fields.iter().any(FieldChange::clears));
}

#[test]
fn nothing_is_nothing_however_it_is_written() {
    let wanted = || user("ada").mail("").display("").description("").groups([]);
    assert_eq!(between(wanted(), user("ada")), nothing());
    assert_eq!(between(wanted(), wanted()), nothing());
    for empty in [json!(null), json!(""), json!([]), json!({})] {
        assert_eq!(between(user("ada").attribute("k", empty.clone()), user("ada")), nothing());
        for other in [json!(null), json!(""), json!([])] {
            let has = user("ada").attribute("k", other);
            assert_eq!(between(user("ada").attribute("k", empty.clone()), has), nothing());
        }
    }
    assert_eq!(
        between(user("ada").attribute("k", json!(false)), user("ada").attribute("k", json!(0))),
        [r"update user ada (changed) attributes.k: 0 -> false"],
        "false and 0 are values"
    );
}

#[test]
fn visibility_that_is_missing_is_the_default() {
    assert_eq!(between(user("a").visibility(Visibility::Default), user("a")), nothing());
    assert_eq!(
        between(user("a").visibility(Visibility::NonSharable), user("a")),
        [r#"update user a (changed) visibility: "DEFAULT" -> "NON_SHARABLE""#]
    );
}

#[test]
fn the_type_is_kept_and_never_a_difference() {
    assert_eq!(between(user("a").typed("LOCAL_USER"), user("a").typed("SAML_USER")), nothing());
    let plan =
        World::file().source([user("a").typed("LDAP_USER").mail("m")]).target([user("a").typed("SAML_USER")]).plan();
    let after = tell::json(plan.changes[0].after().unwrap(), &plan.names);
    assert!(after.contains("SAML_USER") && !after.contains("LDAP_USER"), "{after}");
}

#[test]
fn a_create_uses_the_type_and_the_name_where_nothing_else_is_given() {
    let created = |draft: Draft| {
        let plan = World::file().source([draft]).plan();
        tell::json(plan.changes[0].after().unwrap(), &plan.names)
    };
    assert_eq!(
        created(user("ada")),
        r#"{"name":"ada","displayName":"ada","principalTypeEnum":"LOCAL_USER","groupNames":[]}"#
    );
    assert_eq!(
        created(user("ada").typed("LDAP_USER").id("7")),
        r#"{"name":"ada","displayName":"ada","principalTypeEnum":"LDAP_USER","groupNames":[]}"#,
        "the id of the source is not an id of the target"
    );
    let plan = World::file().source([user("ada").id("7").password("p")]).plan();
    assert_eq!(plan.changes[0].detail().source_id.as_deref(), Some("7"));
    assert_eq!(plan.changes[0].after().unwrap().password.as_ref().unwrap().reveal(), "p");
}

#[test]
fn a_password_is_never_compared() {
    assert_eq!(between(user("a").password("new"), user("a").password("old")), nothing());
}

#[test]
fn an_id_is_never_compared() {
    assert_eq!(between(user("a").id("of the source"), user("a").id("of the target")), nothing());
}

#[test]
fn create_only_members_of_users_are_left_alone_later() {
    let world = World::file()
        .policy(|policy| policy.create_only = vec![Field::Mail, Field::DisplayName, Field::Attribute("team".into())])
        .source([user("ada").mail("new").display("New").attribute("team", json!("new")), user("bob").mail("b")])
        .target([user("ada").mail("old").display("Old").attribute("team", json!("old"))]);
    assert_eq!(world.story(), ["create user bob (new)"]);
    assert_eq!(world.plan().changes[0].after().unwrap().mail.as_deref(), Some("b"));
}

#[test]
fn create_only_is_a_rule_of_users() {
    let world = World::file()
        .policy(|policy| policy.create_only = vec![Field::DisplayName])
        .source([group("x").display("New")])
        .target([group("x").display("Old")]);
    assert_eq!(world.story(), [r#"update group x (changed) displayName: "Old" -> "New""#]);
}

#[test]
fn a_field_is_written_and_read_by_its_name() {
    for field in [Field::DisplayName, Field::Mail, Field::Active, Field::Attribute("a.b".into())] {
        assert_eq!(Field::parse(&field.text()), Some(field));
    }
    assert_eq!(Field::parse("password"), None);
}
