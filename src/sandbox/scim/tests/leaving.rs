use serde_json::{Value, json};

use super::support::{Service, USER, answer, status, user};
use crate::sandbox::scim::{Deactivation, Delete, DeleteAnswer};

fn active(active: bool) -> Value {
    json!([{"op": "replace", "path": "active", "value": active}])
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_out_of_every_group() {
    let service = Service::small().await;
    assert_eq!(answer(service.delete("Users/u-ada")).await, (204, Value::Null));
    assert_eq!(service.last().changes.users_deleted, ["ada@x.test".to_owned()].into());
    assert_eq!(status(service.delete("Users/u-ada")).await, 404);
    assert_eq!(status(service.get("Users/u-ada")).await, 404);
    assert!(service.emulator().members("eng").is_empty());
    assert_eq!(status(service.delete("Groups/g-eng")).await, 204);
    assert!(service.emulator().groups().is_empty());
}

#[tokio::test]
async fn memberships_of_the_deleted_can_dangle() {
    let service = Service::small().await;
    service.switch(|switches| switches.dangling_members = true);
    assert_eq!(status(service.delete("Users/u-ada")).await, 204);
    assert_eq!(service.emulator().members("eng"), ["u-ada".to_owned()].into());
}

#[tokio::test]
async fn delete_can_deactivate_answer_with_a_body_or_be_refused() {
    let service = Service::small().await;
    service.switch(|switches| {
        switches.delete = Delete::Deactivates;
        switches.delete_answer = DeleteAnswer::Body;
    });
    assert_eq!(answer(service.delete("Users/u-ada")).await, (200, json!({"id": "u-ada"})));
    assert_eq!(service.last().changes.users_updated, ["ada@x.test".to_owned()].into());
    assert_eq!(answer(service.get("Users/u-ada")).await.1["active"], false);
    assert_eq!(status(service.delete("Users/u-ada")).await, 200, "again");
    service.switch(|switches| switches.delete = Delete::NotAllowed);
    assert_eq!(status(service.delete("Users/u-ada")).await, 405);
}

#[tokio::test]
async fn a_deactivated_user_can_be_out_of_sight_until_activated() {
    let service = Service::small().await;
    service.switch(|switches| switches.deactivation = Deactivation::Hidden);
    assert_eq!(status(service.patch("Users/u-ada", &active(false))).await, 200);
    assert_eq!(status(service.get("Users/u-ada")).await, 404);
    let (_, page) = answer(service.get("Users?startIndex=1&count=9")).await;
    assert_eq!((&page["totalResults"], &page["Resources"][0]["id"]), (&json!(1), &json!("u-bob")));
    let rename = json!([{"op": "replace", "path": "title", "value": "x"}]);
    assert_eq!(status(service.patch("Users/u-ada", &rename)).await, 404);
    assert_eq!(status(service.delete("Users/u-ada")).await, 404);
    assert_eq!(status(service.put("Users/u-ada", &user("ada@x.test"))).await, 404);
    assert_eq!(status(service.post("Users", &user("ada@x.test"))).await, 409, "the name is still taken");
    assert_eq!(status(service.patch("Users/u-ada", &active(true))).await, 200);
    assert_eq!(status(service.get("Users/u-ada")).await, 200);
    assert_eq!(service.emulator().members("eng").len(), 1);
}

#[tokio::test]
async fn a_deactivated_user_can_lose_name_and_groups() {
    let service = Service::small().await;
    service.switch(|switches| switches.deactivation = Deactivation::Obscured);
    assert_eq!(status(service.patch("Users/u-ada", &active(false))).await, 200);
    assert!(service.emulator().user("ada@x.test").is_none());
    assert!(service.emulator().members("eng").is_empty());
    assert_eq!(status(service.post("Users", &user("ada@x.test"))).await, 201, "the name is free");
    assert_eq!(status(service.get("Users/u-ada")).await, 404);
}

#[tokio::test]
async fn deactivation_can_be_the_end() {
    let service = Service::small().await;
    service.switch(|switches| switches.deactivation = Deactivation::Deletes);
    let body = json!({"schemas": [USER], "userName": "bob@x.test", "active": false});
    assert_eq!(status(service.patch("Users/u-ada", &active(false))).await, 204);
    assert_eq!(status(service.put("Users/u-bob", &body)).await, 404);
    assert!(service.emulator().users().is_empty());
}
