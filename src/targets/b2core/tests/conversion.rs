use serde_json::{Value, json};

use super::super::config::TagShape;
use super::super::convert::{bend, is_address, members, newcomer};
use crate::plan::{Action, Change, Coverage, Detail, Field, FieldChange, ReasonCode};
use crate::principal::{Attributes, Kind, Principal};

fn user(name: &str) -> Principal {
    Principal::new(Kind::User, name)
}

fn attributes(all: &[(&str, Value)]) -> Attributes {
    all.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()
}

#[test]
fn what_the_product_does_not_hold_is_not_wanted() {
    let mut ada = user("ada@example.org");
    ada.mail = Some("ada@example.org".into());
    ada.description = Some("x".into());
    ada.display_name = Some(" ".into());
    ada.attributes = Some(Box::new(attributes(&[("phone", json!(431))])));
    bend(&mut ada);
    assert_eq!((ada.mail.as_deref(), ada.description.as_deref()), (None, None));
    assert_eq!(ada.display_name.as_deref(), Some("ada@example.org"), "a name is required");
    assert_eq!(ada.attributes.as_ref().and_then(|all| all.get("phone")), Some(&json!("431")));
    let once = format!("{ada:?}");
    bend(&mut ada);
    assert_eq!(format!("{ada:?}"), once);
}

#[test]
fn a_group_has_one_name() {
    let mut group = Principal::new(Kind::Group, "Zoe\u{308}");
    group.display_name = Some("Else".into());
    group.active = Some(false);
    bend(&mut group);
    assert_eq!((group.display_name.as_deref(), group.active), (Some("Zo\u{eb}"), None));
    let once = format!("{group:?}");
    bend(&mut group);
    assert_eq!(format!("{group:?}"), once);
}

#[test]
fn a_newcomer_is_sent_with_what_is_required_and_what_is_given() {
    let mut ada = user("ada@example.org");
    let body = newcomer(&ada, true, false, TagShape::Strings);
    assert_eq!(
        Value::Object(body),
        json!({ "name": "ada@example.org", "email": "ada@example.org", "active": true, "tfa": true, "sendNotify": false })
    );
    ada.display_name = Some("Ada L".into());
    let given = [("clientTags", json!(["vip"])), ("phone", Value::Null), ("canViewMaskedData", json!(true))];
    ada.attributes = Some(Box::new(attributes(&given)));
    let body = newcomer(&ada, false, true, TagShape::Objects);
    assert_eq!(
        Value::Object(body),
        json!({
            "name": "Ada L", "email": "ada@example.org", "active": true, "tfa": false, "sendNotify": true,
            "clientTags": [{ "name": "vip" }], "phone": "", "canViewMaskedData": true,
        })
    );
}

fn edit(action: Action, fields: &[(Field, Value)], new_name: Option<&str>) -> Change {
    let fields = fields.iter().map(|(field, to)| FieldChange::new(field.clone(), Value::Null, to.clone()));
    let detail = Detail { fields: fields.collect(), new_name: new_name.map(Into::into), ..Detail::default() };
    match Coverage::default().whole() {
        Some(whole) if action.removes() => {
            Change::remove(whole, action, ReasonCode::Gone, user("ada@example.org"), detail)
        }
        _ => Change::edit(action, ReasonCode::Changed, user("ada@example.org"), detail, None),
    }
}

#[test]
fn a_change_sends_the_members_it_is_about_and_clears_without_null() {
    let sent = |change: &Change, shape| Value::Object(members(change, shape));
    let attribute = |name: &str| Field::Attribute(name.into());
    let name = edit(Action::Update, &[(Field::DisplayName, json!("Ada L"))], None);
    assert_eq!(sent(&name, TagShape::Strings), json!({ "name": "Ada L" }));
    let cleared =
        ["phone", "ipWhitelist", "clientTags", "canViewMaskedData"].map(|name| (attribute(name), Value::Null));
    let cleared = edit(Action::Update, &cleared, None);
    assert_eq!(
        sent(&cleared, TagShape::Objects),
        json!({ "phone": "", "ipWhitelist": [], "clientTags": [], "canViewMaskedData": false })
    );
    let renamed = edit(Action::Rename, &[], Some("lovelace@example.org"));
    assert_eq!(sent(&renamed, TagShape::Strings), json!({ "email": "lovelace@example.org" }));
    assert_eq!(sent(&edit(Action::Enable, &[], None), TagShape::Strings), json!({ "active": true }));
    assert_eq!(sent(&edit(Action::Disable, &[], None), TagShape::Strings), json!({ "active": false }));
}

#[test]
fn an_address_is_told_from_a_name() {
    for good in ["ada@example.org", "o'brien+tag@example.org", "j%c3_%2f@example.org", "zoë@bücher.example", "a@b"] {
        assert!(is_address(good), "{good}");
    }
    for bad in ["ada", "", "@example.org", "ada@", "a@b@c", "ada lovelace@x.org", "Ada <ada@x.org>", "a@x.org,b@x.org"]
    {
        assert!(!is_address(bad), "{bad}");
    }
}
