use reqwest::Method;
use serde_json::{Value, json};

use super::support::{NOBODY, Server, body, names};
use crate::sandbox::Product;
use crate::sandbox::alteryx::{EmptyMembers, Release};

fn mails(list: &Value) -> Vec<&str> {
    list.as_array().expect("an array").iter().map(|user| user["email"].as_str().expect("an address")).collect()
}

#[tokio::test]
async fn the_list_is_a_bare_array_reduced_or_full() {
    let server = Server::small().await;
    let (status, list) = server.get("users").await;
    assert_eq!((status, mails(&list)), (200, vec!["ana@example.org", "ben@example.org", "admin@example.org"]));
    assert_eq!(names(&list[0]), ["dateCreated", "email", "firstName", "id", "isActive", "lastName", "role"]);
    assert_eq!(server.get("users?view=Default").await.1, list);
    let (_, full) = server.get("users?view=Full").await;
    assert_eq!(full[0].get("dateCreated"), None, "only the reduced record has it");
    assert_eq!(full[0], server.record("ana").await);
    assert_eq!(full[0].get("groups"), None, "no record lists a user's groups");
    assert_eq!(server.get("users?view=full").await.0, 400);
}

#[tokio::test]
async fn filters_are_joined_by_and_and_what_is_no_filter_is_passed_over() {
    let server = Server::start(json!({"users": [
        {"email": "Ana@Example.org", "firstName": "Ana", "role": "Artisan", "dateCreated": "2024-03-01T09:00:00Z"},
        {"email": "ben@example.org", "firstName": "Ben", "isActive": false, "dateCreated": "2024-05-01T09:00:00Z"},
    ]}))
    .await;
    for (query, expected) in [
        ("", vec!["ana", "ben", "admin"]),
        ("page=7&pageSize=1", vec!["ana", "ben", "admin"]),
        ("email=ANA@example.org", vec!["ana"]),
        ("email=ana", vec![]),
        ("active=false", vec!["ben"]),
        ("active=true&role=Artisan", vec!["ana"]),
        ("role=Artisan&firstName=Ben", vec![]),
        ("lastName=Administrator", vec!["admin"]),
        ("createdAfter=2024-04-01&createdBefore=2024-06-01T00:00:00Z", vec!["ben"]),
    ] {
        let (_, list) = server.get(&format!("users?{query}")).await;
        let found = mails(&list).into_iter().map(|mail| mail.to_lowercase().replace("@example.org", ""));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{query}");
    }
    for wrong in ["active=maybe", "role=artisan", "createdAfter=yesterday"] {
        assert_eq!(server.get(&format!("users?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_user_is_created_from_json_or_a_form_with_the_documented_defaults() {
    let server = Server::small().await;
    let new = json!({"firstName": "Cy", "lastName": "Abe", "email": "cy@example.org", "password": "unknown"});
    let (status, user) = server.post("users", &new).await;
    assert_eq!((status, &user["role"], &user["isActive"]), (200, &json!("Evaluated"), &json!(true)));
    assert_eq!((&user["language"], &user["canScheduleJobs"]), (&json!("en-us"), &json!(false)));
    assert_eq!(user["id"].as_str().map(str::len), Some(24));
    let form = [("firstName", "Di"), ("lastName", "Roe"), ("email", "di@example.org"), ("canScheduleJobs", "true")];
    assert_eq!(body(server.call(Method::POST, "users").form(&form)).await.0, 200);
    assert!(server.user("di").can_schedule_jobs);
    let writes = server.emulator().writes();
    assert_eq!(writes[0].changes.users_added, ["cy@example.org".to_owned()].into());

    server.switch(|switches| switches.create_status = 201);
    let other = json!({"firstName": "Ed", "lastName": "Yi", "email": "ed@example.org"});
    assert_eq!(server.post("users", &other).await.0, 201);
}

#[tokio::test]
async fn a_user_who_cannot_be_created_is_told_field_by_field() {
    let server = Server::small().await;
    let wrong = json!({"firstName": "", "lastName": "x".repeat(256), "role": "Admin", "isActive": "perhaps"});
    let (status, reply) = server.post("users", &wrong).await;
    assert_eq!((status, &reply["message"]), (400, &json!("The request is invalid.")));
    let fields = ["email", "firstName", "isActive", "lastName", "role"].map(|field| format!("userContract.{field}"));
    assert_eq!(names(&reply["modelState"]), fields);
    assert_eq!(reply["modelState"]["userContract.email"], json!(["The email field is required."]));
    for text in ["[]", "{", "\"ana\""] {
        let request = server.call(Method::POST, "users").header("Content-Type", "text/json; charset=utf-8").body(text);
        assert_eq!(body(request).await.0, 400, "{text}");
    }
    assert_eq!(body(server.call(Method::POST, "users").body("<user/>")).await.0, 415);
    assert!(server.emulator().writes().is_empty());
}

#[tokio::test]
async fn an_address_is_given_once_in_any_case() {
    let server = Server::small().await;
    let twin = json!({"firstName": "Ana", "lastName": "Other", "email": "ANA@example.org"});
    assert_eq!(server.post("users", &twin).await.0, 400);
    server.switch(|switches| switches.duplicate_mail_status = 409);
    assert_eq!(server.post("users", &twin).await.0, 409);
    let renamed = super::support::with(server.record("ben").await, &json!({"email": "Ana@example.org"}));
    assert_eq!(server.put(&format!("users/{}", server.user_id("ben")), &renamed).await.0, 409);
}

#[tokio::test]
async fn members_without_a_value_are_shown_as_the_switch_says() {
    let server =
        Server::start(json!({"users": [{"email": "ana@example.org", "language": null}], "groups": [{"name": "g"}]}))
            .await;
    let optional = ["defaultCredentialId", "timeZone", "language", "sharedCredentialIds", "lastLoginDateTime"];
    let pick = |record: &Value| optional.map(|name| record.get(name).cloned());
    let group = server.group_id("g");
    let shown = server.record("ana").await;
    assert_eq!(pick(&shown), [json!(""), json!(""), json!(""), json!([]), Value::Null].map(Some));
    assert_eq!(server.get(&format!("usergroups/{group}")).await.1["members"], json!([]));
    server.switch(|switches| switches.empty_members = EmptyMembers::Null);
    assert_eq!(pick(&server.record("ana").await), optional.map(|_| Some(Value::Null)));
    server.switch(|switches| switches.empty_members = EmptyMembers::Absent);
    assert_eq!(pick(&server.record("ana").await), optional.map(|_| None));
    let (_, group) = server.get(&format!("usergroups/{group}")).await;
    assert_eq!(names(&group), ["dateAdded", "id", "name", "role"]);
}

#[tokio::test]
async fn an_older_release_has_no_dcm_and_another_word_for_the_view() {
    let server = Server::small().await;
    assert_eq!(server.record("ana").await["canCreateAndUpdateDcm"], json!(true));
    server.switch(|switches| switches.release = Release::R2022);
    assert_eq!(server.record("ana").await.get("canCreateAndUpdateDcm"), None);
    assert_eq!(server.get("users?verbose=false").await.1[0].get("timeZone"), None);
    assert_eq!(server.get("users?verbose=true").await.1[0]["timeZone"], json!(""));
    let (ana, ben) = (server.user_id("ana"), server.user_id("ben"));
    assert_eq!(server.get(&format!("users/{ben}/assets")).await.1["insights"], json!([]));
    assert_eq!(server.put(&format!("users/{ben}/assetTransfer"), &json!({"ownerId": ana})).await.0, 404);
}

#[tokio::test]
async fn a_user_nobody_knows_is_a_404_everywhere() {
    let server = Server::small().await;
    let path = format!("users/{NOBODY}");
    assert_eq!(server.get(&path).await.0, 404);
    assert_eq!(server.put(&path, &json!({})).await.0, 404);
    assert_eq!(server.delete(&path).await.0, 404);
    for verb in ["deactivate", "passwordReset"] {
        assert_eq!(server.post(&format!("{path}/{verb}"), &json!({})).await.0, 404, "{verb}");
    }
    let (status, reply) = server.get(&format!("{path}/assets")).await;
    assert_eq!((status, reply["message"].as_str()), (404, Some(format!("User {NOBODY} was not found.").as_str())));
    server.switch(|switches| switches.plain_errors = true);
    assert_eq!(server.get(&path).await, (404, json!(format!("User {NOBODY} was not found."))));
}
