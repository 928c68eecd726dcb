use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Office, newcomer};
use crate::sandbox::b2core::{ListBody, UserGroups};
use crate::sandbox::{Product as _, RateLimit};

#[tokio::test]
async fn a_list_may_be_wrapped() {
    let office = Office::small().await;
    let bare = office.get("groups").await.1;
    office.switch(|switches| switches.list_body = ListBody::Data);
    assert_eq!(office.get("groups").await.1, json!({"data": bare, "total": 3}));
    let (_, page) = office.get("users?limit=1&offset=1").await;
    assert_eq!((page["data"].as_array().map(Vec::len), &page["total"]), (Some(1), &json!(3)), "the total is of all");
    office.switch(|switches| switches.list_body = ListBody::Items);
    assert_eq!(office.get("groups").await.1, json!({"items": bare}));
}

#[tokio::test]
async fn references_tags_and_ids_have_two_shapes() {
    let office = Office::small().await;
    office.switch(|switches| {
        switches.user_groups = UserGroups::Objects;
        switches.tag_objects = true;
        switches.text_ids = true;
    });
    let (_, ines) = office.get("users/2").await;
    assert_eq!(ines["id"], "2");
    assert_eq!(ines["groups"], json!([{"id": "2", "name": "Support"}, {"id": "3", "name": "Risk"}]));
    assert_eq!(ines["clientTags"], json!([{"name": "vip"}]));
    office.switch(|switches| switches.user_groups = UserGroups::Absent);
    assert!(office.get("users/2").await.1.get("groups").is_none());
    let sent = office.patch("users/2", &json!({"clientTags": [{"name": "gold"}, "vip"]})).await;
    assert_eq!(sent.1["clientTags"], json!([{"name": "gold"}, {"name": "vip"}]), "both are taken");
    assert_eq!(office.emulator().user("ines@example.org").expect("ines")["groups"], json!([2, 3]));
}

#[tokio::test]
async fn statuses_differ() {
    let office = Office::small().await;
    office.switch(|switches| {
        switches.create_status = 200;
        switches.delete_status = 200;
        switches.invalid_status = 422;
        switches.duplicate_status = 409;
    });
    assert_eq!(office.post("users", &json!({})).await.0, 422);
    assert_eq!(office.post("users", &newcomer(&json!({}))).await.0, 200);
    assert_eq!(office.post("users", &newcomer(&json!({}))).await.0, 409);
    assert_eq!(office.post("groups", &json!({"name": "Risk", "permissions": []})).await.0, 409);
    assert_eq!(office.delete("users/4").await, (200, Value::Null));
}

#[tokio::test]
async fn a_put_may_blank_what_it_does_not_send() {
    let office = Office::small().await;
    office.switch(|switches| switches.put_replaces = true);
    let (_, patched) = office.patch("users/2", &json!({"name": "Ines"})).await;
    assert_eq!((&patched["groups"], &patched["active"]), (&json!([2, 3]), &json!(true)), "a PATCH never does");
    let (status, ines) = office.send(Method::PUT, "users/2", &json!({"name": "Ines"})).await;
    assert_eq!((status, &ines["email"]), (200, &json!("ines@example.org")));
    assert_eq!((&ines["groups"], &ines["active"], &ines["phone"]), (&json!([]), &json!(false), &Value::Null));
}

#[tokio::test]
async fn empty_groups_may_be_refused_and_passwords_may_be_longer() {
    let office = Office::small().await;
    assert_eq!(office.patch("users/2", &json!({"groups": []})).await.0, 200);
    office.switch(|switches| {
        switches.empty_groups = false;
        switches.password_length = 16;
    });
    assert_eq!(office.post("users", &newcomer(&json!({"groups": []}))).await.0, 400);
    assert_eq!(office.patch("users/2", &json!({"groups": []})).await.0, 400);
    let (_, refusal) = office.post("users", &newcomer(&json!({}))).await;
    assert_eq!(refusal["errors"]["password"], json!(["must have 16 characters or more"]));
}

#[tokio::test]
async fn an_accepted_write_takes_effect_later() {
    let office = Office::small().await;
    office.switch(|switches| switches.accepted_millis = Some(150));
    assert_eq!(office.post("users", &newcomer(&json!({}))).await, (202, Value::Null));
    assert_eq!(office.patch("users/2", &json!({"active": false})).await, (202, Value::Null));
    assert_eq!(office.delete("users/3").await, (202, Value::Null));
    assert_eq!(office.post("groups", &json!({"name": "Audit", "permissions": []})).await.0, 202);
    let changed: Vec<bool> = office.emulator().writes().iter().map(|entry| entry.write).collect();
    assert_eq!(changed, [true; 4], "the journal counts what was accepted");
    assert_eq!(office.get("users/2").await.1["active"], true);
    assert_eq!((office.get("users/3").await.0, office.get("users/4").await.0), (200, 404));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(office.get("users/2").await.1["active"], false);
    assert_eq!((office.get("users/3").await.0, office.get("users/4").await.0), (404, 200));
    assert_eq!(office.get("groups/4").await.1["name"], "Audit");
}

#[tokio::test]
async fn requests_may_be_limited() {
    let office = Office::small().await;
    office.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 0, burst: 1 }));
    let statuses = [office.get("users").await.0, office.get("users").await.0];
    assert_eq!(statuses, [200, 200]);
    let (status, refusal) = office.get("users").await;
    assert_eq!((status, &refusal["message"]), (429, &json!("too many requests")));
}
