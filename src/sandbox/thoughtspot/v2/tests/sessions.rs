use serde_json::json;

use super::support::{Cluster, client};
use crate::sandbox::thoughtspot::tests::support::{body, send, status};

#[tokio::test]
async fn a_cookie_serves_both_interfaces() {
    let cluster = Cluster::small().await;
    let ask = json!({"username": "tsadmin", "password": "admin", "remember_me": "true", "org_identifier": 1});
    let response = send(client().post(cluster.url("auth/session/login")).json(&ask)).await;
    assert_eq!(response.status(), 204);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("one").to_owned();
    let get = |operation: &str| client().get(cluster.url(operation)).header("Cookie", &cookie);
    let (answered, user) = body(get("auth/session/user")).await;
    assert_eq!((answered, &user["name"]), (200, &json!("tsadmin")));
    assert_eq!(user["current_org"], json!({"id": 1, "name": "Second"}));
    assert_eq!(user["privileges"], json!(["ADMINISTRATION"]));
    let (answered, token) = body(get("auth/session/token")).await;
    assert_eq!((answered, token.get("scope")), (200, None));
    let list = format!("{}/callosum/v1/tspublic/v1/user/list", cluster.sandbox.url("thoughtspot"));
    let list = client().get(list).header("Cookie", &cookie).header("X-Requested-By", "me");
    assert_eq!(status(list).await, 200);
    let logout = client().post(cluster.url("auth/session/logout")).header("Cookie", &cookie);
    assert_eq!(status(logout).await, 204);
    assert_eq!(status(get("auth/session/user")).await, 401);
}

#[tokio::test]
async fn a_bearer_token_opens_a_session_too() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.status("auth/session/login", &json!({"remember_me": "true"})).await, 204);
    let stranger = client().post(cluster.url("auth/session/login")).json(&json!({}));
    assert_eq!(status(stranger).await, 401);
}

#[tokio::test]
async fn force_logout_ends_some_sessions_or_all() {
    let cluster = Cluster::small().await;
    let (_, bob) = cluster.call("auth/token/full", &json!({"username": "bob", "password": "bobs"})).await;
    let bob = || client().get(cluster.url("auth/session/user")).bearer_auth(bob["token"].as_str().expect("text"));
    assert_eq!(status(bob()).await, 200);
    assert_eq!(cluster.status("users/force-logout", &json!({"user_identifiers": ["bob"]})).await, 204);
    assert_eq!(status(bob()).await, 401);
    assert_eq!(cluster.status("users/force-logout", &json!({})).await, 204);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401, "nobody named is everybody");
}

#[tokio::test]
async fn only_administrators_may_act() {
    let cluster = Cluster::small().await;
    let (_, bob) = cluster.call("auth/token/full", &json!({"username": "bob", "password": "bobs"})).await;
    let search = client().post(cluster.url("users/search")).bearer_auth(bob["token"].as_str().expect("text"));
    let (answered, error) = body(search.json(&json!({}))).await;
    assert_eq!((answered, &error["error"]["message"]["debug"]["code"]), (403, &json!(10_023)));
    assert_eq!(status(client().post(cluster.url("users/search")).json(&json!({}))).await, 401);
}
