use serde_json::{Value, json};

use super::support::{GROUP, Service, USER, answer, group, refusal, status, user};
use crate::sandbox::scim::{Method, PutWithoutActive};

#[tokio::test]
async fn a_put_replaces_and_what_it_leaves_out_is_gone() {
    let service = Service::small().await;
    let body = json!({"schemas": [USER], "id": "forged", "userName": "ada@x.test", "title": "CTO"});
    let (status, shown) = answer(service.put("Users/u-ada", &body)).await;
    assert_eq!((status, &shown["id"], &shown["title"]), (200, &json!("u-ada"), &json!("CTO")));
    let ada = service.emulator().user("ada@x.test").expect("ada");
    assert_eq!((ada.get("externalId"), ada.get("emails"), ada.get("active")), (None, None, None));
    service.switch(|switches| switches.put_without_active = PutWithoutActive::Deactivates);
    assert_eq!(answer(service.put("Users/u-ada", &body)).await.1["active"], false);
}

#[tokio::test]
async fn a_put_of_a_group_puts_its_members() {
    let service = Service::small().await;
    let body = json!({"schemas": [GROUP], "displayName": "eng", "members": [{"value": "u-bob"}]});
    assert_eq!(status(service.put("Groups/g-eng", &body)).await, 200);
    assert_eq!(service.emulator().members("eng"), ["bob@x.test".to_owned()].into());
    assert_eq!(service.last().changes.groups_updated, ["eng".to_owned()].into());
    let unknown = json!({"schemas": [GROUP], "displayName": "eng", "members": [{"value": "nobody"}]});
    assert_eq!(refusal(service.put("Groups/g-eng", &unknown)).await, (400, "invalidValue".into()));
    assert_eq!(service.emulator().members("eng"), ["bob@x.test".to_owned()].into(), "everybody is back");
    service.switch(|switches| switches.ignore_members_in_put = true);
    assert_eq!(status(service.put("Groups/g-eng", &group("eng"))).await, 200);
    assert_eq!(service.emulator().members("eng").len(), 1);
    service.switch(|switches| switches.ignore_members_in_put = false);
    assert_eq!(status(service.put("Groups/g-eng", &group("eng"))).await, 200);
    assert!(service.emulator().members("eng").is_empty(), "left out is gone");
}

#[tokio::test]
async fn put_can_be_missing() {
    let service = Service::small().await;
    service.switch(|switches| switches.put = Method::NotImplemented);
    assert_eq!(status(service.put("Users/u-ada", &user("ada@x.test"))).await, 501);
    service.switch(|switches| switches.put = Method::NotAllowed);
    assert_eq!(status(service.put("Users/u-ada", &user("ada@x.test"))).await, 405);
    assert_eq!(answer(service.get("Users/u-ada")).await.1["displayName"], "Ada");
    assert_eq!(answer(service.put("Users/nobody", &Value::Null)).await.0, 405);
}
