use serde_json::{Value, json};

use super::support::{Server, body, with};
use crate::sandbox::Product;
use crate::sandbox::alteryx::{Authentication, Release};

const SID: &str = "S-1-5-21-9-9-9-1104";

async fn windows() -> Server {
    let server = Server::small().await;
    server.switch(|switches| switches.authentication = Authentication::Windows);
    server
}

#[tokio::test]
async fn users_come_by_signing_in_and_not_by_the_interface() {
    let server = windows().await;
    let new = json!({"firstName": "Cy", "lastName": "Abe", "email": "cy@example.org"});
    let (status, reply) = server.post("users", &new).await;
    assert_eq!(status, 400);
    assert!(reply["message"].as_str().expect("a text").contains("Windows"), "{reply}");
    let path = format!("users/{}", server.user_id("ana"));
    assert_eq!(server.post(&format!("{path}/passwordReset"), &json!({})).await.0, 400);
    let nameless = with(server.record("ana").await, &json!({"firstName": null, "lastName": null, "timeZone": "UTC"}));
    assert_eq!(server.put(&path, &nameless).await.0, 200);
    let ana = server.user("ana");
    assert_eq!((ana.first_name.as_str(), ana.time_zone.as_deref()), ("Ana", Some("UTC")), "names are the directory's");
}

#[tokio::test]
async fn members_are_objects_of_the_directory() {
    let server = windows().await;
    let finance = server.group_id("Finance");
    let (_, group) = server.get(&format!("usergroups/{finance}")).await;
    let member = &group["members"][0];
    assert_eq!(member["userId"], Value::Null);
    let object = &member["activeDirectoryObject"];
    assert_eq!((&object["category"], &object["sidAccountName"]), (&json!("Person"), &json!("ana")));
    let (_, reply) = server.post(&format!("usergroups/{finance}/users"), &json!([server.user_id("ben")])).await;
    assert_eq!(reply["successfullyAddedUserCount"], json!(1), "users are added by their ids all the same");
}

#[tokio::test]
async fn a_group_of_the_directory_is_added_by_its_sid_and_taken_out_again() {
    let server = windows().await;
    let empty = server.group_id("Empty");
    let path = format!("usergroups/{empty}/activedirectorygroups");
    assert_eq!(server.post(&path, &json!(SID)).await, (200, Value::Null));
    assert_eq!(server.post(&path, &json!([SID])).await.0, 400, "a string and nothing else");
    let (_, group) = server.get(&format!("usergroups/{empty}")).await;
    let object = &group["members"][0]["activeDirectoryObject"];
    assert_eq!((&object["category"], &object["sid"]), (&json!("Group"), &json!(SID)));
    assert_eq!(server.delete(&format!("usergroups/{empty}")).await.0, 400, "it is not empty");
    assert_eq!(server.delete(&format!("{path}/{SID}")).await, (200, Value::Null));
    assert_eq!(server.delete(&format!("usergroups/{empty}")).await.0, 200);
}

#[tokio::test]
async fn elsewhere_and_in_older_releases_there_are_no_groups_of_the_directory() {
    let server = Server::small().await;
    let path = format!("usergroups/{}/activedirectorygroups", server.group_id("Empty"));
    assert_eq!(server.post(&path, &json!(SID)).await.0, 400);
    server.switch(|switches| {
        switches.authentication = Authentication::Windows;
        switches.release = Release::R2022;
    });
    assert_eq!(server.post(&path, &json!(SID)).await.0, 404);
    let remove = server.call(reqwest::Method::DELETE, &format!("{path}/{SID}"));
    assert_eq!(body(remove).await.0, 404);
    assert!(server.emulator().writes().is_empty());
}
