use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Office, addresses, newcomer};
use crate::sandbox::Product as _;

#[tokio::test]
async fn a_user_is_shown_with_everything_but_secrets() {
    let office = Office::small().await;
    let (status, ines) = office.get("users/2").await;
    assert_eq!(status, 200);
    assert_eq!(
        ines,
        json!({"id": 2, "name": "Ines Vogel", "email": "ines@example.org", "phone": "+431", "active": true, "tfa": true,
            "groups": [2, 3], "ipWhitelist": ["79.24.241.198"], "clientTags": ["vip"], "canViewMaskedData": true,
            "createTime": "2023-11-14T22:13:20+00:00", "updateTime": "2023-11-14T22:13:20+00:00"})
    );
    assert_eq!(office.get("users/3").await.1["phone"], Value::Null);
    for unknown in ["users/99", "users/ines", "users/-1"] {
        assert_eq!(office.get(unknown).await.0, 404, "{unknown}");
    }
}

#[tokio::test]
async fn a_created_user_gets_the_next_id_and_echoes_neither_password_nor_notice() {
    let office = Office::small().await;
    let body = newcomer(&json!({"phone": "+18043257762", "ipWhitelist": ["20.65.174.119"], "clientTags": ["my_tag"],
        "canViewMaskedData": true, "sendNotify": true}));
    let (status, mary) = office.post("users", &body).await;
    assert_eq!((status, &mary["id"], &mary["groups"]), (201, &json!(4), &json!([2])));
    assert_eq!((&mary["clientTags"], &mary["canViewMaskedData"]), (&json!(["my_tag"]), &json!(true)));
    assert!(mary.get("password").is_none() && mary.get("sendNotify").is_none(), "{mary}");
    assert_eq!(office.emulator().mails(), ["mary@example.org"]);
    assert_eq!(office.last().changes.users_added, ["mary@example.org".to_owned()].into());

    assert_eq!(office.delete("users/4").await, (204, Value::Null));
    assert_eq!(office.get("users/4").await.0, 404);
    assert_eq!(office.delete("users/4").await.0, 404);
    let (_, again) = office.post("users", &newcomer(&json!({}))).await;
    assert_eq!(again["id"], 5, "an id is never given twice");
    assert_eq!(office.emulator().mails().len(), 1, "no notice was asked for");
}

#[tokio::test]
async fn a_create_names_every_member_that_is_missing_or_wrong() {
    let office = Office::small().await;
    let (status, refusal) = office.post("users", &json!({})).await;
    assert_eq!(status, 400);
    let named: Vec<&String> = refusal["errors"].as_object().expect("an object").keys().collect();
    assert_eq!(named, ["active", "email", "groups", "name", "password", "tfa"]);

    for (wrong, member) in [
        (json!({"active": "true"}), "active"),
        (json!({"tfa": 1}), "tfa"),
        (json!({"groups": ["2"]}), "groups"),
        (json!({"groups": [2.5]}), "groups"),
        (json!({"groups": [77]}), "groups"),
        (json!({"groups": "2"}), "groups"),
        (json!({"email": "mary"}), "email"),
        (json!({"name": "  "}), "name"),
        (json!({"password": "short"}), "password"),
        (json!({"ipWhitelist": ["300.1.1.1"]}), "ipWhitelist"),
        (json!({"ipWhitelist": "79.24.241.198"}), "ipWhitelist"),
        (json!({"clientTags": [3]}), "clientTags"),
        (json!({"phone": 3}), "phone"),
        (json!({"canViewMaskedData": "yes"}), "canViewMaskedData"),
    ] {
        let (status, refusal) = office.post("users", &newcomer(&wrong)).await;
        assert_eq!(status, 400, "{wrong}");
        assert!(refusal["errors"][member][0].is_string(), "{wrong}: {refusal}");
    }
    let (status, refusal) = office.post("users", &newcomer(&json!({"email": "INES@example.org"}))).await;
    assert_eq!((status, &refusal["errors"]["email"][0]), (400, &json!("has already been taken")));
    assert_eq!(office.post("users", &json!([])).await.0, 400);
    assert!(office.emulator().writes().is_empty());
    assert!(office.emulator().user("mary@example.org").is_none());
}

#[tokio::test]
async fn an_update_changes_only_what_it_names() {
    let office = Office::small().await;
    for method in [Method::PATCH, Method::PUT] {
        let before = office.get("users/2").await.1;
        let (status, after) = office.send(method.clone(), "users/2", &json!({"groups": [1]})).await;
        assert_eq!((status, &after["groups"]), (200, &json!([1])), "a list replaces the list before");
        for member in ["name", "email", "phone", "active", "tfa", "ipWhitelist", "clientTags", "canViewMaskedData"] {
            assert_eq!(after[member], before[member], "{method} {member}");
        }
        assert_eq!(office.last().changes.users_updated, ["ines@example.org".to_owned()].into());
        assert_eq!(office.last().parts, ["groups"], "the journal names what was sent");
        office.patch("users/2", &json!({"groups": [2, 3]})).await;
    }
    let (_, emptied) = office.patch("users/2", &json!({"phone": "", "ipWhitelist": [], "active": false})).await;
    assert_eq!(
        (&emptied["phone"], &emptied["ipWhitelist"], &emptied["active"]),
        (&Value::Null, &json!([]), &json!(false))
    );
}

#[tokio::test]
async fn an_update_that_changes_nothing_is_a_write_without_changes() {
    let office = Office::small().await;
    assert_eq!(office.patch("users/2", &json!({"name": "Ines Vogel"})).await.0, 200);
    assert!(office.last().write && office.last().changes.users_updated.is_empty());
}

#[tokio::test]
async fn an_address_can_be_changed_but_not_into_that_of_another() {
    let office = Office::small().await;
    assert_eq!(office.patch("users/2", &json!({"email": "Oto@Example.org"})).await.0, 400);
    assert_eq!(office.patch("users/2", &json!({"email": "INES@example.org"})).await.0, 200, "its own, in capitals");
    assert_eq!(office.patch("users/2", &json!({"email": "vogel@example.org"})).await.0, 200);
    assert!(office.emulator().user("ines@example.org").is_none(), "the old address is free");
    assert_eq!(addresses(&office.get("users").await.1)[1], "vogel@example.org");
}

#[tokio::test]
async fn an_update_is_checked_like_a_create() {
    let office = Office::small().await;
    assert_eq!(office.patch("users/99", &json!({"name": "x"})).await.0, 404);
    for wrong in [json!({"active": "false"}), json!({"groups": [99]}), json!({"phone": null}), json!({"email": ""})] {
        assert_eq!(office.patch("users/2", &wrong).await.0, 400, "{wrong}");
    }
    assert!(office.emulator().writes().is_empty());
}

#[tokio::test]
async fn rash_and_unknown_members_are_remarked_in_the_journal() {
    let office = Office::small().await;
    office.patch("users/2", &json!({"password": "MySecret123", "sendNotify": true, "nickname": "x"})).await;
    assert_eq!(
        office.last().warnings,
        ["the member nickname is unknown", "an update sends password", "an update sends sendNotify"]
    );
    assert_eq!(office.emulator().mails(), ["ines@example.org"]);
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let office = Office::small().await;
    assert_eq!(office.send(Method::PUT, "users", &json!({})).await.0, 405);
    assert_eq!(office.post("users/2", &json!({})).await.0, 405);
    assert_eq!(office.get("signin").await.0, 405);
    assert_eq!(office.get("clients").await.0, 404);
}
