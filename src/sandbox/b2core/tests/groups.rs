use serde_json::{Value, json};

use super::support::Office;
use crate::sandbox::Product as _;

#[tokio::test]
async fn groups_are_created_shown_changed_and_removed() {
    let office = Office::small().await;
    let (status, group) = office.post("groups", &json!({"name": "Compliance", "permissions": []})).await;
    assert_eq!((status, &group), (201, &json!({"id": 4, "name": "Compliance", "permissions": []})));
    assert_eq!(office.last().changes.groups_added, ["Compliance".to_owned()].into());
    assert_eq!(office.get("groups/4").await, (200, group));
    let (status, renamed) = office.patch("groups/4", &json!({"name": "Audit"})).await;
    assert_eq!((status, &renamed["name"]), (200, &json!("Audit")));
    assert_eq!(office.delete("groups/4").await, (204, Value::Null));
    assert_eq!(office.get("groups/4").await.0, 404);
    let (_, next) = office.post("groups", &json!({"name": "Compliance", "permissions": []})).await;
    assert_eq!(next["id"], 5, "an id is never given twice");
}

#[tokio::test]
async fn a_group_needs_permissions_that_do_not_repeat_and_a_name_of_its_own() {
    let office = Office::small().await;
    for wrong in [
        json!({"name": "Compliance"}),
        json!({"permissions": []}),
        json!({"name": "Compliance", "permissions": ["a", "a"]}),
        json!({"name": "Compliance", "permissions": "a"}),
        json!({"name": "Risk", "permissions": []}),
    ] {
        assert_eq!(office.post("groups", &wrong).await.0, 400, "{wrong}");
    }
    assert_eq!(office.post("groups", &json!({"name": "Compliance", "permissions": ["a", "A"]})).await.0, 201);
}

#[tokio::test]
async fn administrators_are_there_to_stay() {
    let office = Office::small().await;
    let (_, administrators) = office.get("groups/1").await;
    assert_eq!(administrators["name"], "Administrators");
    assert_eq!(office.patch("groups/1", &json!({"permissions": []})).await.0, 403);
    assert_eq!(office.delete("groups/1").await.0, 403);
    assert_eq!(office.get("groups/1").await.1, administrators);
    assert!(office.emulator().writes().is_empty());
}

#[tokio::test]
async fn members_leave_a_group_that_is_removed_or_it_stays() {
    let office = Office::small().await;
    office.switch(|switches| switches.keep_used_groups = true);
    assert_eq!(office.delete("groups/2").await.0, 400);
    office.switch(|switches| switches.keep_used_groups = false);
    assert_eq!(office.delete("groups/2").await.0, 204);
    assert_eq!(office.get("users/2").await.1["groups"], json!([3]));
}

#[tokio::test]
async fn two_groups_may_have_one_name_where_that_is_allowed() {
    let office = Office::small().await;
    office.switch(|switches| switches.distinct_groups = false);
    assert_eq!(office.post("groups", &json!({"name": "Risk", "permissions": []})).await.0, 201);
    assert_eq!(office.get("groups").await.1.as_array().map(Vec::len), Some(4));
}
