use serde_json::json;

use super::support::{GROUP, Service, USER, answer, group, refusal, reply, status, user};

#[tokio::test]
async fn a_user_name_is_taken_whatever_its_case() {
    let service = Service::small().await;
    assert_eq!(refusal(service.post("Users", &user("ADA@x.test"))).await, (409, "uniqueness".into()));
    let rename = json!([{"op": "replace", "path": "userName", "value": "Ada@X.test"}]);
    assert_eq!(refusal(service.patch("Users/u-bob", &rename)).await, (409, "uniqueness".into()));
    assert_eq!(status(service.patch("Users/u-ada", &rename)).await, 200, "one's own name is free");
    service.switch(|switches| switches.untyped_conflicts = true);
    assert_eq!(refusal(service.post("Users", &user("ada@x.test"))).await, (409, String::new()));
    service.switch(|switches| switches.case_exact_names = true);
    assert_eq!(status(service.post("Users", &user("ada@x.test"))).await, 201);
    assert_eq!(status(service.post("Users", &user("ada@x.test"))).await, 409);
}

#[tokio::test]
async fn group_names_and_external_ids_are_free_unless_switched() {
    let service = Service::small().await;
    assert_eq!(status(service.post("Groups", &group("eng"))).await, 201);
    service.switch(|switches| {
        switches.unique_group_names = true;
        switches.unique_external_ids = true;
    });
    assert_eq!(refusal(service.post("Groups", &group("eng"))).await, (409, "uniqueness".into()));
    assert_eq!(status(service.post("Groups", &group("Eng"))).await, 201, "group names are exact");
    let external = json!({"schemas": [USER], "userName": "eve", "externalId": "e-ada"});
    assert_eq!(refusal(service.post("Users", &external)).await, (409, "uniqueness".into()));
    let external = json!({"schemas": [GROUP], "displayName": "new", "externalId": "e-ada"});
    assert_eq!(status(service.post("Groups", &external)).await, 201, "groups have a space of their own");
    service.switch(|switches| switches.group_conflict_crashes = true);
    let crash = reply(service.post("Groups", &group("eng"))).await;
    assert_eq!(
        (crash.status().as_u16(), &crash.headers()["content-type"]),
        (500, &"text/html; charset=utf-8".parse().expect("ok"))
    );
}

#[tokio::test]
async fn a_group_needs_a_name() {
    let service = Service::small().await;
    assert_eq!(refusal(service.post("Groups", &json!({"schemas": [GROUP]}))).await, (400, "invalidValue".into()));
    let (_, made) = answer(service.post("Groups", &group("new"))).await;
    assert_eq!((&made["displayName"], &made["members"]), (&json!("new"), &json!([])));
}
