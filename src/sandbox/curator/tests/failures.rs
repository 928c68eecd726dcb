use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::support::{KEY, Portal, body, send};
use crate::sandbox::curator::{FailureReply, Throttle};
use crate::sandbox::{Fault, FaultKind, Product, RateLimit};

const STRANGER: [(&str, &str); 2] = [("username", "eve"), ("group", "Finance")];

#[tokio::test]
async fn a_failure_has_five_looks() {
    let portal = Portal::small().await;
    let looks = [
        (FailureReply::Ok, 200, 200),
        (FailureReply::BadRequest, 400, 400),
        (FailureReply::Denied, 401, 403),
        (FailureReply::Page, 500, 500),
        (FailureReply::Redirect, 302, 302),
    ];
    for (look, of_key, of_request) in looks {
        portal.switch(|switches| switches.failure_reply = look);
        let wrong = portal.request(Method::POST, "User/listUsers", &[("apikey", "wrong")]);
        assert_eq!(send(wrong).await.status().as_u16(), of_key, "{look:?}");
        let response = send(portal.post("User/addUserToGroup", &STRANGER)).await;
        assert_eq!(response.status().as_u16(), of_request, "{look:?}");
        let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
        let page = matches!(look, FailureReply::Page | FailureReply::Redirect);
        assert_eq!(kind.starts_with("text/html"), page, "{look:?}: {kind}");
        assert_eq!(response.headers().contains_key("location"), look == FailureReply::Redirect);
    }
    assert!(portal.emulator().writes().is_empty());
}

#[tokio::test]
async fn a_failure_may_repeat_the_key_and_the_journal_never_does() {
    let portal = Portal::small().await;
    portal.switch(|switches| switches.echo_address = true);
    let (_, told) = portal.ask("User/addUserToGroup", &STRANGER).await;
    assert!(told["msg"].as_str().expect("text").contains(KEY));
    portal.switch(|switches| switches.failure_reply = FailureReply::Redirect);
    let response = send(portal.post("User/addUserToGroup", &STRANGER)).await;
    assert!(response.headers()["location"].to_str().expect("text").contains(KEY));
    assert!(!serde_json::to_string(&portal.emulator().journal()).expect("JSON").contains(KEY));
}

#[tokio::test]
async fn a_restricted_key_opens_only_what_is_ticked() {
    let portal = Portal::small().await;
    portal.switch(|switches| switches.restricted_to = Some(vec!["user/listUsers".to_owned()]));
    assert!(portal.ask("User/listUsers", &[]).await.1.is_array());
    let (_, told) = portal.ask("User/listGroups", &[]).await;
    assert_eq!(told["msg"], "This API key does not have access to User/listGroups");
}

#[tokio::test]
async fn wrong_keys_suspend_the_address_for_a_while() {
    let portal = Portal::small().await;
    let throttle = Throttle { failures: 2, within_millis: 60_000, suspend_millis: 50 };
    portal.switch(|switches| switches.throttle = Some(throttle));
    for _ in 0..2 {
        let wrong = portal.request(Method::POST, "Portal/version", &[("apikey", "wrong")]);
        assert_eq!(body(wrong).await.1["msg"], "Invalid API key");
    }
    let (_, told) = portal.ask("Portal/version", &[]).await;
    assert_eq!(told["msg"], "Too many failed attempts. This address is suspended.");
    tokio::time::sleep(Duration::from_millis(70)).await;
    assert!(portal.ask("Portal/version", &[]).await.1.get("version").is_some());
}

#[tokio::test]
async fn faults_and_the_rate_limit_answer_in_the_portals_own_way() {
    let portal = Portal::small().await;
    let status = FaultKind::Status { code: 502, retry_after: None, body: None, content_type: None };
    portal.emulator().inject(Fault::once("User/listUsers", status));
    assert_eq!(
        portal.ask("User/listUsers", &[]).await,
        (502, json!({"result": "Error", "msg": "fault ordered: status 502"}))
    );
    portal.emulator().inject(Fault::once("User/*", FaultKind::EmptyList));
    assert_eq!(portal.ask("User/listUsers", &[]).await, (200, json!([])));
    portal.emulator().inject(Fault::once("User/addUserToGroup", FaultKind::CutAfter));
    let lost = portal.post("User/addUserToGroup", &[("username", "bob@x.test"), ("group", "Sales")]).send().await;
    assert!(lost.is_err());
    assert_eq!(portal.members("Sales"), ["bob@x.test"], "the reply was lost, not the write");
    portal.switch(|switches| switches.rate_limit = Some(RateLimit { per_second: 0, burst: 0 }));
    assert!(portal.ask("User/listUsers", &[]).await.1.is_array());
    assert_eq!(portal.ask("User/listUsers", &[]).await.0, 429);
}

#[tokio::test]
async fn a_browser_without_a_session_is_sent_to_the_sign_in_page() {
    let portal = Portal::small().await;
    let url = portal.request(Method::GET, "", &[]).build().expect("a request").url().clone();
    let page = url.join("../../fetchUser?redirect_url=https://x.test").expect("a URL");
    #[expect(clippy::disallowed_methods, reason = "a client of the test's own, not the product's")]
    let browser = reqwest::Client::builder().no_proxy().build().expect("a client");
    let response = send(browser.get(page)).await;
    assert!(response.url().path().ends_with("/curator/login"), "{}", response.url());
    assert!(response.text().await.expect("a page").contains("Sign in"));
    let elsewhere = url.join("../../nowhere").expect("a URL");
    assert_eq!(send(browser.get(elsewhere)).await.status(), 404);
}
