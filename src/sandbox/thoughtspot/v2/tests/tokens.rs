use serde_json::{Value, json};

use super::support::{Cluster, refusal};

async fn token(cluster: &Cluster, ask: Value) -> (u16, Value) {
    cluster.call("auth/token/full", &ask).await
}

#[tokio::test]
async fn a_token_lives_five_minutes_unless_it_is_said() {
    let cluster = Cluster::small().await;
    let (status, answer) = token(&cluster, json!({"username": "TSADMIN", "password": "admin"})).await;
    assert_eq!(status, 200);
    let lifetime = |answer: &Value| {
        let moment = |member: &str| answer[member].as_u64().expect("a moment");
        moment("expiration_time_in_millis") - moment("creation_time_in_millis")
    };
    assert_eq!(lifetime(&answer), 300_000);
    assert_eq!(answer["valid_for_username"], "tsadmin");
    assert_eq!(answer["valid_for_user_id"], "59481331-ee53-42be-a548-bd87be6ddd4a");
    assert_eq!(answer["scope"], json!({"access_type": "FULL", "org_id": 0, "metadata_id": null}));
    let longer = json!({"username": "tsadmin", "password": "admin", "validity_time_in_sec": 3600});
    assert_eq!(lifetime(&token(&cluster, longer).await.1), 3_600_000);
    cluster.switch(|switches| switches.token_seconds = Some(2));
    let asked = json!({"username": "tsadmin", "password": "admin", "validity_time_in_sec": 3600});
    assert_eq!(lifetime(&token(&cluster, asked).await.1), 2_000);
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over() {
    let cluster = Cluster::small().await;
    let now = cluster.emulator().clock();
    cluster.emulator().set_clock(now + 299_999);
    assert_eq!(cluster.status("users/search", &json!({})).await, 200);
    cluster.emulator().set_clock(now + 300_000);
    let (status, error) = cluster.call("users/search", &json!({})).await;
    assert_eq!((status, refusal(&error).0), (401, 10_097));
    cluster.emulator().set_clock(now);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401, "what has ended does not come back");
}

#[tokio::test]
async fn the_clock_moves_with_each_request_if_it_is_told_to() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.seconds_per_call = 120);
    assert_eq!(cluster.status("users/search", &json!({})).await, 200);
    assert_eq!(cluster.status("users/search", &json!({})).await, 200);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401);
}

#[tokio::test]
async fn org_id_counts_and_org_identifier_does_not() {
    let mut cluster = Cluster::small().await;
    let wanted = json!({"username": "tsadmin", "password": "admin", "org_identifier": 1});
    let (_, answer) = token(&cluster, wanted).await;
    assert_eq!(answer["scope"]["org_id"], 0);
    assert_eq!(cluster.last().warnings, ["the member org_identifier is unknown and has no effect"]);
    let (_, answer) = token(&cluster, json!({"username": "tsadmin", "password": "admin", "org_id": 1})).await;
    assert_eq!(answer["scope"]["org_id"], 1);
    cluster.sign_in(None).await;
    let (_, answer) = token(&cluster, json!({"username": "tsadmin", "password": "admin"})).await;
    assert_eq!(answer["scope"]["org_id"], 1, "the org of the last sign-in");
    let (status, error) = token(&cluster, json!({"username": "bob", "password": "bobs", "org_id": 1})).await;
    assert_eq!((status, refusal(&error).0), (400, 13_090));
    let (status, error) = token(&cluster, json!({"username": "tsadmin", "password": "admin", "org_id": 7})).await;
    assert_eq!((status, refusal(&error).0), (400, 13_090));
}

#[tokio::test]
async fn the_secret_key_vouches_for_any_user_and_for_new_ones() {
    let cluster = Cluster::small().await;
    let (status, answer) = token(&cluster, json!({"username": "ada", "secret_key": "trusted"})).await;
    assert_eq!((status, &answer["valid_for_username"]), (200, &json!("ada")));
    let both = json!({"username": "bob", "secret_key": "wrong", "password": "bobs"});
    assert_eq!(token(&cluster, both).await.0, 401, "the key wins");
    let new = json!({"username": "new", "secret_key": "trusted"});
    assert_eq!(token(&cluster, new).await.0, 401);
    let new = json!({"username": "new", "secret_key": "trusted", "auto_create": true, "display_name": "New",
        "email": "new@x.test", "group_identifiers": ["eng"]});
    assert_eq!(token(&cluster, new).await.0, 200);
    assert_eq!(cluster.state("new").expect("new").group_names, ["All", "eng"]);
    assert!(cluster.last().changes.users_added.contains("new"));
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let cluster = Cluster::small().await;
    for ask in [
        json!({"username": "tsadmin", "password": "wrong"}),
        json!({"username": "tsadmin"}),
        json!({"username": "nobody", "password": "admin"}),
    ] {
        let (status, error) = token(&cluster, ask).await;
        assert_eq!((status, refusal(&error).0), (401, 10_097));
    }
    assert_eq!(token(&cluster, json!({"password": "admin"})).await.0, 400);
}

#[tokio::test]
async fn a_token_is_validated_and_revoked() {
    let mut cluster = Cluster::small().await;
    let ask = json!({"token": cluster.token});
    let (status, answer) = cluster.call("auth/token/validate", &ask).await;
    assert_eq!((status, &answer["token_type"], &answer["scope"]["org_id"]), (200, &json!("FULL"), &json!(0)));
    assert_eq!(cluster.status("auth/token/revoke", &json!({})).await, 204);
    assert_eq!(cluster.status("auth/token/validate", &ask).await, 401);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401);
    cluster.sign_in(None).await;
    let (_, other) = token(&cluster, json!({"username": "bob", "password": "bobs"})).await;
    assert_eq!(cluster.status("auth/token/revoke", &json!({"user_identifier": "bob"})).await, 204);
    assert_eq!(cluster.status("auth/token/validate", &json!({"token": other["token"]})).await, 401);
    let mine = cluster.token.clone();
    assert_eq!(cluster.status("auth/token/revoke", &json!({"token": mine})).await, 204);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401);
}

#[tokio::test]
async fn v1_takes_the_bearer_and_a_fault_ends_it() {
    let cluster = Cluster::small().await;
    assert!(cluster.v1("user/list").await.as_array().is_some_and(|rows| !rows.is_empty()));
    let fault = json!({"on": "users/search", "fault": "expireSession"});
    cluster.emulator().inject(serde_json::from_value(fault).expect("a fault"));
    assert_eq!(cluster.status("users/search", &json!({})).await, 401);
    assert_eq!(cluster.status("users/search", &json!({})).await, 401);
    assert_eq!(cluster.v1("user/list").await["code"], 10_097);
}
