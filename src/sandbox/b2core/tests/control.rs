use reqwest::Method;
use serde_json::json;

use super::support::{Office, answer, newcomer};
use crate::sandbox::Product as _;

#[tokio::test]
async fn what_the_state_shows_can_be_a_seed() {
    let office = Office::small().await;
    office.post("users", &newcomer(&json!({}))).await;
    let state = office.emulator().state();
    assert_eq!(state["users"][3]["hasPassword"], true);
    assert_eq!(state["groups"][0]["name"], "Administrators");
    let put = office.stranger(Method::PUT, "_sandbox/state").body(state.to_string());
    assert_eq!(answer(put).await.0, 204);
    let again = office.emulator().state();
    assert_eq!(again["groups"], state["groups"]);
    let mut mary = state["users"][3].clone();
    (mary["createTime"], mary["updateTime"]) = (json!("2023-11-14T22:13:20+00:00"), json!("2023-11-14T22:13:20+00:00"));
    mary["hasPassword"] = json!(false);
    assert_eq!(again["users"][3], mary, "all but what a seed cannot know");
}

#[tokio::test]
async fn a_seed_that_contradicts_itself_is_refused_and_changes_nothing() {
    let office = Office::small().await;
    for (seed, why) in [
        (json!({"users": [{"email": "a@x.test", "groups": ["Nowhere"]}]}), "unknown group Nowhere"),
        (json!({"users": [{"email": "a@x.test", "groups": [9]}]}), "unknown group 9"),
        (json!({"users": [{"email": "a@x.test", "id": 7}, {"email": "A@x.test", "id": 8}]}), "the address is taken"),
        (json!({"users": [{"email": "a@x.test", "id": 1}]}), "the id 1 is taken"),
        (json!({"groups": [{"name": "A", "id": 2}, {"name": "B", "id": 2}]}), "the id 2 is taken"),
        (json!("nobody"), "invalid"),
    ] {
        let put = office.stranger(Method::PUT, "_sandbox/state").body(seed.to_string());
        let (status, text) = answer(put).await;
        assert!(status == 400 && text.to_string().contains(why), "{seed}: {text}");
    }
    assert!(office.emulator().user("ines@example.org").is_some());
}

#[tokio::test]
async fn switches_are_shown_set_and_spelled_exactly() {
    let office = Office::small().await;
    let put = |body: &'static str| office.stranger(Method::PUT, "_sandbox/switches").body(body);
    let body = r#"{"limitMaximum": 50, "userGroups": "objects", "rateLimit": {"perSecond": 9, "burst": 1}}"#;
    assert_eq!(answer(put(body)).await.0, 204);
    let (_, shown) = answer(office.stranger(Method::GET, "_sandbox/switches")).await;
    assert_eq!((&shown["limitMaximum"], &shown["limitDefault"]), (&json!(50), &json!(20)));
    assert_eq!((&shown["userGroups"], &shown["rateLimit"]["perSecond"]), (&json!("objects"), &json!(9)));
    assert_eq!(answer(put(r#"{"limitMax": 50}"#)).await.0, 400);
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    let office = Office::small().await;
    let fresh = office.emulator().state();
    office.switch(|switches| switches.text_ids = true);
    office.post("users", &newcomer(&json!({"sendNotify": true}))).await;
    office.emulator().distrust();
    assert_eq!(answer(office.stranger(Method::POST, "_sandbox/reset")).await.0, 204);
    assert_eq!(office.emulator().state(), fresh);
    assert!(!office.emulator().switches().text_ids && office.emulator().journal().is_empty());
    assert_eq!(office.get("users").await.0, 200, "the token is good again");
}

#[tokio::test]
async fn no_secret_is_kept_where_it_can_be_read() {
    let office = Office::small().await;
    office.post("users", &newcomer(&json!({"password": "hunter-hunter"}))).await;
    office.signin("mary@example.org", "hunter-hunter").await;
    let (_, pair) = office.signin("admin@example.org", "admin").await;
    let token = pair["accessToken"]["token"].as_str().expect("a token");
    let (_, journal) = answer(office.stranger(Method::GET, "_sandbox/journal")).await;
    let (_, state) = answer(office.stranger(Method::GET, "_sandbox/state")).await;
    for text in [journal.to_string(), state.to_string(), format!("{:?}", office.sandbox)] {
        assert!(!text.contains("hunter") && !text.contains(token) && !text.contains("sandbox-token"), "{text}");
    }
}
