use serde_json::json;

use super::support::{Server, body};
use crate::sandbox::alteryx::Role;
use crate::sandbox::{Fault, FaultKind, Product};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_token_is_given_for_basic_or_for_fields_and_the_scope_does_not_matter() {
    let server = Server::small().await;
    let url = server.url("oauth2/token");
    let fields = [GRANT, ("client_id", "rollcall"), ("client_secret", "rollcall-secret"), ("scope", "anything")];
    let (status, reply) = body(server.client.post(&url).form(&fields)).await;
    assert_eq!((status, &reply["token_type"], &reply["expires_in"]), (200, &json!("bearer"), &json!(3600)));
    assert_ne!(reply["access_token"], json!(server.fresh_token().await), "each token is new");
}

#[tokio::test]
async fn a_wrong_key_a_wrong_grant_and_a_json_body_are_refused_as_in_rfc_6749() {
    let server = Server::small().await;
    let url = server.url("oauth2/token");
    let wrong = || server.client.post(&url).basic_auth("rollcall", Some("guess")).form(&[GRANT]);
    let (status, reply) = body(wrong()).await;
    assert_eq!((status, &reply["error"]), (400, &json!("invalid_client")));
    server.switch(|switches| switches.bad_key_status = 401);
    assert_eq!(body(wrong()).await.0, 401);
    let grant = [("grant_type", "password"), ("client_id", "rollcall"), ("client_secret", "rollcall-secret")];
    let (status, reply) = body(server.client.post(&url).form(&grant)).await;
    assert_eq!((status, &reply["error"]), (400, &json!("unsupported_grant_type")));
    let (status, reply) = body(server.client.post(&url).header("Content-Type", "application/json").body("{}")).await;
    assert_eq!((status, &reply["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn a_token_ends_after_its_time_or_at_an_order() {
    let mut server = Server::small().await;
    assert_eq!(server.get("users").await.0, 200);
    server.emulator().inject(Fault::once("users", FaultKind::ExpireSession));
    assert_eq!(server.get("users").await.0, 401);
    assert_eq!(server.get("usergroups").await.0, 401, "it stays ended");
    server.switch(|switches| {
        switches.token_seconds = 0;
        switches.send_expires_in = false;
    });
    let form = [GRANT, ("client_id", "rollcall"), ("client_secret", "rollcall-secret")];
    let (_, reply) = body(server.client.post(server.url("oauth2/token")).form(&form)).await;
    assert_eq!(reply.get("expires_in"), None);
    server.token = reply["access_token"].as_str().expect("a token").to_owned();
    let (status, reply) = server.get("users").await;
    assert_eq!((status, &reply["message"]), (401, &json!("Authorization has been denied for this request.")));
    server.token.clear();
    assert_eq!(server.get("users").await.0, 401);
}

#[tokio::test]
async fn an_owner_who_is_demoted_or_deactivated_mid_run_gets_403() {
    let server = Server::small().await;
    let (id, record) = (server.user_id("admin"), server.record("admin").await);
    let mut demoted = record.clone();
    demoted["role"] = json!("Evaluated");
    assert_eq!(server.put(&format!("users/{id}"), &demoted).await.0, 200);
    assert_eq!(server.get("users").await.0, 403);

    let server = Server::start(json!({
        "groups": [{"name": "Curators", "role": "Curator"}],
        "users": [{"email": "admin@example.org", "isApiEnabled": true, "groups": ["Curators"]}],
    }))
    .await;
    assert_eq!(server.user("admin").role, Role::Evaluated);
    assert_eq!(server.get("users").await.0, 200, "a group makes a Curator too");
    let id = server.user_id("admin");
    assert_eq!(server.post(&format!("users/{id}/deactivate"), &json!({})).await.0, 200);
    assert_eq!(server.get("users").await.0, 403);
}
