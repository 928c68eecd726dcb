use reqwest::Method;
use serde_json::json;

use super::support::{Server, body};
use crate::sandbox::Product;

#[tokio::test]
async fn slashes_at_the_end_and_doubled_ones_are_passed_over() {
    let server = Server::small().await;
    for path in ["v3/users/", "/v3/users", "/v3//users//?view=Default", "v3/usergroups/"] {
        let request = server.client.get(server.url(path)).bearer_auth(&server.token);
        let (status, reply) = body(request).await;
        assert!(status == 200 && reply.is_array(), "{path}: {status} {reply}");
    }
    let operations: Vec<String> = server.emulator().journal().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(operations[0], "users", "faults and the journal name what stands below v3");
}

#[tokio::test]
async fn the_base_may_be_another() {
    let server = Server::small().await;
    server.switch(|switches| "/gallery/api".clone_into(&mut switches.base));
    assert_eq!(server.get("users").await.0, 404);
    let url = format!("{}/gallery/api/v3/users", server.sandbox.url("alteryx"));
    assert_eq!(body(server.client.get(url).bearer_auth(&server.token)).await.0, 200);
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_told() {
    let server = Server::small().await;
    let (status, reply) = server.get("people").await;
    assert_eq!(status, 404);
    assert!(reply["message"].as_str().expect("a text").contains("/v3/people"), "{reply}");
    assert_eq!(body(server.call(Method::PATCH, "users")).await.0, 405);
    let nowhere = format!("{}/elsewhere", server.sandbox.url("alteryx"));
    assert_eq!(body(server.client.get(nowhere)).await.0, 404);
}

#[tokio::test]
async fn a_request_that_does_not_ask_for_json_is_remarked_on() {
    let server = Server::small().await;
    server.get("users").await;
    let bare = server.call(Method::GET, "users").header("Accept", "*/*");
    assert_eq!(body(bare).await.0, 200);
    let warnings: Vec<Vec<String>> = server.emulator().journal().into_iter().map(|entry| entry.warnings).collect();
    assert_eq!(json!(warnings), json!([[], ["the request does not accept application/json"]]));
}
