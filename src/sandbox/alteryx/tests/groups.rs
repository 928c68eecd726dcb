use reqwest::Method;
use serde_json::{Value, json};

use super::support::{NOBODY, Server, body, names};
use crate::sandbox::Product;

#[tokio::test]
async fn the_list_has_neither_members_nor_anything_but_id_name_and_role() {
    let server = Server::small().await;
    let (status, list) = server.get("usergroups").await;
    let finance = server.group_id("Finance");
    assert_eq!((status, &list[0]), (200, &json!({"id": finance, "name": "Finance", "role": "Artisan"})));
    assert_eq!(list.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_group_by_itself_shows_who_is_in_since_when_and_by_whose_doing() {
    let server = Server::small().await;
    let (status, group) = server.get(&format!("usergroups/{}", server.group_id("Finance"))).await;
    assert_eq!(status, 200);
    assert_eq!(names(&group), ["connectionIds", "credentialIds", "dateAdded", "id", "members", "name", "role"]);
    let member = &group["members"][0];
    let ana = server.user_id("ana");
    assert_eq!((&member["userId"], &member["activeDirectoryObject"]), (&json!(ana), &Value::Null));
    assert_eq!(names(member), ["activeDirectoryObject", "addedByUserId", "dateAddedToGroup", "userId"]);
}

#[tokio::test]
async fn a_created_group_is_answered_with_its_id_as_a_bare_string() {
    let server = Server::small().await;
    let (status, id) = server.post("usergroups", &json!({"name": "Sales", "role": "Viewer"})).await;
    assert_eq!((status, id), (200, json!(server.group_id("Sales"))));
    let form = [("name", "Sales"), ("role", "Artisan")];
    assert_eq!(body(server.call(Method::POST, "usergroups").form(&form)).await.0, 200, "a name may come twice");
    server.switch(|switches| {
        switches.duplicate_group_names = false;
        switches.create_status = 201;
    });
    assert_eq!(server.post("usergroups", &json!({"name": "Sales", "role": "Viewer"})).await.0, 400);
    assert_eq!(server.post("usergroups", &json!({"name": "Other", "role": "Viewer"})).await.0, 201);
    for wrong in [json!({"name": "x"}), json!({"role": "Viewer"}), json!({"name": "", "role": "viewer"})] {
        assert_eq!(server.post("usergroups", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn an_update_sets_name_and_role_and_answers_with_nothing() {
    let server = Server::small().await;
    let path = format!("usergroups/{}", server.group_id("Finance"));
    assert_eq!(server.put(&path, &json!({"name": "Controlling"})).await.0, 400, "the role is required");
    let form = [("name", "Controlling"), ("role", "Member")];
    assert_eq!(body(server.call(Method::PUT, &path).form(&form)).await, (200, Value::Null));
    assert_eq!(server.user("ana").groups, ["Controlling".to_owned()].into(), "members stay");
    server.switch(|switches| switches.duplicate_group_names = false);
    assert_eq!(server.put(&path, &json!({"name": "Empty", "role": "Member"})).await.0, 400);
    assert_eq!(server.put(&path, &json!({"name": "Controlling", "role": "Viewer"})).await.0, 200);
}

#[tokio::test]
async fn a_group_with_members_is_deleted_only_by_force() {
    let server = Server::small().await;
    let (finance, empty) = (server.group_id("Finance"), server.group_id("Empty"));
    assert_eq!(server.delete(&format!("usergroups/{finance}")).await.0, 400);
    assert_eq!(server.delete(&format!("usergroups/{finance}?forceDelete=false")).await.0, 400);
    assert_eq!(server.delete(&format!("usergroups/{empty}")).await, (200, Value::Null));
    assert_eq!(server.delete(&format!("usergroups/{finance}?forceDelete=true")).await, (200, Value::Null));
    assert!(server.user("ana").groups.is_empty() && server.emulator().group("Finance").is_none());
    let deleted: Vec<_> = server.emulator().writes().into_iter().map(|entry| entry.changes.groups_deleted).collect();
    assert_eq!(deleted, [["Empty".to_owned()].into(), ["Finance".to_owned()].into()]);
}

#[tokio::test]
async fn a_group_nobody_knows_is_a_404_everywhere() {
    let server = Server::small().await;
    let path = format!("usergroups/{NOBODY}");
    assert_eq!(server.get(&path).await.0, 404);
    assert_eq!(server.put(&path, &json!({"name": "x", "role": "Viewer"})).await.0, 404);
    assert_eq!(server.delete(&path).await.0, 404);
    assert_eq!(server.post(&format!("{path}/users"), &json!([])).await.0, 404);
    assert_eq!(server.delete(&format!("{path}/users/{NOBODY}")).await.0, 404);
}
