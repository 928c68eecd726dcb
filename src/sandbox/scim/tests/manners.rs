use std::time::Duration;

use serde_json::json;

use super::support::{Service, answer, reply, status, user};
use crate::sandbox::RateLimit;
use crate::sandbox::scim::{AnswerType, ContentType, ErrorBody, ErrorStatus};

#[tokio::test]
async fn a_request_without_user_agent_can_be_refused() {
    let service = Service::small().await;
    service.switch(|switches| switches.user_agent_needed = true);
    assert_eq!(status(service.get("Users")).await, 403, "this client sends none");
    assert_eq!(status(service.get("Users").header("user-agent", "test")).await, 200);
}

#[tokio::test]
async fn accept_on_a_delete_can_be_refused() {
    let service = Service::small().await;
    service.switch(|switches| switches.bare_delete = true);
    let dressed = service.delete("Users/u-ada").header("accept", "application/scim+json");
    assert_eq!(status(dressed).await, 400);
    assert_eq!(status(service.delete("Users/u-ada").header("content-type", "application/json")).await, 400);
    assert_eq!(status(service.delete("Users/u-ada")).await, 204);
}

#[tokio::test]
async fn content_types_are_taken_and_given_as_switched() {
    let service = Service::small().await;
    let send = async |kind: &str, name: &str| {
        let request = service.bare("POST", "Users").bearer_auth("scim-token").header("content-type", kind);
        status(request.body(user(name).to_string())).await
    };
    assert_eq!(send("application/json", "c1").await, 201);
    assert_eq!(send("text/plain", "c2").await, 415);
    service.switch(|switches| switches.content_type = ContentType::Scim);
    assert_eq!(send("application/json", "c3").await, 415);
    assert_eq!(send("application/scim+json; charset=utf-8", "c3").await, 201);
    service.switch(|switches| switches.content_type = ContentType::Json);
    assert_eq!(send("application/scim+json", "c4").await, 415);
    for (kind, told) in [
        (AnswerType::Scim, "application/scim+json"),
        (AnswerType::Json, "application/json"),
        (AnswerType::Html, "text/html"),
    ] {
        service.switch(|switches| switches.answer_type = kind);
        assert_eq!(reply(service.get("Users/u-ada")).await.headers()["content-type"], told);
    }
}

#[tokio::test]
async fn a_body_can_be_too_large() {
    let service = Service::small().await;
    service.switch(|switches| switches.max_body = Some(80));
    assert_eq!(status(service.post("Users", &user("n"))).await, 201);
    assert_eq!(status(service.post("Users", &user(&"n".repeat(80)))).await, 413);
}

#[tokio::test]
async fn errors_have_the_shape_of_the_rfc_or_of_those_who_did_not_read_it() {
    let service = Service::small().await;
    let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
    let (_, error) = answer(service.get("Users/nobody")).await;
    assert_eq!(error, json!({"schemas": [urn], "status": "404", "detail": "Resource nobody not found"}));
    service.switch(|switches| switches.error_status = ErrorStatus::Number);
    assert_eq!(answer(service.get("Users/nobody")).await.1["status"], 404);
    service.switch(|switches| {
        switches.error_status = ErrorStatus::Absent;
        switches.schema_member = true;
        switches.unknown_id = Some(400);
    });
    let (status, error) = answer(service.get("Users/nobody")).await;
    assert_eq!((status, error.get("status"), &error["schema"]), (400, None, &json!(urn)));
    service.switch(|switches| switches.error_body = ErrorBody::Html);
    let page = reply(service.get("Users/nobody")).await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.text().await.expect("a page").starts_with("<!doctype html>"));
    service.switch(|switches| switches.error_body = ErrorBody::Empty);
    assert_eq!(reply(service.get("Users/nobody")).await.text().await.expect("a body"), "");
}

#[tokio::test]
async fn requests_beyond_the_rate_meet_429() {
    let service = Service::small().await;
    service.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 10, burst: 0 }));
    assert_eq!(status(service.get("Users")).await, 200);
    assert_eq!(status(service.get("Users")).await, 429);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(status(service.get("Users")).await, 200);
}

#[tokio::test]
async fn only_the_token_opens_the_service() {
    let service = Service::small().await;
    assert_eq!(status(service.bare("GET", "Users")).await, 401);
    assert_eq!(status(service.bare("GET", "Users").bearer_auth("wrong")).await, 401);
    assert_eq!(status(service.bare("POST", "Users").basic_auth("scim-token", Some("scim-token"))).await, 415);
    assert_eq!(status(service.get("Nonsense")).await, 404);
    assert_eq!(status(service.send("PUT", "Users", &json!({}))).await, 405);
}
