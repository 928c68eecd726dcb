use serde_json::json;

use super::support::Cluster;
use crate::sandbox::thoughtspot::v2::Switches;

#[test]
fn switches_have_the_names_of_the_page() {
    let text = serde_json::to_value(Switches::default()).expect("JSON");
    assert_eq!(
        text,
        json!({"errorShape": "live", "emptyPage": null, "truncatedPage": null, "orgFilter404": false,
            "tokenSeconds": null, "secondsPerCall": 0, "releaseVersion": "number", "insertBetweenPages": null,
            "importProtectsSystem": true, "importAtomic": true, "duplicateStatus": 400, "missingStatus": 400,
            "emptyListClears": true, "omittedListClears": false, "statusByUpdate": true, "passwordNeeded": false,
            "emailNeeded": true, "danglingGroup": false,
            "orgs": true, "administratorsShowPrimaryOnly": false, "systemFlags": true,
            "administratorsAreSuperUsers": false, "nulls": true})
    );
    assert!(serde_json::from_value::<Switches>(json!({"errorForm": "spec"})).is_err());
}

#[tokio::test]
async fn rows_can_do_without_flags_and_without_nulls() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.system_flags = false);
    let user = cluster.row("user", "su").await;
    assert!(user["system_user"].is_null() && user["super_user"].is_null());
    assert!(cluster.row("group", "All").await["system_group"].is_null());
    cluster.switch(|switches| switches.nulls = false);
    let user = cluster.row("user", "su").await;
    assert!(user.get("system_user").is_none() && user.get("email").is_none());
    assert!(user.as_object().expect("an object").values().all(|member| !member.is_null()));
    assert!(cluster.row("group", "All").await.get("tags").is_none());
}

#[tokio::test]
async fn every_administrator_may_be_shown_as_a_super_user() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.row("user", "tsadmin").await["super_user"], false);
    cluster.switch(|switches| switches.administrators_are_super_users = true);
    assert_eq!(cluster.row("user", "tsadmin").await["super_user"], true);
    assert_eq!(cluster.row("user", "ada").await["super_user"], false);
}

#[tokio::test]
async fn a_group_that_is_gone_may_be_left_in_the_lists_of_its_members() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.dangling_group = true);
    let ada = cluster.row("user", "ada").await;
    assert_eq!(Cluster::named(&ada["user_groups"]), ["All", "eng", "gone"]);
    let id = ada["user_groups"][2]["id"].as_str().expect("a GUID").to_owned();
    assert!(cluster.row("group", &id).await.is_null());
}

#[tokio::test]
async fn a_user_may_do_without_an_address_where_the_cluster_allows_it() {
    let cluster = Cluster::small().await;
    let ask = json!({"name": "eve", "display_name": "Eve"});
    assert_eq!(cluster.status("users/create", &ask).await, 400);
    cluster.switch(|switches| switches.email_needed = false);
    assert_eq!(cluster.status("users/create", &ask).await, 200);
}
