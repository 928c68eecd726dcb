use serde_json::json;

use super::support::Cluster;
use crate::sandbox::thoughtspot::tests::support::user;

/// Twelve users besides the four of the system.
async fn crowd() -> Cluster {
    let people: Vec<_> = (10..22).map(|number| user(&format!("p{number}"), &[])).collect();
    Cluster::start(json!(people)).await
}

#[tokio::test]
async fn a_page_has_ten_rows_and_minus_one_is_all() {
    let cluster = crowd().await;
    assert_eq!(cluster.names("users/search", &json!({})).await.len(), 10);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 10})).await.len(), 6);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 16})).await.len(), 0);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 99})).await.len(), 0);
    assert_eq!(cluster.names("users/search", &json!({"record_size": -1})).await.len(), 16);
    let rest = cluster.names("users/search", &json!({"record_size": -1, "record_offset": 14})).await;
    assert_eq!(rest, ["system", "tsadmin"]);
    assert_eq!(cluster.names("groups/search", &json!({"record_size": 2, "record_offset": 4})).await, ["System"]);
}

#[tokio::test]
async fn rows_come_in_the_order_that_is_asked_for() {
    let cluster = crowd().await;
    let last = json!({"record_size": 2, "sort_options": {"field_name": "NAME", "order": "DESC"}});
    assert_eq!(cluster.names("users/search", &last).await, ["tsadmin", "system"]);
    let shown = json!({"record_size": 2, "sort_options": {"field_name": "DISPLAY_NAME"}});
    assert_eq!(cluster.names("users/search", &shown).await, ["tsadmin", "guest"], "Administrator, Guest");
    let newest = json!({"record_size": 1, "sort_options": {"field_name": "CREATED", "order": "DESC"}});
    let create = json!({"name": "a", "display_name": "A", "email": "a@x.test"});
    assert_eq!(cluster.status("users/create", &create).await, 200);
    assert_eq!(cluster.names("users/search", &newest).await, ["a"]);
}

#[tokio::test]
async fn a_page_can_be_empty_although_more_exists() {
    let cluster = crowd().await;
    cluster.switch(|switches| switches.empty_page = Some(10));
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 9})).await.len(), 7);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 10})).await.len(), 0);
    cluster.switch(|switches| switches.empty_page = Some(0));
    assert_eq!(cluster.names("users/search", &json!({})).await.len(), 0);
    assert_eq!(cluster.names("groups/search", &json!({})).await.len(), 0);
}

#[tokio::test]
async fn a_page_can_break_off_although_more_exists() {
    let cluster = crowd().await;
    cluster.switch(|switches| switches.truncated_page = Some(6));
    assert_eq!(cluster.names("users/search", &json!({})).await.len(), 6);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 6})).await.len(), 10);
    assert_eq!(cluster.names("users/search", &json!({"record_offset": 10})).await.len(), 6);
}

#[tokio::test]
async fn somebody_can_come_in_between_two_pages() {
    let cluster = crowd().await;
    cluster.switch(|switches| switches.insert_between_pages = Some(2));
    let first = cluster.names("users/search", &json!({})).await;
    let second = cluster.names("users/search", &json!({"record_offset": 10})).await;
    assert_eq!((first.len(), second.len()), (10, 8));
    assert_eq!(second[..2], first[8..], "two rows were pushed onto the second page");
    assert_eq!(cluster.names("users/search", &json!({"record_size": 2})).await, ["!late1", "!late2"]);
    assert_eq!(cluster.names("users/search", &json!({"record_size": -1})).await.len(), 18, "once each time it is set");
}
