use serde_json::{Value, json};

use super::support::Cluster;

#[tokio::test]
async fn a_user_is_shown_with_all_that_the_description_names() {
    let cluster = Cluster::small().await;
    let ada = cluster.row("user", "ADA").await;
    let members = ada.as_object().expect("an object");
    assert_eq!(members.len(), 47, "unset members are null, and there");
    assert_eq!(
        (&ada["name"], &ada["display_name"], &ada["email"]),
        (&json!("ada"), &json!("ADA"), &json!("ada@x.test"))
    );
    assert_eq!((&ada["account_type"], &ada["account_status"]), (&json!("LOCAL_USER"), &json!("ACTIVE")));
    assert_eq!((&ada["visibility"], &ada["system_user"]), (&json!("SHARABLE"), &json!(false)));
    assert_eq!(ada["orgs"], json!([{"id": 0, "name": "Primary"}]));
    assert_eq!(Cluster::named(&ada["user_groups"]), ["All", "eng"]);
    assert_eq!(Cluster::named(&ada["user_inherited_groups"]), ["staff"]);
    assert!(members["home_liveboard"].is_null() && members["current_org"].is_null());
    let id = ada["id"].as_str().expect("a GUID");
    assert_eq!(cluster.row("user", id).await, ada, "an identifier is a name or a GUID");
    let guest = cluster.row("user", "su").await;
    assert_eq!(
        (&guest["system_user"], &guest["super_user"], &guest["email"]),
        (&json!(true), &json!(true), &Value::Null)
    );
}

#[tokio::test]
async fn a_group_is_shown_with_its_children() {
    let cluster = Cluster::small().await;
    let staff = cluster.row("group", "staff").await;
    assert_eq!(staff.as_object().map(serde_json::Map::len), Some(30));
    assert_eq!(Cluster::named(&staff["sub_groups"]), ["eng"]);
    assert_eq!(staff["users"], json!([]));
    assert_eq!(staff["orgs"], json!([{"id": "0", "name": "Primary"}]), "texts, as the description has it");
    assert_eq!((&staff["type"], &staff["description"]), (&json!("LOCAL_GROUP"), &Value::Null));
    assert_eq!(Cluster::named(&cluster.row("group", "eng").await["users"]), ["ada"]);
    let ask = json!({"group_identifier": "staff", "include_users": false, "include_sub_groups": false});
    let bare = cluster.call("groups/search", &ask).await.1[0].clone();
    assert_eq!((&bare["users"], &bare["sub_groups"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn users_are_filtered() {
    let cluster = Cluster::small().await;
    for (ask, expected) in [
        (json!({"name_pattern": "%B%"}), vec!["bob"]),
        (json!({"name_pattern": "a"}), vec![]),
        (json!({"display_name": "ADA"}), vec!["ada"]),
        (json!({"email": "bob@x.test"}), vec!["bob"]),
        (json!({"group_identifiers": ["eng", "System"]}), vec!["ada", "su", "system"]),
        (json!({"privileges": ["ADMINISTRATION"]}), vec!["su", "tsadmin"]),
        (json!({"account_type": "SAML_USER"}), vec![]),
        (json!({"account_status": "ACTIVE", "name_pattern": "z%"}), vec!["zoe"]),
        (json!({"visibility": "NON_SHARABLE"}), vec![]),
        (json!({"org_identifiers": [1]}), vec!["zoe"]),
        (json!({"org_identifiers": ["Second"]}), vec!["zoe"]),
        (json!({"user_identifier": "nobody"}), vec![]),
        (json!({"user_identifier": "bob", "email": "other@x.test"}), vec![]),
    ] {
        assert_eq!(cluster.names("users/search", &ask).await, expected, "{ask}");
    }
}

#[tokio::test]
async fn groups_are_filtered() {
    let cluster = Cluster::small().await;
    for (ask, expected) in [
        (json!({"name_pattern": "E%"}), vec!["eng"]),
        (json!({"display_name": "STAFF"}), vec!["staff"]),
        (json!({"user_identifiers": ["ada"]}), vec!["All", "eng"]),
        (json!({"sub_group_identifiers": ["eng"]}), vec!["staff"]),
        (json!({"privileges": ["ADMINISTRATION"]}), vec!["Administrator", "Administrator"]),
        (json!({"org_identifiers": [1]}), vec!["Administrator", "All", "far"]),
        (json!({"type": "LDAP_GROUP"}), vec![]),
        (json!({"description": "none"}), vec![]),
        (json!({"visibility": "NON_SHARABLE"}), vec![]),
        (json!({"group_identifier": "nowhere"}), vec![]),
    ] {
        assert_eq!(cluster.names("groups/search", &ask).await, expected, "{ask}");
    }
}

#[tokio::test]
async fn what_v1_makes_v2_finds_and_the_other_way_round() {
    let cluster = Cluster::small().await;
    let ask = json!({"name": "eve", "display_name": "Eve", "email": "eve@x.test", "group_identifiers": ["eng"]});
    assert_eq!(cluster.status("users/create", &ask).await, 200);
    let list = cluster.v1("user/list").await;
    let eve = list.as_array().expect("rows").iter().find(|row| row["name"] == "eve").expect("eve");
    assert_eq!((&eve["mail"], &eve["groupNames"]), (&json!("eve@x.test"), &json!(["All", "eng"])));
    let principals = json!([{"name": "max", "displayName": "Max", "mail": "max@x.test",
        "principalTypeEnum": "LOCAL_USER", "groupNames": ["eng"], "visibility": "NON_SHARABLE", "password": "p"}]);
    let form = reqwest::multipart::Form::new()
        .text("principals", principals.to_string())
        .text("applyChanges", "true")
        .text("removeDeleted", "false");
    let sync = format!("{}/callosum/v1/tspublic/v1/user/sync", cluster.sandbox.url("thoughtspot"));
    let sync = cluster.client.post(sync).bearer_auth(&cluster.token).header("X-Requested-By", "me").multipart(form);
    assert_eq!(crate::sandbox::thoughtspot::tests::support::status(sync).await, 200);
    let max = cluster.row("user", "max").await;
    assert_eq!((&max["visibility"], &max["email"]), (&json!("NON_SHARABLE"), &json!("max@x.test")));
    assert_eq!(Cluster::named(&max["user_groups"]), ["All", "eng"]);
    assert_eq!(Cluster::named(&cluster.row("group", "eng").await["users"]), ["ada", "eve", "max"]);
}
