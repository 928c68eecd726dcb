use serde_json::{Value, json};

use crate::plan::Field;
use crate::principal::{Attributes, Kind, Principal};
use crate::targets::scim::config::ScimConfig;
use crate::targets::scim::convert::{bend, user};
use crate::targets::scim::fields::{self, ATTRIBUTES, Place};
use crate::targets::scim::kept::{lost, remark};
use crate::targets::scim::typed::Choice;
use crate::targets::scim::wire::{ENTERPRISE, Resource};

const WORK: Choice<'_> = Choice { of_type: "work", single: false };

fn resource(value: Value) -> Resource {
    Resource::read(value).unwrap()
}

#[test]
fn every_value_of_a_user_has_its_place() {
    let ada = resource(json!({
        "id": 7, "userName": "ada@x.test", "displayName": "Ada", "active": "true", "title": "CTO", "nickName": "",
        "name": {"givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada Lovelace"},
        "emails": [{"value": "ada@home.test", "type": "home", "primary": true}, {"value": "ada@x.test", "type": "Work"}],
        "phoneNumbers": ["+1 2"], "groups": [{"value": "g1"}],
        ENTERPRISE: {"department": "R&D", "employeeNumber": 42},
    }));
    let row = user(&ada, WORK).unwrap();
    let Principal { name, display_name, mail, active, id, attributes, .. } = row.principal;
    assert_eq!(
        (name.as_str(), display_name.as_deref(), mail.as_deref()),
        ("ada@x.test", Some("Ada"), Some("ada@x.test"))
    );
    assert_eq!((id.as_deref(), active, row.groups), (Some("7"), Some(true), vec!["g1".into()]));
    let told = attributes.unwrap();
    let told: Vec<_> = told.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            "department=R&D",
            "employeeNumber=42",
            "familyName=Lovelace",
            "formattedName=Ada Lovelace",
            "givenName=Ada",
            "phone=+1 2",
            "title=CTO"
        ]
    );
}

#[test]
fn a_user_without_a_name_is_told_of() {
    assert!(user(&resource(json!({"id": "1"})), WORK).unwrap_err().starts_with("has no `userName`"));
}

#[test]
fn what_is_written_is_read_again_and_all_else_stays() {
    let before = json!({
        "id": "1", "userName": "ada", "x": {"y": [1]}, "name": {"middleName": "M"}, "urn:other": {"z": 1},
        "emails": [{"value": "a@home.test", "type": "home"}, {"value": "old@x.test", "type": "work", "primary": "True", "display": "d"}],
    });
    for (field, place) in fields::all() {
        let mut now = resource(before.clone());
        place.write(&mut now, Some("new"), WORK);
        assert_eq!(place.read(&now, WORK).as_deref(), Some("new"), "{field:?}");
        for kept in ["id", "userName", "x", "urn:other"] {
            assert_eq!(now.raw[kept], before[kept], "{field:?}");
        }
        assert_eq!(now.raw["name"]["middleName"], "M");
        assert_eq!(now.raw["emails"][0], before["emails"][0]);
        let listed =
            now.raw.get("schemas").and_then(Value::as_array).is_some_and(|urns| urns.contains(&ENTERPRISE.into()));
        assert_eq!(listed, matches!(place, Place::Extension(_)), "{field:?}");
        place.write(&mut now, None, WORK);
        assert_eq!(place.read(&now, WORK), None, "{field:?}");
    }
}

#[test]
fn our_address_is_the_one_of_our_type_and_a_private_one_never() {
    let pick =
        |single, items: Value| Choice { of_type: "work", single }.value(items.as_array().unwrap()).map(String::from);
    let home = json!({"value": "h", "type": "home", "primary": true});
    assert_eq!(pick(false, json!([home, {"value": "w", "type": "WORK"}])).as_deref(), Some("w"));
    assert_eq!(
        pick(false, json!([{"value": "1", "type": "work"}, {"value": "2", "type": "work", "primary": "true"}]))
            .as_deref(),
        Some("2")
    );
    assert_eq!(pick(false, json!([home, {"value": "u"}])).as_deref(), Some("u"));
    assert_eq!(pick(false, json!([{"value": "o", "type": "other", "primary": true}])).as_deref(), Some("o"));
    assert_eq!(pick(false, json!([home])), None);
    assert_eq!(pick(true, json!([home])).as_deref(), Some("h"), "where there is one address only");
    assert_eq!(pick(false, json!(["plain@x.test"])).as_deref(), Some("plain@x.test"));
    assert_eq!(pick(false, json!([])), None);
}

#[test]
fn a_new_address_is_primary_only_where_none_is() {
    let home = json!([{"value": "h", "type": "home", "primary": true}]);
    let merged = WORK.merged(home.as_array().unwrap(), Some("w"));
    assert_eq!(merged[1], json!({"value": "w", "type": "work", "primary": false}));
    assert_eq!(WORK.merged(&[], Some("w"))[0]["primary"], true);
    assert_eq!(WORK.merged(&[json!("plain")], Some("w")), [json!({"value": "w"})], "texts become objects");
}

#[test]
fn what_a_service_can_hold_is_the_same_after_a_second_look() {
    let mut ada = Principal::new(Kind::User, "ada");
    ada.description = Some("gone".into());
    let values = [("title", json!(5)), ("phone", json!(null)), ("locale", json!({"a": 1})), ("division", json!([]))];
    let values = values.into_iter().map(|(name, value)| (name.into(), value));
    ada.attributes = Some(Box::new(values.collect::<Attributes>()));
    bend(&mut ada);
    let once = format!("{ada:?}");
    bend(&mut ada);
    assert_eq!(format!("{ada:?}"), once);
    let attributes = ada.attributes.unwrap();
    assert_eq!((attributes.get("title"), attributes.get("phone")), (Some(&json!("5")), Some(&Value::Null)));
    assert!(attributes.get("locale").is_none() && attributes.get("division").is_some());
    assert!(ada.description.is_none());
    let mut group = Principal::new(Kind::Group, "eng");
    (group.display_name, group.mail) = (Some("Engineering".into()), Some("eng@x.test".into()));
    bend(&mut group);
    assert!(group.display_name.is_none() && group.mail.is_none());
}

#[test]
fn a_value_that_only_looks_different_is_no_reason_for_a_remark() {
    let sent = vec![
        (Field::Mail, Some("Ada@X.test".into())),
        (Field::DisplayName, Some("Ada ".into())),
        (Field::Attribute("title".into()), Some("CTO".into())),
        (Field::Attribute("phone".into()), None),
    ];
    let stored =
        resource(json!({"emails": [{"value": "ada@x.test", "type": "work"}], "displayName": "Ada", "title": "Boss"}));
    let found = lost(&sent, &stored, WORK);
    assert_eq!(found.len(), 3);
    let told = remark(&found).unwrap();
    assert!(told.contains("`attributes.title` (shows `Boss`)") && !told.contains("mail"), "{told}");
    assert_eq!(remark(&found[..2]), None);
    assert_eq!(lost(&sent[..1].to_vec(), &resource(json!({"emails": ["Ada@X.test"]})), WORK), []);
}

#[test]
fn the_sample_builds_and_takes_every_attribute_of_the_table() {
    let config: ScimConfig =
        serde_yaml::from_str::<std::collections::BTreeMap<String, ScimConfig>>(ScimConfig::EXAMPLE)
            .unwrap()
            .remove("scim")
            .unwrap();
    let target = config.build(&crate::connector::BuildContext::default()).unwrap();
    assert!(ATTRIBUTES.iter().all(|name| target.capabilities().attributes.takes(Kind::User, name)));
    assert!(ATTRIBUTES.is_sorted() && !ATTRIBUTES.contains(&""));
}
