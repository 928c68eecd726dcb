use serde_json::{Value, json};

use super::support::{Cluster, refusal};

async fn update(cluster: &Cluster, group: &str, ask: Value) -> u16 {
    cluster.status(&format!("groups/{group}/update"), &ask).await
}

#[tokio::test]
async fn a_group_is_created_with_members_and_children() {
    let cluster = Cluster::small().await;
    let ask = json!({"name": "ops", "display_name": "Operations", "description": "run it", "privileges": ["DEVELOPER"],
        "user_identifiers": ["ada", "bob"], "sub_group_identifiers": ["eng"], "visibility": "NON_SHARABLE",
        "role_identifiers": ["r"], "type": "LDAP_GROUP"});
    let (status, ops) = cluster.call("groups/create", &ask).await;
    assert_eq!((status, &ops["description"], &ops["type"]), (200, &json!("run it"), &json!("LDAP_GROUP")));
    assert_eq!((&ops["privileges"], &ops["visibility"]), (&json!(["DEVELOPER"]), &json!("NON_SHARABLE")));
    assert_eq!(Cluster::named(&ops["users"]), ["ada", "bob"]);
    assert_eq!(Cluster::named(&ops["sub_groups"]), ["eng"]);
    assert_eq!(ops["system_group"], false);
    assert_eq!(cluster.state("eng").expect("eng").group_names, ["ops", "staff"], "the child names its parents in v1");
    assert_eq!(cluster.row("user", "ada").await["privileges"], json!(["DEVELOPER"]));
    assert!(cluster.emulator().writes()[0].changes.groups_added.contains("ops"));
    for ask in [json!({"name": "x"}), json!({"display_name": "X"})] {
        assert_eq!(cluster.status("groups/create", &ask).await, 400);
    }
    let (status, error) = cluster.call("groups/create", &json!({"name": "ops", "display_name": "Again"})).await;
    assert_eq!((status, refusal(&error).1.as_str()), (400, "the group name ops is taken"));
    assert_eq!(cluster.status("groups/create", &json!({"name": "OPS", "display_name": "Other"})).await, 200);
}

#[tokio::test]
async fn lists_of_a_group_are_replaced_unless_the_operation_says_otherwise() {
    let cluster = Cluster::small().await;
    let add = json!({"operation": "ADD", "user_identifiers": ["bob"], "privileges": ["DEVELOPER"]});
    assert_eq!(update(&cluster, "eng", add.clone()).await, 204);
    assert_eq!(update(&cluster, "eng", add).await, 204, "twice is once");
    let eng = cluster.row("group", "eng").await;
    assert_eq!(Cluster::named(&eng["users"]), ["ada", "bob"]);
    let remove = json!({"operation": "REMOVE", "user_identifiers": ["ada"], "privileges": ["DEVELOPER"]});
    assert_eq!(update(&cluster, "eng", remove).await, 204);
    let eng = cluster.row("group", "eng").await;
    assert_eq!((Cluster::named(&eng["users"]), &eng["privileges"]), (vec!["bob"], &json!([])));
    assert_eq!(update(&cluster, "eng", json!({"user_identifiers": ["ada"]})).await, 204);
    assert_eq!(Cluster::named(&cluster.row("group", "eng").await["users"]), ["ada"]);
    assert_eq!(update(&cluster, "staff", json!({"sub_group_identifiers": []})).await, 204);
    assert!(cluster.state("eng").expect("eng").group_names.is_empty());
    assert!(cluster.last().changes.groups_updated.contains("staff"));
}

#[tokio::test]
async fn fields_change_and_a_group_is_renamed_with_its_members() {
    let cluster = Cluster::small().await;
    let id = cluster.state("eng").expect("eng").id;
    let ask = json!({"operation": "ADD", "name": "builders", "display_name": "Builders", "description": "d",
        "visibility": "NON_SHARABLE"});
    assert_eq!(update(&cluster, &id, ask).await, 204);
    let group = cluster.row("group", "builders").await;
    assert_eq!(
        (&group["id"], &group["display_name"], &group["description"]),
        (&json!(id), &json!("Builders"), &json!("d"))
    );
    assert_eq!(Cluster::named(&group["users"]), ["ada"]);
    assert_eq!(Cluster::named(&cluster.row("group", "staff").await["sub_groups"]), ["builders"]);
    assert_eq!(update(&cluster, "builders", json!({"operation": "ADD", "description": null})).await, 204);
    assert_eq!(cluster.row("group", "builders").await["description"], Value::Null);
    assert_eq!(update(&cluster, "builders", json!({"operation": "ADD", "name": "staff"})).await, 400);
}

#[tokio::test]
async fn a_group_never_contains_itself() {
    let cluster = Cluster::small().await;
    let (status, error) =
        cluster.call("groups/eng/update", &json!({"operation": "ADD", "sub_group_identifiers": ["staff"]})).await;
    assert_eq!((status, refusal(&error).1.as_str()), (400, "group staff would contain itself"));
    assert_eq!(update(&cluster, "eng", json!({"operation": "ADD", "sub_group_identifiers": ["eng"]})).await, 400);
}

#[tokio::test]
async fn a_deleted_group_leaves_nobody_behind() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.status("groups/eng/delete", &json!({})).await, 204);
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All"]);
    assert_eq!(cluster.row("group", "staff").await["sub_groups"], json!([]));
    assert_eq!(cluster.status("groups/eng/delete", &json!({})).await, 400);
}

#[tokio::test]
async fn system_groups_stay() {
    let cluster = Cluster::small().await;
    for system in ["All", "Administrator", "System"] {
        assert_eq!(cluster.status(&format!("groups/{system}/delete"), &json!({})).await, 403);
        assert_eq!(update(&cluster, system, json!({"operation": "ADD", "name": "mine"})).await, 403);
    }
    assert_eq!(update(&cluster, "All", json!({"operation": "REMOVE", "user_identifiers": ["ada"]})).await, 403);
    assert_eq!(update(&cluster, "All", json!({"user_identifiers": ["bob"]})).await, 204);
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All", "eng"], "nobody leaves All");
    assert_eq!(update(&cluster, "Administrator", json!({"operation": "ADD", "user_identifiers": ["ada"]})).await, 204);
    assert_eq!(cluster.row("user", "ada").await["privileges"], json!(["ADMINISTRATION"]));
}
