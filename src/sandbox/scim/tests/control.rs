use serde_json::{Value, json};

use super::support::{Service, answer, status, user};
use crate::sandbox::scim::Switches;
use crate::sandbox::{Fault, FaultKind, Product, Secret};

fn control(service: &Service, path: &str) -> String {
    format!("{}/_sandbox/{path}", service.sandbox.url("scim"))
}

#[tokio::test]
async fn the_state_that_is_shown_can_be_put_back() {
    let service = Service::small().await;
    let (_, state) = answer(service.client.get(control(&service, "state"))).await;
    assert_eq!(
        state["groups"][0],
        json!({"id": "g-eng", "displayName": "eng",
        "members": [{"value": "u-ada", "display": "ada@x.test"}]})
    );
    assert_eq!(status(service.delete("Users/u-ada")).await, 204);
    assert_eq!(status(service.client.put(control(&service, "state")).body(state.to_string())).await, 204);
    assert_eq!(answer(service.client.get(control(&service, "state"))).await.1, state);
    let twice = json!({"users": [{"id": "1", "userName": "a"}, {"id": "1", "userName": "b"}]});
    let refused = super::support::reply(service.client.put(control(&service, "state")).body(twice.to_string())).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.text().await.expect("a text"), "two resources have the id 1\n");
}

#[tokio::test]
async fn a_seed_keeps_what_the_rfc_forbids() {
    let service = Service::start(json!({"users": [{"id": 7, "displayName": "no name"}]})).await;
    let (_, shown) = answer(service.get("Users/7")).await;
    assert_eq!((shown.get("userName"), &shown["displayName"]), (None, &json!("no name")));
}

#[tokio::test]
async fn switches_travel_as_json_and_unknown_ones_are_refused() {
    let service = Service::small().await;
    let (_, defaults) = answer(service.client.get(control(&service, "switches"))).await;
    assert_eq!(serde_json::from_value::<Switches>(defaults).expect("switches"), Switches::default());
    let put = |body: Value| service.client.put(control(&service, "switches")).body(body.to_string());
    let some = json!({"hideMembers": true, "totalResults": {"capped": 5}, "memberCap": {"shown": 3},
        "announce": {"patch": false}, "drop": ["User.title"]});
    assert_eq!(status(put(some)).await, 204);
    let switches = service.emulator().switches();
    assert!(switches.hide_members && switches.drop == ["User.title"] && switches.announce.patch == Some(false));
    assert_eq!(status(put(json!({"hideMember": true}))).await, 400);
    assert_eq!(status(put(json!({"patch": "sometimes"}))).await, 400);
}

#[tokio::test]
async fn a_token_ends_until_another_is_set() {
    let service = Service::small().await;
    service.emulator().inject(Fault::once("Users", FaultKind::ExpireSession));
    assert_eq!(status(service.get("Users")).await, 401);
    assert_eq!(status(service.get("Users")).await, 401, "it has ended for good");
    assert_eq!(status(service.client.put(control(&service, "token")).body("\"another\"")).await, 204);
    assert_eq!(status(service.get("Users")).await, 401);
    assert_eq!(status(service.bare("GET", "Users").bearer_auth("another")).await, 200);
    service.emulator().set_token(Secret::new("third"));
    assert_eq!(status(service.bare("GET", "Users").bearer_auth("third")).await, 200);
    assert_eq!(status(service.client.post(control(&service, "reset"))).await, 204);
    assert_eq!(status(service.get("Users")).await, 200);
}

#[tokio::test]
async fn faults_meet_methods_and_answer_in_the_shape_of_the_product() {
    let service = Service::small().await;
    let busy = FaultKind::Status { code: 503, retry_after: Some("1".into()), body: None, content_type: None };
    service.emulator().inject(Fault::once("POST Users", busy));
    service.emulator().inject(Fault::once("Groups/*", FaultKind::CutAfter));
    assert_eq!(status(service.get("Users")).await, 200);
    let (status, error) = answer(service.post("Users", &user("eve"))).await;
    assert_eq!((status, &error["status"]), (503, &json!("503")));
    assert!(service.delete("Groups/g-eng").send().await.is_err(), "the reply is lost");
    assert!(service.emulator().groups().is_empty(), "and the group is gone");
    assert_eq!(service.emulator().writes().len(), 1);
}
