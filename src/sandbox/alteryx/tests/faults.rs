use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{Server, body, send};
use crate::sandbox::{Fault, FaultKind, Product};

#[tokio::test]
async fn an_ordered_refusal_has_the_body_of_the_product() {
    let server = Server::small().await;
    let fault = FaultKind::Status { code: 503, retry_after: Some("7".to_owned()), body: None, content_type: None };
    server.emulator().inject(Fault::once("usergroups/*", fault));
    assert_eq!(server.get("usergroups").await.0, 200, "the list is not below itself");
    let path = format!("usergroups/{}", server.group_id("Finance"));
    let response = send(server.call(reqwest::Method::GET, &path)).await;
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().ok()), (503, Some("7")));
    let body: serde_json::Value = serde_json::from_str(&response.text().await.expect("a body")).expect("JSON");
    assert!(body["message"].is_string(), "{body}");
}

#[tokio::test]
async fn a_group_created_with_a_lost_reply_is_there() {
    let server = Server::small().await;
    server.emulator().inject(Fault::once("POST usergroups", FaultKind::CutAfter));
    let request = server.call(reqwest::Method::POST, "usergroups").form(&[("name", "Lost"), ("role", "Viewer")]);
    request.send().await.expect_err("no answer");
    assert_eq!(server.group("Lost").name, "Lost");
    assert_eq!(server.emulator().writes().len(), 1);
}

#[tokio::test]
async fn a_slow_reply_comes_late_and_the_token_endpoint_can_fail_too() {
    let server = Server::small().await;
    server.emulator().inject(Fault::once("users", FaultKind::Latency { millis: 60 }));
    let begun = Instant::now();
    assert_eq!(server.get("users").await.0, 200);
    assert!(begun.elapsed() >= Duration::from_millis(60));
    server.emulator().inject(Fault::once("oauth2/token", FaultKind::CutBefore));
    let form = [("grant_type", "client_credentials")];
    server.client.post(server.url("oauth2/token")).form(&form).send().await.expect_err("no answer");
    assert_eq!(
        body(server.client.post(server.url("oauth2/token")).form(&form)).await.1["error"],
        json!("invalid_client")
    );
}
