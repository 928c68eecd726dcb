use serde_json::json;

use super::support::{BASE, Cluster, body, client, debug, send, status};

#[tokio::test]
async fn a_login_sets_a_cookie_and_a_logout_ends_it() {
    let cluster = Cluster::small().await;
    let form = [("username", "tsadmin"), ("password", "admin"), ("rememberme", "true")];
    let response = send(cluster.post("session/login").form(&form)).await;
    assert_eq!(response.status(), 204);
    let cookie = response.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("JSESSIONID=") && cookie.ends_with("; Path=/; HttpOnly"), "{cookie}");

    let (answered, info) = body(cluster.get("session/info")).await;
    assert_eq!(answered, 200);
    assert_eq!(info["userName"], "tsadmin");
    assert_eq!(info["userGUID"], "59481331-ee53-42be-a548-bd87be6ddd4a");

    assert_eq!(status(cluster.post("session/logout")).await, 204);
    assert_eq!(status(cluster.get("user/list")).await, 401);
    assert_eq!(status(cluster.post("session/logout")).await, 401);
}

#[tokio::test]
async fn wrong_credentials_and_missing_sessions_are_refused_in_the_shape_of_v1() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.login("tsadmin", "wrong").await, 401);
    assert_eq!(cluster.login("nobody", "admin").await, 401);
    assert_eq!(cluster.login("ada", "").await, 401, "no password is known for ada");

    let stranger = client();
    let response = send(stranger.get(cluster.url("user/list"))).await;
    assert_eq!(response.status(), 401);
    let incident = response.headers()["x-callosum-incident-id"].to_str().expect("text").to_owned();
    let error: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!(error["incident_id_guid"], incident.as_str());
    assert_eq!(error["code"], 10_097);
    assert!(error["trace_id_guid"].is_string());
    assert_eq!(debug(&error), "no session");
}

#[tokio::test]
async fn users_with_a_password_may_log_in_but_only_administrators_may_act() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.login("BOB", "bobs").await, 204, "names are folded by default");
    let (answered, info) = body(cluster.get("session/info")).await;
    assert_eq!((answered, &info["userName"]), (200, &json!("bob")));
    assert_eq!(status(cluster.get("user/list")).await, 403);
    assert_eq!(cluster.sync(&json!([]), true, true).await.0, 403);
    assert!(cluster.state("ada").is_some());
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_shape_of_v1() {
    let cluster = Cluster::small().await;
    let (answered, error) = body(cluster.get("user/nothing/here")).await;
    assert_eq!((answered, error["code"].is_number()), (404, true));
    let elsewhere = format!("{}/elsewhere", cluster.sandbox.url("thoughtspot"));
    assert_eq!(body(cluster.client.get(elsewhere)).await.0, 404);
    let (answered, error) = body(cluster.post("user/list")).await;
    assert_eq!((answered, error["code"].is_number()), (405, true));
    assert_eq!(cluster.emulator().journal().last().expect("an entry").path, format!("{BASE}user/list"));
}
