use reqwest::Method;
use serde_json::json;

use super::support::{Server, body, names, with};
use crate::sandbox::Product;

#[tokio::test]
async fn an_update_that_leaves_out_a_required_member_names_every_one() {
    let server = Server::small().await;
    let path = format!("users/{}", server.user_id("ana"));
    let (status, reply) = server.put(&path, &json!({"firstName": "Anna", "language": "klingon"})).await;
    assert_eq!(status, 400);
    let fields: Vec<&str> =
        names(&reply["modelState"]).into_iter().map(|name| name.trim_start_matches("userContract.")).collect();
    assert_eq!(
        fields,
        [
            "canAssignJobs",
            "canCreateCollections",
            "canPrioritizeJobs",
            "canScheduleJobs",
            "defaultCredentialId",
            "defaultWorkerTag",
            "email",
            "isAccountLocked",
            "isActive",
            "isApiEnabled",
            "isValidated",
            "language",
            "lastName",
            "role",
            "timeZone",
        ]
    );
    let nulls = with(server.record("ana").await, &json!({}));
    let nulls = nulls.to_string().replace("\"timeZone\":\"\"", "\"timeZone\":null");
    assert_eq!(server.put(&path, &serde_json::from_str(&nulls).expect("JSON")).await.0, 400, "null is not sent");
    assert_eq!(server.user("ana").first_name, "Ana");
    assert!(server.emulator().writes().is_empty());
}

#[tokio::test]
async fn an_update_overwrites_all_and_passes_over_the_id_and_unknown_members() {
    let server = Server::small().await;
    let (id, record) = (server.user_id("ana"), server.record("ana").await);
    let changed = with(
        record,
        &json!({"firstName": "Anna", "email": "anna@example.org", "id": "other", "nonsense": 1,
            "canScheduleJobs": true, "canCreateAndUpdateDcm": null}),
    );
    let (status, reply) = server.put(&format!("users/{id}"), &changed).await;
    assert_eq!((status, &reply["id"], &reply["firstName"]), (200, &json!(id), &json!("Anna")));
    let anna = server.user("anna");
    assert!(anna.can_schedule_jobs && !anna.can_create_and_update_dcm, "a flag that is not sent is off");
    assert_eq!(anna.groups, ["Finance".to_owned()].into(), "memberships are not the record's business");
    assert!(server.emulator().user("ana@example.org").is_none());
    let write = server.emulator().writes().pop().expect("a write");
    assert_eq!(write.changes.users_updated, ["anna@example.org".to_owned()].into());
}

#[tokio::test]
async fn an_update_may_be_a_form() {
    let server = Server::small().await;
    let record = server.record("ana").await;
    let form: Vec<(String, String)> = record
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let request = server.call(Method::PUT, &format!("users/{}", server.user_id("ana"))).form(&form);
    assert_eq!(body(request).await.0, 200);
    assert_eq!(server.record("ana").await, record);
}

#[tokio::test]
async fn deactivation_takes_the_user_out_of_all_groups_and_an_update_brings_back_only_the_user() {
    let server = Server::small().await;
    let (id, finance) = (server.user_id("ana"), server.group_id("Finance"));
    let path = format!("users/{id}/deactivate");
    assert_eq!(server.post(&path, &json!({})).await, (200, json!([finance])));
    assert_eq!(server.post(&path, &json!({})).await, (200, json!([])));
    let ana = server.user("ana");
    assert!(!ana.is_active && ana.groups.is_empty());
    let back = with(server.record("ana").await, &json!({"isActive": true}));
    assert_eq!(server.put(&format!("users/{id}"), &back).await.0, 200);
    let ana = server.user("ana");
    assert!(ana.is_active && ana.groups.is_empty());
}

#[tokio::test]
async fn an_update_to_inactive_keeps_the_groups_unless_switched() {
    let server = Server::small().await;
    let path = format!("users/{}", server.user_id("ana"));
    let off = with(server.record("ana").await, &json!({"isActive": false}));
    assert_eq!(server.put(&path, &off).await.0, 200);
    assert_eq!(server.user("ana").groups.len(), 1);
    server.switch(|switches| switches.put_inactive_strips = true);
    assert_eq!(server.put(&path, &off).await.0, 200);
    assert!(server.user("ana").groups.is_empty());
}

#[tokio::test]
async fn a_password_can_be_reset_where_the_server_keeps_passwords() {
    let server = Server::small().await;
    let path = format!("users/{}/passwordReset", server.user_id("ana"));
    assert_eq!(server.post(&path, &json!({})).await, (200, serde_json::Value::Null));
    server.switch(|switches| switches.authentication = crate::sandbox::alteryx::Authentication::Saml);
    assert_eq!(server.post(&path, &json!({})).await.0, 400);
}
