use serde_json::{Value, json};

use super::support::{Cluster, refusal};

#[tokio::test]
async fn a_user_is_switched_off_and_comes_back_with_their_token() {
    let cluster = Cluster::small().await;
    let sign_in = |password: &str| json!({"username": "bob", "password": password});
    let off = json!({"user_identifier": "bob", "base_url": "https://ts.example.org/"});
    let (status, answer) = cluster.call("users/deactivate", &off).await;
    assert_eq!(status, 200);
    let link = answer["activation_link"].as_str().expect("a link");
    assert!(link.starts_with("https://ts.example.org/#/activate?"), "{link}");
    assert_eq!(cluster.row("user", "bob").await["account_status"], "INACTIVE");
    assert_eq!(cluster.status("auth/token/full", &sign_in("bobs")).await, 401);
    assert_eq!(cluster.status("users/deactivate", &json!({"user_identifier": "bob"})).await, 400);

    let token = link.split("authToken=").nth(1).expect("a token").to_owned();
    let on = |token: &str| json!({"user_identifier": "bob", "auth_token": token, "password": "new"});
    assert_eq!(cluster.status("users/activate", &on("guess")).await, 403);
    let (status, bob) = cluster.call("users/activate", &on(&token)).await;
    assert_eq!((status, &bob["account_status"]), (200, &json!("ACTIVE")));
    assert_eq!(cluster.status("users/activate", &on(&token)).await, 403, "a token serves once");
    assert_eq!(cluster.status("auth/token/full", &sign_in("new")).await, 200);
    let system = json!({"user_identifier": "tsadmin", "base_url": "x"});
    assert_eq!(cluster.status("users/deactivate", &system).await, 403);
}

#[tokio::test]
async fn passwords_are_reset_and_changed() {
    let cluster = Cluster::small().await;
    let reset = |password: &str| json!({"user_identifier": "bob", "new_password": password});
    assert_eq!(cluster.status("users/reset-password", &reset("new")).await, 204);
    assert_eq!(cluster.status("users/reset-password", &reset("new")).await, 400, "the same again");
    let change =
        |current: &str, new: &str| json!({"user_identifier": "bob", "current_password": current, "new_password": new});
    let (status, error) = cluster.call("users/change-password", &change("bobs", "newer")).await;
    assert_eq!((status, refusal(&error).1.as_str()), (400, "the current password is wrong"));
    assert_eq!(cluster.status("users/change-password", &change("new", "newer")).await, 204);
    let sign_in = json!({"username": "bob", "password": "newer"});
    assert_eq!(cluster.status("auth/token/full", &sign_in).await, 200);
    let nobody = json!({"user_identifier": "nobody", "new_password": "x"});
    assert_eq!(cluster.status("users/reset-password", &nobody).await, 400);
}

#[tokio::test]
async fn a_cluster_tells_its_release_or_does_not() {
    use crate::sandbox::thoughtspot::v2::ReleaseVersion;
    let cluster = Cluster::small().await;
    let system = async || crate::sandbox::thoughtspot::tests::support::body(cluster.get("system")).await.1;
    let told = system().await;
    assert_eq!(told["release_version"], "26.8.0.cl");
    assert_eq!(told["all_user_group_id"], "b25ee394-9d13-49e3-9385-cd97f5b253b4");
    assert_eq!(told["all_user_group_member_user_count"], 7);
    cluster.switch(|switches| switches.release_version = ReleaseVersion::Null);
    assert_eq!(system().await["release_version"], Value::Null);
    cluster.switch(|switches| switches.release_version = ReleaseVersion::Word);
    assert_eq!(system().await["release_version"], "test");
}
