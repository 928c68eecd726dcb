use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Cluster, body, debug, lists, send, status, user};
use crate::sandbox::{Fault, FaultKind, JournalEntry};

fn inject(cluster: &Cluster, fault: Value) {
    let fault: Fault = serde_json::from_value(fault).expect("a fault");
    cluster.emulator().inject(fault);
}

fn last(cluster: &Cluster) -> JournalEntry {
    cluster.emulator().journal().pop().expect("an entry")
}

#[tokio::test]
async fn statuses_come_with_the_error_body_of_the_product() {
    let cluster = Cluster::small().await;
    for code in [401, 403, 429, 500, 502, 503, 504] {
        inject(&cluster, json!({"on": "user/list", "fault": {"status": {"code": code}}}));
        let response = send(cluster.get("user/list")).await;
        assert_eq!(response.status(), code);
        assert!(response.headers().get("retry-after").is_none());
        let error: Value = response.json().await.expect("JSON");
        assert!(debug(&error).contains("fault ordered"), "{error}");
        assert_eq!((last(&cluster).status, last(&cluster).fault), (Some(code), Some("status")));
    }
    inject(&cluster, json!({"on": "user/sync", "fault": {"status": {"code": 415}}}));
    assert_eq!(cluster.sync(&json!([]), true, true).await, (415, Value::Null));
    assert!(cluster.emulator().writes().is_empty(), "nothing was applied");
    assert_eq!(status(cluster.get("user/list")).await, 200, "each fault came once");
}

#[tokio::test]
async fn statuses_may_carry_retry_after_and_a_body_of_their_own() {
    let cluster = Cluster::small().await;
    inject(&cluster, json!({"on": "*", "fault": {"status": {"code": 429, "retryAfter": "7"}}}));
    let response = send(cluster.get("user/list")).await;
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"7".parse().expect("ok")));
    let gateway = json!({"code": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html"});
    inject(&cluster, json!({"on": "*", "fault": {"status": gateway}}));
    let response = send(cluster.get("user/list")).await;
    assert_eq!(response.headers()["content-type"], "text/html");
    assert_eq!(response.text().await.expect("a body"), "<h1>Bad Gateway</h1>");
}

#[tokio::test]
async fn faults_count_skip_and_choose_their_requests() {
    let cluster = Cluster::small().await;
    let busy = FaultKind::Status { code: 503, retry_after: None, body: None, content_type: None };
    cluster.emulator().inject(Fault::once("user/sync", busy.clone()).when_applying(true).after(1).times(2));
    let nobody = json!([]);
    assert_eq!(cluster.sync(&nobody, false, false).await.0, 200);
    assert_eq!(cluster.sync(&nobody, true, false).await.0, 200, "skipped");
    assert_eq!(cluster.sync(&nobody, false, false).await.0, 200, "a dry run does not match");
    assert_eq!(cluster.sync(&nobody, true, false).await.0, 503);
    assert_eq!(cluster.emulator().pending_faults().len(), 1);
    assert_eq!(cluster.sync(&nobody, true, false).await.0, 503);
    assert_eq!(cluster.sync(&nobody, true, false).await.0, 200);
    assert!(cluster.emulator().pending_faults().is_empty());

    cluster.emulator().inject(Fault::once("DELETE user/*", busy));
    assert_eq!(status(cluster.get("user/list")).await, 200);
    assert_eq!(status(cluster.client.delete(cluster.url("user/x"))).await, 503);
}

#[tokio::test]
async fn latency_delays_and_a_client_that_hangs_up_undoes_nothing() {
    let cluster = Cluster::small().await;
    inject(&cluster, json!({"on": "user/list", "fault": {"latency": {"millis": 60}}}));
    let start = Instant::now();
    assert_eq!(status(cluster.get("user/list")).await, 200);
    assert!(start.elapsed() >= Duration::from_millis(60));

    inject(&cluster, json!({"on": "user/transfer/ownership", "fault": {"latency": {"millis": 100}}}));
    let hurried = cluster
        .post("user/transfer/ownership")
        .query(&[("fromUserName", "bob"), ("toUserName", "ada")])
        .timeout(Duration::from_millis(20));
    assert!(hurried.send().await.expect_err("no answer in time").is_timeout());
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(cluster.state("ada").expect("ada").owned, 3);
}

/// Sends a synchronisation that adds `eve` and gives the transport error it meets.
async fn cut(cluster: &Cluster, kind: &str) -> reqwest::Error {
    inject(cluster, json!({"on": "user/sync", "fault": kind}));
    let form = reqwest::multipart::Form::new()
        .text("principals", json!([user("eve", &["eng"])]).to_string())
        .text("applyChanges", "true")
        .text("removeDeleted", "false")
        .text("password", "Welcome1!");
    let error = cluster.post("user/sync").multipart(form).send().await.expect_err("no answer");
    assert!(error.is_request() && error.status().is_none(), "{error:?}");
    error
}

#[tokio::test]
async fn a_cut_before_leaves_no_trace() {
    let cluster = Cluster::small().await;
    cut(&cluster, "cutBefore").await;
    assert!(cluster.state("eve").is_none());
    let entry = last(&cluster);
    assert_eq!((entry.status, entry.fault, entry.write), (None, Some("cutBefore"), false));
    assert_eq!(status(cluster.get("user/list")).await, 200, "the next connection is whole");
}

#[tokio::test]
async fn a_cut_after_loses_the_reply_to_what_was_applied() {
    let cluster = Cluster::small().await;
    cut(&cluster, "cutAfter").await;
    assert!(cluster.state("eve").is_some());
    let entry = last(&cluster);
    assert_eq!((entry.status, entry.fault, entry.write), (None, Some("cutAfter"), true));
    assert!(entry.changes.users_added.contains("eve"));
    let again = cluster.sync(&json!([user("eve", &["eng"])]), true, false).await;
    assert_eq!(again, (200, lists(&json!({}))), "the next plan is empty");
}

#[tokio::test]
async fn a_cut_sends_not_one_byte() {
    use std::io::{Read, Write};
    let cluster = Cluster::small().await;
    inject(&cluster, json!({"on": "*", "fault": "cutAfter"}));
    let address = cluster.sandbox.address();
    let read = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.write_all(b"GET /thoughtspot/x HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        let mut bytes = Vec::new();
        // An error here is the reset of the connection, which is as good as its end.
        let _end = stream.read_to_end(&mut bytes);
        bytes.len()
    });
    assert_eq!(read.await.expect("read"), 0);
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let cluster = Cluster::small().await;
    let whole = send(cluster.get("user/list")).await.text().await.expect("a body").len();
    inject(&cluster, json!({"on": "user/list", "fault": {"truncate": {"bytes": 40}}}));
    let mut response = send(cluster.get("user/list")).await;
    assert_eq!((response.status().as_u16(), response.content_length()), (200, u64::try_from(whole).ok()));
    let mut arrived = 0;
    let error = loop {
        match response.chunk().await {
            Ok(chunk) => arrived += chunk.expect("an error comes before the end").len(),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(arrived, 40);
    inject(&cluster, json!({"on": "user/list", "fault": {"truncate": {"bytes": 1_000_000}}}));
    assert_eq!(cluster.list().await.len(), 11, "a short body is not cut");
    assert_eq!(status(cluster.get("user/list")).await, 200);
}

#[tokio::test]
async fn answers_may_be_of_the_wrong_kind() {
    let cluster = Cluster::small().await;
    inject(&cluster, json!({"on": "user/list", "fault": "html"}));
    let response = send(cluster.get("user/list")).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().expect("ok"))
    );
    assert!(response.text().await.expect("a body").contains("<form"));
    inject(&cluster, json!({"on": "user/list", "fault": "invalidJson"}));
    let response = send(cluster.get("user/list")).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.json::<Value>().await.is_err());
    inject(&cluster, json!({"on": "user/list", "fault": "emptyList"}));
    assert_eq!(body(cluster.get("user/list")).await, (200, json!([])));
}

#[tokio::test]
async fn a_session_may_end_in_the_middle() {
    let cluster = Cluster::small().await;
    inject(&cluster, json!({"on": "user/sync", "fault": "expireSession"}));
    assert_eq!(status(cluster.get("user/list")).await, 200);
    assert_eq!(cluster.sync(&json!([]), true, true).await.0, 401);
    assert_eq!(status(cluster.get("user/list")).await, 401, "it stays ended");
    assert!(cluster.emulator().writes().is_empty());
    assert_eq!(cluster.login("tsadmin", "admin").await, 204);
    assert_eq!(status(cluster.get("user/list")).await, 200);
}
