use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Portal, body};

async fn attached() -> Portal {
    Portal::start(json!({
        "users": [{"name": "ada"}, {"name": "bob"}],
        "groups": [{"name": "Finance", "members": ["bob"], "custom_attributes": {"region": "north", "tone": "warm"},
            "platforms": {"tableau": [{"server": "main", "site": "", "group": "Analysts"}]}}],
        "platforms": {"tableau": [{"server": "main", "name": "Analysts", "id": "t-1", "members": ["ada", "eve"]}]},
    }))
    .await
}

#[tokio::test]
async fn people_appear_by_signing_in_and_never_by_a_call() {
    let portal = attached().await;
    let join = [("username", "eve"), ("group", "Finance")];
    assert_eq!(portal.ask("User/addUserToGroup", &join).await.1["msg"], "User not found");
    assert_eq!(portal.control("POST".parse().expect("a method"), "login?user=eve&email=eve@x.test", "").await.0, 204);
    assert_eq!(portal.members("Finance"), ["bob", "eve"], "the sign-in has looked at the platform group");
    portal.switch(|switches| switches.jit = false);
    assert!(portal.emulator().log_in("mallory", "", "").is_err());
    assert!(portal.emulator().log_in("ada", "", "").is_ok());
    assert_eq!(portal.members("Finance"), ["ada", "bob", "eve"]);
}

#[tokio::test]
async fn the_scheduled_sync_creates_people_where_a_sign_in_does_not_sync() {
    let portal = attached().await;
    portal.emulator().scheduled_sync();
    assert_eq!(portal.members("Finance"), ["ada", "bob"], "eve has not signed in");
    portal.switch(|switches| switches.on_login_sync = false);
    portal.emulator().scheduled_sync();
    assert_eq!(portal.members("Finance"), ["ada", "bob", "eve"]);
}

#[tokio::test]
async fn a_platform_sync_may_take_out_whom_the_api_put_in() {
    let portal = attached().await;
    portal.switch(|switches| switches.platform_overwrites = true);
    portal.emulator().log_in("bob", "", "").expect("bob");
    assert!(portal.members("Finance").is_empty());
    let join = [("username", "bob"), ("group", "Finance")];
    assert_eq!(portal.ask("User/addUserToGroup", &join).await.1["result"], "Success");
    portal.emulator().scheduled_sync();
    assert_eq!(portal.members("Finance"), ["ada", "bob"], "the call has told Tableau, which keeps him");
}

#[tokio::test]
async fn the_members_of_a_created_group_come_when_the_queue_has_run() {
    let portal = attached().await;
    portal.switch(|switches| {
        switches.sync_delay_millis = 60;
        switches.show_platforms = true;
    });
    let wanted = json!({"platforms": {"tableau": [{"server": "main", "site": "", "group": "Analysts"}]}});
    let request = portal.post("User/createFrontendGroup", &[("name", "Late")]).body(wanted.to_string());
    assert_eq!(body(request).await.1["result"], "Success");
    let late = async || -> Value { portal.ask("User/listGroups", &[]).await.1[1].clone() };
    let row = late().await;
    assert_eq!(row["users"], json!([]));
    assert_eq!(row["metadata"][0]["tableau_group"], "Analysts|||t-1");
    tokio::time::sleep(Duration::from_millis(80)).await;
    assert_eq!(late().await["users"], json!([{"id": 1, "name": "ada"}]));
}

#[tokio::test]
async fn a_token_shows_its_user_once() {
    let portal = attached().await;
    let (status, token) = portal.control("POST".parse().expect("a method"), "token?user=bob", "").await;
    assert_eq!(status, 200);
    let (_, told) = portal.ask("User/getUser", &[("token", &token)]).await;
    let attributes = json!({"region": "north", "tone": "warm"});
    assert_eq!(told, json!({"user": {"name": "bob", "email": "", "full_name": "", "custom_attributes": attributes}}));
    assert_eq!(portal.last().query["token"], "***");
    assert_eq!(portal.ask("User/getUser", &[("token", &token)]).await.1["result"], "Error");
    assert_eq!(portal.ask("User/getUser", &[]).await.1["msg"], "A token is required");
    assert_eq!(portal.ask("User/fetchUser", &[]).await.1["msg"], "Nobody is signed in");
    assert!(portal.emulator().issue_token("nobody").is_err());
}
