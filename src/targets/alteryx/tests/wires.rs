//! Their records in every shape that is known, null and absent members among them.

use serde_json::json;

use super::super::config::Auth;
use super::super::convert::{group, user};
use super::super::wire::{Added, Assets, GroupRecord, NewGroup, TokenReply, UserRecord, owned};
use super::settings;
use crate::principal::Kind;

fn record(value: serde_json::Value) -> UserRecord {
    serde_json::from_value(value).expect("a record")
}

#[test]
fn a_full_record_becomes_a_user_with_every_attribute() {
    let ana = user(
        &record(json!({
            "id": "65f0c0ffee0000000000a001", "firstName": "Ana", "lastName": "Ruiz", "email": "Ana.Ruiz@example.org",
            "role": "Evaluated", "defaultWorkerTag": "", "canScheduleJobs": false, "canPrioritizeJobs": true,
            "canAssignJobs": false, "canCreateCollections": false, "isApiEnabled": false, "defaultCredentialId": "",
            "isAccountLocked": false, "isActive": true, "lastLoginDateTime": null, "isValidated": false,
            "sharedCredentialIds": [], "dataConnectionIds": [], "timeZone": "UTC", "language": "en-us",
            "canCreateAndUpdateDcm": true, "unheardOf": {}
        })),
        &settings(Auth::Saml),
    )
    .expect("a user");
    assert_eq!((ana.kind, ana.name.as_str(), ana.is_active()), (Kind::User, "Ana.Ruiz@example.org", true));
    assert_eq!((ana.display_name.as_deref(), ana.mail), (Some("Ana Ruiz"), None), "the address is the name");
    assert_eq!(ana.id.as_deref(), Some("65f0c0ffee0000000000a001"));
    let attributes = serde_json::to_value(ana.attributes.expect("attributes")).expect("JSON");
    assert_eq!(
        attributes,
        json!({"canAssignJobs": false, "canCreateCollections": false, "canPrioritizeJobs": true,
            "canScheduleJobs": false, "isApiEnabled": false, "language": "en-us", "role": "Evaluated", "timeZone": "UTC"})
    );
}

#[test]
fn a_reduced_record_and_one_full_of_nulls_are_users_too() {
    let reduced = record(json!({"id": "1", "firstName": "Ana", "lastName": null, "email": "ana@example.org",
        "isActive": false, "role": "Viewer", "dateCreated": "2024-03-01T09:15:02.113Z"}));
    let ana = user(&reduced, &settings(Auth::Saml)).expect("a user");
    assert_eq!((ana.display_name.as_deref(), ana.is_active()), (Some("Ana"), false));
    let nulls = record(json!({"id": "2", "email": "ben@example.org", "isActive": true, "timeZone": null,
        "language": null, "role": null, "canScheduleJobs": null}));
    let ben = user(&nulls, &settings(Auth::Saml)).expect("a user");
    assert!(ben.attributes.is_some_and(|attributes| attributes.is_empty()));
}

#[test]
fn a_record_that_does_not_say_whether_it_is_active_is_not_believed() {
    assert!(serde_json::from_value::<UserRecord>(json!({"id": "1", "email": "ana@example.org"})).is_err());
    assert!(serde_json::from_value::<UserRecord>(json!({"id": "1", "isActive": null})).is_err());
    let nameless = record(json!({"id": "1", "isActive": true, "email": " "}));
    assert!(user(&nameless, &settings(Auth::Saml)).is_none());
}

#[test]
fn a_group_carries_what_is_shared_with_it() {
    let shared: GroupRecord = serde_json::from_value(
        json!({"id": "b1", "name": "Finance", "dateAdded": "2024-03-01T09:20:00Z", "role": "Curator",
            "credentialIds": ["c1"], "connectionIds": null, "members": null}),
    )
    .expect("a group");
    let finance = group(&shared);
    assert_eq!(finance.extra.as_deref(), Some(r#""credentialIds":["c1"],"connectionIds":[]"#));
    assert_eq!(finance.attributes.and_then(|attributes| attributes.get("role").cloned()), Some(json!("Curator")));
    assert!(shared.members().is_empty());
}

#[test]
fn an_addition_is_whole_only_where_every_count_says_so() {
    let added = |value: serde_json::Value| serde_json::from_value::<Added>(value).expect("an answer");
    let of = |added: u64, total: u64| json!({"successfullyAddedUserCount": added, "totalUsersSubmittedCount": total});
    assert!(added(of(2, 2)).is_all_of(2));
    assert!(!added(of(1, 2)).is_all_of(2) && !added(of(2, 2)).is_all_of(3));
    let nulls = json!({"successfullyAddedUserCount": 2, "failedUserReasons": null});
    assert!(added(nulls).is_all_of(2));
    let failed = added(json!({"successfullyAddedUserCount": 2, "totalUsersSubmittedCount": 2,
        "failedUserReasons": {"a1": "User not found", "BEN@example.org": {"code": 7}}}));
    assert!(!failed.is_all_of(2), "a reason is a failure, whatever was counted");
    assert_eq!(failed.reason("a1", "x").as_deref(), Some("User not found"));
    assert_eq!(failed.reason("b2", "ben@example.org").as_deref(), Some(r#"{"code":7}"#));
    assert_eq!(failed.reason("b2", "cy@example.org"), None);
    assert!(serde_json::from_str::<Added>("[]").is_err());
}

#[test]
fn ids_lifetimes_and_assets_are_read_in_both_ways() {
    let id = |text: &str| serde_json::from_str::<NewGroup>(text).map(NewGroup::id).ok();
    assert_eq!((id("\"b1\"").as_deref(), id("{\"id\":\"b1\"}").as_deref(), id("[]")), (Some("b1"), Some("b1"), None));
    let seconds = |text: &str| {
        let reply: TokenReply = serde_json::from_str(text).expect("a token");
        reply.seconds()
    };
    assert_eq!(seconds(r#"{"access_token":"x","expires_in":3600}"#), Some(3600));
    assert_eq!(seconds(r#"{"access_token":"x","expires_in":"60"}"#), Some(60));
    assert_eq!(seconds(r#"{"access_token":"x"}"#), None);
    let assets: Assets = serde_json::from_value(
        json!({"workflows": [{"id": "1", "name": "a"}], "schedules": [], "collections": null, "insights": [1, 2]}),
    )
    .expect("assets");
    assert_eq!(owned(&assets), "2 insights, 1 workflows");
}
