use reqwest::multipart::Form;
use serde_json::{Value, json};

use super::support::{Cluster, body, debug, group, send, user, with};

/// Refused with this status and text, and nothing is applied.
async fn refused(cluster: &Cluster, principals: &Value, expected: u16, text: &str) {
    let before = cluster.emulator().principals();
    let (status, error) = cluster.sync(principals, true, true).await;
    assert_eq!(status, expected, "{error}");
    assert!(debug(&error).contains(text), "{error}");
    assert_eq!(cluster.emulator().principals(), before);
    assert!(cluster.emulator().writes().is_empty());
}

#[tokio::test]
async fn only_multipart_is_taken() {
    let cluster = Cluster::small().await;
    let response = send(cluster.post("user/sync").form(&[("applyChanges", "false")])).await;
    assert_eq!(response.status(), 415);
    assert_eq!(response.text().await.expect("a body"), "");
    assert_eq!(body(cluster.post("user/sync").json(&json!([]))).await, (415, Value::Null));
    assert_eq!(body(cluster.post("user/sync")).await, (415, Value::Null));
}

#[tokio::test]
async fn a_local_newcomer_needs_a_password() {
    let cluster = Cluster::small().await;
    let people = || json!([user("eve", &[])]).to_string();
    let form = |people: String| Form::new().text("principals", people).text("removeDeleted", "false");
    let (status, error) = cluster.sync_form(form(people()).text("applyChanges", "true")).await;
    assert_eq!(status, 500);
    assert!(debug(&error).contains("password"), "{error}");
    let (status, _) = cluster.sync_form(form(people()).text("password", "")).await;
    assert_eq!(status, 500, "an empty password is none, also in a dry run");
    assert!(cluster.state("eve").is_none());
}

#[tokio::test]
async fn contradictions_are_refused_as_a_whole() {
    let cluster = Cluster::small().await;
    let newcomer = user("eve", &[]);
    refused(&cluster, &json!([newcomer, user("EVE", &[])]), 500, "more than once").await;
    refused(&cluster, &json!([newcomer, group("g", &[]), group("g", &[])]), 500, "more than once").await;
    refused(&cluster, &json!([newcomer, user("ada", &["nowhere"])]), 500, "unknown group nowhere").await;
    refused(&cluster, &json!([newcomer, user("ada", &["eng"])]), 500, "unknown group eng").await;
    let circle = json!([newcomer, group("staff", &["eng"]), group("eng", &["staff"])]);
    refused(&cluster, &circle, 500, "contain itself").await;
    refused(&cluster, &json!([newcomer, group("own", &["own"])]), 500, "contain itself").await;
}

#[tokio::test]
async fn a_circle_through_an_unlisted_group_is_found() {
    let cluster = Cluster::small().await;
    let (status, error) = cluster.sync(&json!([group("staff", &["eng"])]), true, false).await;
    assert_eq!(status, 500, "{error}");
}

#[tokio::test]
async fn incomplete_records_are_refused() {
    let cluster = Cluster::small().await;
    let nameless = with(user("eve", &[]), &json!({"name": null}));
    refused(&cluster, &json!([nameless]), 400, "has no name").await;
    let undisplayed = with(user("eve", &[]), &json!({"displayName": null}));
    refused(&cluster, &json!([undisplayed]), 400, "has no displayName").await;
    let untyped = with(user("eve", &[]), &json!({"principalTypeEnum": null}));
    refused(&cluster, &json!([untyped]), 400, "has no principalTypeEnum").await;
    let odd = with(user("eve", &[]), &json!({"principalTypeEnum": "ROBOT"}));
    refused(&cluster, &json!([odd]), 400, "ROBOT").await;
    refused(&cluster, &json!({"name": "eve"}), 400, "principals").await;
    let (status, error) = cluster.sync_form(Form::new().text("applyChanges", "true")).await;
    assert_eq!(status, 400);
    assert!(debug(&error).contains("principals is missing"), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let cluster = Cluster::small().await;
    let request = cluster
        .post("user/sync")
        .header("Content-Type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"principals\"\r\n\r\n[");
    assert_eq!(body(request).await.0, 400);
}
