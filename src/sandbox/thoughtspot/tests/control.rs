use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Cluster, body, group, send, status, user};

fn control(cluster: &Cluster, method: Method, path: &str) -> reqwest::RequestBuilder {
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    client.request(method, format!("{}/_sandbox/{path}", cluster.sandbox.url("thoughtspot")))
}

#[tokio::test]
async fn the_journal_is_shown_filtered_and_emptied() {
    let cluster = Cluster::small().await;
    cluster.sync(&json!([user("eve", &[])]), true, false).await;
    let (answered, all) = body(control(&cluster, Method::GET, "journal")).await;
    assert_eq!((answered, all.as_array().map(Vec::len)), (200, Some(2)));
    let (_, writes) = body(control(&cluster, Method::GET, "journal?writes=true")).await;
    assert_eq!(writes.as_array().map(Vec::len), Some(1));
    assert_eq!(writes[0]["changes"]["usersAdded"], json!(["eve"]));
    assert_eq!(writes[0]["product"], "thoughtspot");
    assert_eq!(status(control(&cluster, Method::DELETE, "journal")).await, 204);
    assert_eq!(body(control(&cluster, Method::GET, "journal")).await.1, json!([]));
}

#[tokio::test]
async fn state_is_shown_and_replaced() {
    let cluster = Cluster::small().await;
    let seed = json!([
        group("ops", &[]),
        {"name": "zoe", "principalTypeEnum": "LOCAL_USER", "groupNames": ["ops"], "owned": 2,
         "password": "zoes", "created": 5, "id": "fixed"},
    ]);
    assert_eq!(status(control(&cluster, Method::PUT, "state").body(seed.to_string())).await, 204);
    let (_, state) = body(control(&cluster, Method::GET, "state")).await;
    let zoe = state["principals"].as_array().and_then(|all| all.last()).expect("zoe").clone();
    assert_eq!((&zoe["name"], &zoe["displayName"], &zoe["owned"]), (&json!("zoe"), &json!("zoe"), &json!(2)));
    assert_eq!((&zoe["hasPassword"], &zoe["created"], &zoe["id"]), (&json!(true), &json!(5), &json!("fixed")));
    assert_eq!(zoe["groupNames"], json!(["All", "ops"]));
    assert_eq!(state["lostObjects"], 0);
    assert!(cluster.state("ada").is_none());
    assert_eq!(cluster.list().await.len(), 9, "the session goes on");

    for bad in ["{}", "[{}]", r#"[{"name": "x", "principalTypeEnum": "LOCAL_USER", "groupNames": ["no"]}]"#] {
        let response = send(control(&cluster, Method::PUT, "state").body(bad)).await;
        assert_eq!(response.status(), 400, "{bad}");
        assert!(!response.text().await.expect("a text").is_empty());
    }
    assert!(cluster.state("zoe").is_some(), "a bad seed changes nothing");
}

#[tokio::test]
async fn a_list_can_be_a_seed() {
    let cluster = Cluster::small().await;
    let before = cluster.list().await;
    let seed = Value::from(before.clone()).to_string();
    assert_eq!(status(control(&cluster, Method::PUT, "state").body(seed)).await, 204);
    assert_eq!(cluster.list().await, before);
}

#[tokio::test]
async fn switches_and_the_clock_are_set() {
    let cluster = Cluster::small().await;
    let put = |text: &'static str| control(&cluster, Method::PUT, "switches").body(text);
    assert_eq!(status(put(r#"{"activate": true}"#)).await, 204);
    let (_, switches) = body(control(&cluster, Method::GET, "switches")).await;
    assert_eq!((&switches["activate"], &switches["foldUsers"]), (&json!(true), &json!(true)));
    assert_eq!(status(put(r#"{"activated": true}"#)).await, 400);

    assert_eq!(status(control(&cluster, Method::PUT, "clock").body("41")).await, 204);
    cluster.sync(&json!([user("eve", &[])]), true, false).await;
    assert_eq!(cluster.state("eve").expect("eve").created, 42);
    assert_eq!(cluster.emulator().clock(), 42);
}

#[tokio::test]
async fn faults_are_queued_shown_and_forgotten() {
    let cluster = Cluster::small().await;
    let faults = json!([
        {"on": "user/list", "fault": "html"},
        {"on": "*", "times": 2, "skip": 1, "applyChanges": true, "fault": {"status": {"code": 429}}},
    ]);
    let post = |text: String| control(&cluster, Method::POST, "faults").body(text);
    assert_eq!(status(post(faults.to_string())).await, 204);
    let (_, shown) = body(control(&cluster, Method::GET, "faults")).await;
    assert_eq!(shown[1], faults[1]);
    assert_eq!(status(control(&cluster, Method::DELETE, "faults")).await, 204);
    assert_eq!(body(control(&cluster, Method::GET, "faults")).await.1, json!([]));
    assert_eq!(status(post(r#"[{"on": "*", "fault": "mistyped"}]"#.to_owned())).await, 400);
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    let cluster = Cluster::small().await;
    let fresh = cluster.emulator().principals();
    cluster.switch(|switches| switches.activate = true);
    cluster.sync(&json!([user("eve", &[])]), true, true).await;
    assert_eq!(status(control(&cluster, Method::POST, "reset")).await, 204);
    assert_eq!(cluster.emulator().principals(), fresh);
    assert!(!cluster.emulator().switches().activate);
    assert!(cluster.emulator().journal().is_empty());
    assert_eq!(status(cluster.get("user/list")).await, 401, "sessions have ended");
    assert_eq!(cluster.login("tsadmin", "admin").await, 204);
}
