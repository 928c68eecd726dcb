use serde_json::{Value, json};

use super::super::wire::{Page, Row};

fn row(value: Value) -> Row {
    Row::read(value).expect("an object")
}

#[test]
fn a_list_may_be_bare_or_wrapped() {
    let items = json!([{ "id": 1 }, { "id": "2" }]);
    for (body, total) in [
        (items.clone(), None),
        (json!({ "data": items, "total": 9 }), Some(9)),
        (json!({ "totalCount": 9, "items": items, "page": 1 }), Some(9)),
        (json!({ "results": items }), None),
    ] {
        let page = Page::read(body.clone()).expect("a list");
        let ids: Vec<_> = page.rows.iter().filter_map(Row::id).collect();
        assert_eq!((ids, page.total), (vec!["1".into(), "2".into()], total), "{body}");
    }
    for body in [json!({}), json!({ "data": {} }), json!("x"), json!([1]), Value::Null] {
        assert!(Page::read(body.clone()).is_err(), "{body}");
    }
}

#[test]
fn groups_are_integers_texts_or_objects() {
    for groups in [json!([2, 5]), json!(["2", "5"]), json!([{ "id": 2, "name": "x" }, { "id": "5" }])] {
        assert_eq!(row(json!({ "groups": groups })).groups(), Some(vec!["2".into(), "5".into()]), "{groups}");
    }
    assert_eq!(row(json!({})).groups(), None);
    assert_eq!(row(json!({ "groups": [{ "name": "x" }] })).groups(), None, "what is not told is not nothing");
}

#[test]
fn tags_are_texts_or_objects_and_flags_are_flags_or_numbers() {
    let user = row(json!({ "clientTags": ["a", { "name": "b", "id": 3 }, 4], "active": 1, "tfa": false, "name": " " }));
    assert_eq!(user.texts("clientTags"), ["a", "b"]);
    assert_eq!((user.flag("active"), user.flag("tfa"), user.flag("locked")), (Some(true), Some(false), None));
    assert_eq!((user.text("name"), user.text("phone")), (None, None));
}

#[test]
fn a_whole_record_goes_back_without_what_is_only_read() {
    let user = row(json!({
        "id": 7, "createTime": "x", "updateTime": "x", "creator": 1, "name": "Ada", "phone": null, "tfa": true,
        "telegramChatId": "kept",
    }));
    let sent: Vec<_> = user.sendable().keys().cloned().collect();
    assert_eq!(sent, ["name", "telegramChatId", "tfa"]);
}
