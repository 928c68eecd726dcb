use serde_json::{Value, json};

use super::support::{NOBODY, Server};

#[tokio::test]
async fn what_a_user_owns_is_shown_by_kind() {
    let server = Server::small().await;
    let path = format!("users/{}/assets", server.user_id("ben"));
    let (status, all) = server.get(&path).await;
    assert_eq!((status, &all["workflows"][0]["name"], &all["collections"]), (200, &json!("Close"), &json!([])));
    assert_eq!(all["schedules"][0]["id"].as_str().map(str::len), Some(24));
    let (_, schedules) = server.get(&format!("{path}?assetType=Schedules")).await;
    assert_eq!((&schedules["workflows"], &schedules["schedules"]), (&json!([]), &all["schedules"]));
    assert_eq!(server.get(&format!("{path}?assetType=Insights")).await.0, 400);
}

#[tokio::test]
async fn an_owner_can_be_deleted_only_after_a_transfer_and_out_of_all_groups() {
    let server = Server::small().await;
    let (ana, ben) = (server.user_id("ana"), server.user_id("ben"));
    let (status, reply) = server.delete(&format!("users/{ben}")).await;
    assert_eq!(status, 400);
    assert!(reply["message"].as_str().expect("a text").contains("owns"), "{reply}");
    assert_eq!(server.delete(&format!("users/{ana}")).await.0, 400, "Ana is in a group");
    let schedule = server.user("ben").assets.schedules[0].id.clone();
    let all =
        json!({"ownerId": ana, "transferWorkflows": true, "transferSchedules": true, "transferCollections": true});
    let (status, reply) = server.put(&format!("users/{ben}/assetTransfer"), &all).await;
    assert_eq!((status, reply), (200, json!([{"affectedScheduleId": schedule}])), "an Artisan by a group receives");
    assert_eq!(server.user("ana").assets.workflows[0].name, "Close");
    assert_eq!(server.delete(&format!("users/{ben}")).await, (200, Value::Null));
    assert!(server.emulator().user("ben@example.org").is_none());
}

#[tokio::test]
async fn a_transfer_needs_a_receiver_of_some_power_and_every_member() {
    let server = Server::small().await;
    let (ana, ben) = (server.user_id("ana"), server.user_id("ben"));
    let part = |to: &str| json!({"ownerId": to, "transferWorkflows": true, "transferSchedules": false, "transferCollections": false});
    let path = format!("users/{ben}/assetTransfer");
    assert_eq!(server.put(&format!("users/{ana}/assetTransfer"), &part(&ben)).await.0, 400, "Ben is a Viewer");
    assert_eq!(server.put(&path, &part(NOBODY)).await.0, 400);
    assert_eq!(server.put(&path, &json!({"ownerId": ana})).await.0, 400);
    assert_eq!(server.put(&path, &part(&ana)).await.0, 200);
    let (giver, taker) = (server.user("ben").assets, server.user("ana").assets);
    assert_eq!((giver.workflows.len(), giver.schedules.len(), taker.workflows.len()), (0, 1, 1));
}
