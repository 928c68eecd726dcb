//! Every shape that services were seen to answer with, though the RFCs want another.

use serde_json::{Value, json};

use crate::principal::Kind;
use crate::targets::scim::wire::{Failure, ListPage, Resource};

fn resource(value: Value) -> Resource {
    Resource::read(value).unwrap()
}

#[test]
fn ids_are_words_whatever_their_type() {
    for (id, told) in
        [(json!("1"), "1"), (json!(1001), "1001"), (json!("o@x.test"), "o@x.test"), (json!("usr_1"), "usr_1")]
    {
        assert_eq!(resource(json!({ "id": id })).id().as_deref(), Some(told));
    }
    for none in [json!({}), json!({"id": ""}), json!({"id": null}), json!({"id": {}})] {
        assert_eq!(resource(none).id(), None);
    }
    assert_eq!(Resource::read(json!(null)), None);
    assert_eq!(Resource::read(json!("x")), None);
}

#[test]
fn names_of_members_are_read_in_any_case() {
    let user = resource(json!({"ID": "1", "username": "ada", "Active": "True", "META": {"Version": "W/\"3\""}}));
    assert_eq!(user.name(Kind::User).as_deref(), Some("ada"));
    assert_eq!(user.active(), Some(true));
    assert_eq!(user.version().as_deref(), Some("W/\"3\""));
}

#[test]
fn booleans_may_be_texts_and_may_be_missing() {
    for (value, told) in
        [(json!(true), Some(true)), (json!("False"), Some(false)), (json!("yes"), None), (json!(null), None)]
    {
        assert_eq!(resource(json!({ "active": value })).active(), told);
    }
    assert_eq!(resource(json!({})).active(), None, "that says nothing");
}

#[test]
fn members_are_objects_or_plain_ids_or_not_told() {
    let ids = |value: Value| resource(value).members().map(|ids| ids.join(","));
    assert_eq!(
        ids(json!({"members": [{"value": "1", "display": "ada"}, {"value": 2}, "3"]})).as_deref(),
        Some("1,2,3")
    );
    assert_eq!(ids(json!({"members": []})).as_deref(), Some(""));
    assert_eq!(ids(json!({"members": null})), None);
    assert_eq!(ids(json!({})), None);
    assert_eq!(ids(json!({"members": {"value": "1"}})).as_deref(), Some("1"));
}

#[test]
fn lists_are_read_with_whatever_they_have() {
    let page = ListPage::read(json!({"resources": [{"id": "1"}], "totalresults": "5"})).unwrap();
    assert_eq!((page.rows.len(), page.total, page.next), (1, Some(5), None));
    let page = ListPage::read(json!({"Resources": [null, {"id": 1}], "nextCursor": "abc"})).unwrap();
    assert_eq!((page.rows.len(), page.total, page.next.as_deref()), (2, None, Some("abc")));
    let page = ListPage::read(json!({"totalResults": 0})).unwrap();
    assert_eq!((page.rows.len(), page.total), (0, Some(0)));
    for none in [json!([]), json!({}), json!({"Resources": {}}), json!({"detail": "x"}), json!("html")] {
        assert!(ListPage::read(none).is_err());
    }
}

#[test]
fn errors_are_read_with_whatever_they_have() {
    let told = |body: &str| Failure::read(body).map(|failure| (failure.detail, failure.kind));
    let rfc = r#"{"schemas":[],"status":"409","scimType":"uniqueness","detail":"taken"}"#;
    assert_eq!(told(rfc), Some(("taken".into(), Some("uniqueness".into()))));
    assert_eq!(told(r#"{"status":409,"detail":"taken"}"#), Some(("taken".into(), None)));
    assert_eq!(told(r#"{"schema":"x","message":"no"}"#), Some(("no".into(), None)));
    assert_eq!(told(r#"{"scimType":"noTarget"}"#), Some(("noTarget".into(), Some("noTarget".into()))));
    assert_eq!(told("<html>"), None);
    assert_eq!(told("{}"), None);
}
