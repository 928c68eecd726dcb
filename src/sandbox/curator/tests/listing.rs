use reqwest::Method;
use serde_json::{Value, json};

use super::support::{KEY, Portal, body};
use crate::sandbox::curator::{Dates, Letters, ListReply, Memberships, Methods, Rows};

#[tokio::test]
async fn lists_are_bare_arrays_with_memberships_in_both() {
    let portal = Portal::small().await;
    let (status, users) = portal.ask("User/listUsers", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(
        users[0],
        json!({"id": 7, "name": "ada@x.test", "email": "ada@x.test", "full_name": "Ada",
            "created_at": "2023-11-14 22:13:20", "groups": [{"id": 30, "name": "Finance"}]})
    );
    assert_eq!(users[1]["groups"], json!([]));
    let (_, groups) = portal.ask("User/listGroups", &[]).await;
    assert_eq!(
        groups,
        json!([
            {"id": 30, "name": "Finance", "users": [{"id": 7, "name": "ada@x.test"}]},
            {"id": 31, "name": "Sales", "users": []},
        ])
    );
    assert!(portal.last().warnings.is_empty() && !portal.last().write);
}

#[tokio::test]
async fn lists_come_in_four_envelopes() {
    let portal = Portal::small().await;
    let (_, rows) = portal.ask("User/listGroups", &[]).await;
    for (reply, expected) in [
        (ListReply::Msg, json!({"result": "Success", "msg": rows})),
        (ListReply::Named, json!({"groups": rows})),
        (ListReply::ById, json!({"30": rows[0], "31": rows[1]})),
    ] {
        portal.switch(|switches| switches.list_reply = reply);
        assert_eq!(portal.ask("User/listGroups", &[]).await, (200, expected));
    }
}

#[tokio::test]
async fn memberships_are_in_one_list_in_both_or_in_none() {
    let portal = Portal::small().await;
    for (memberships, in_users, in_groups) in [
        (Memberships::Both, true, true),
        (Memberships::Users, true, false),
        (Memberships::Groups, false, true),
        (Memberships::None, false, false),
    ] {
        portal.switch(|switches| switches.memberships = memberships);
        let (_, users) = portal.ask("User/listUsers", &[]).await;
        let (_, groups) = portal.ask("User/listGroups", &[]).await;
        assert_eq!((users[0].get("groups").is_some(), groups[0].get("users").is_some()), (in_users, in_groups));
    }
}

#[tokio::test]
async fn rows_and_dates_have_other_names_and_shapes() {
    let portal = Portal::small().await;
    portal.switch(|switches| {
        switches.rows = Rows::Aliased;
        switches.dates = Dates::Object;
    });
    let (_, users) = portal.ask("User/listUsers", &[]).await;
    let date = json!({"date": "2023-11-14 22:13:20.000000", "timezone_type": 3, "timezone": "UTC"});
    assert_eq!(
        users[0],
        json!({"id": 7, "username": "ada@x.test", "mail": "ada@x.test", "display_name": "Ada", "created_at": date,
            "groups": ["Finance"]})
    );
    let (_, groups) = portal.ask("User/listGroups", &[]).await;
    assert_eq!(groups[0], json!({"id": 30, "title": "Finance", "members": ["ada@x.test"]}));
}

#[tokio::test]
async fn sections_are_folded_and_endpoints_are_on_request() {
    let portal = Portal::small().await;
    let is_list = |answer: (u16, Value)| answer.1.is_array();
    assert!(is_list(portal.ask("user/listUsers", &[]).await));
    assert!(!is_list(portal.ask("User/listusers", &[]).await));
    portal.switch(|switches| {
        switches.fold_sections = false;
        switches.fold_endpoints = true;
    });
    assert!(!is_list(portal.ask("user/listUsers", &[]).await));
    assert!(is_list(portal.ask("User/listusers", &[]).await));
    assert_eq!(portal.ask("Nothing/here", &[]).await.1["result"], "Error");
}

#[tokio::test]
async fn both_methods_are_taken_or_one() {
    let portal = Portal::small().await;
    let works = async |method: Method| {
        body(portal.request(method, "Portal/version", &[("apikey", KEY)])).await.1.get("version").is_some()
    };
    for (methods, get, post) in [(Methods::Both, true, true), (Methods::Get, true, false), (Methods::Post, false, true)]
    {
        portal.switch(|switches| switches.methods = methods);
        assert_eq!((works(Method::GET).await, works(Method::POST).await), (get, post), "{methods:?}");
    }
    assert_eq!(body(portal.request(Method::DELETE, "Portal/version", &[("apikey", KEY)])).await.0, 405);
}

#[tokio::test]
async fn permissions_come_under_status_and_in_either_spelling() {
    let portal = Portal::small().await;
    let (_, told) = portal.ask("User/getManageablePermissions", &[]).await;
    assert_eq!((&told["status"], told.get("result")), (&json!("Success"), None));
    assert_eq!(told["permissions"].as_array().map(Vec::len), Some(15));
    assert_eq!(told["permissions"][14], "InterWorks.portal.api_keys");
    portal.switch(|switches| {
        switches.permission_letters = Letters::Small;
        switches.result_letters = Letters::Small;
    });
    let (_, told) = portal.ask("User/getManageablePermissions", &[]).await;
    assert_eq!((&told["status"], &told["permissions"][14]), (&json!("success"), &json!("interworks.portal.api_keys")));
}
