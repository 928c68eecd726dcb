use reqwest::Method;
use serde_json::{Value, json};

use super::support::Portal;
use crate::sandbox::curator::{ASSUMED, Curator, Switches};
use crate::sandbox::{Emulator, Options, Product};

#[tokio::test]
async fn the_state_is_a_seed_of_itself() {
    let portal = Portal::small().await;
    let (status, text) = portal.control(Method::GET, "state", "").await;
    let state: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((status, &state["users"][0]["groups"]), (200, &json!(["Finance"])));
    assert_eq!(state["groups"][0]["members"], json!(["ada@x.test"]));
    assert_eq!(portal.control(Method::PUT, "state", "{}").await.0, 204);
    assert!(portal.emulator().contents().users.is_empty());
    assert_eq!(portal.control(Method::PUT, "state", &text).await.0, 204);
    assert_eq!(serde_json::to_value(portal.emulator().contents()).expect("JSON"), state);
}

#[tokio::test]
async fn a_seed_that_contradicts_itself_is_refused() {
    let portal = Portal::small().await;
    for (bad, word) in [
        (r#"{"users": [{"name": "a"}, {"name": "a"}]}"#, "the user `a`"),
        (r#"{"users": [{"name": "a", "id": 1}, {"name": "b", "id": 1}]}"#, "the user `b`"),
        (r#"{"groups": [{"name": "g"}, {"name": "g"}]}"#, "the group `g`"),
        (r#"{"groups": [{"name": " "}]}"#, "has no name"),
        (r#"{"groups": [{"name": "g", "members": ["x"]}]}"#, "unknown member x"),
        (r#"{"users": [{"name": "a", "groups": ["x"]}]}"#, "unknown group x"),
        (r#"{"people": []}"#, "unknown field"),
    ] {
        let (status, text) = portal.control(Method::PUT, "state", bad).await;
        assert_eq!(status, 400, "{bad}");
        assert!(text.contains(word), "{bad}: {text}");
    }
    assert_eq!(portal.members("Finance"), ["ada@x.test"], "a bad seed changes nothing");
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    let portal = Portal::small().await;
    portal.emulator().log_in("eve", "", "").expect("a sign-in");
    portal.switch(|switches| switches.jit = false);
    portal.ask("User/addUserToGroup", &[]).await;
    let (_, used) = portal.control(Method::GET, "parameters", "").await;
    assert_eq!(used, r#"{"":1}"#);
    assert_eq!(portal.control(Method::POST, "reset", "").await.0, 204);
    assert_eq!(portal.emulator().contents().users.len(), 2);
    assert_eq!(portal.emulator().switches(), Switches::default());
    assert!(portal.emulator().journal().is_empty() && portal.emulator().parameters_used().is_empty());
}

#[tokio::test]
async fn switches_are_set_by_their_json_names() {
    let portal = Portal::small().await;
    let set = json!({"listReply": "byId", "usernameMatching": "caseInsensitive", "restrictedTo": []}).to_string();
    assert_eq!(portal.control(Method::PUT, "switches", &set).await.0, 204);
    let (_, shown) = portal.control(Method::GET, "switches", "").await;
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!((&shown["listReply"], &shown["failureReply"]), (&json!("byId"), &json!("ok")));
    assert_eq!(portal.control(Method::PUT, "switches", r#"{"listReplies": "byId"}"#).await.0, 400);
}

#[test]
fn every_assumption_is_a_switch_and_is_told_at_the_start() {
    let switches = serde_json::to_value(Switches::default()).expect("JSON");
    let remark = Options::remarks().into_iter().find(|(prefix, _)| *prefix == "curator").expect("a remark").1;
    assert_eq!(remark, Curator::REMARK);
    for name in ASSUMED {
        assert!(switches.get(name).is_some(), "{name} is no switch");
        assert!(remark.contains(name), "{name} is not told");
    }
}
