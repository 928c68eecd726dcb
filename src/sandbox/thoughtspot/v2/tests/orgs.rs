use serde_json::{Value, json};

use super::support::{Cluster, refusal};
use crate::sandbox::thoughtspot::tests::support::status;

#[tokio::test]
async fn a_group_is_in_one_org_and_a_name_may_be_in_two() {
    let mut cluster = Cluster::small().await;
    cluster.sign_in(Some(1)).await;
    let ask = json!({"name": "eng", "display_name": "Other", "user_identifiers": ["zoe"]});
    assert_eq!(cluster.status("groups/create", &ask).await, 200);
    let rows = cluster.call("groups/search", &json!({"name_pattern": "eng"})).await.1;
    let orgs: Vec<&Value> = rows.as_array().expect("rows").iter().map(|row| &row["orgs"][0]["id"]).collect();
    assert_eq!(orgs, ["0", "1"], "a search is not limited by the org of the token");
    assert_eq!(cluster.status("groups/eng/delete", &json!({})).await, 204, "a name means the one of this org");
    assert_eq!(cluster.names("groups/search", &json!({"name_pattern": "eng"})).await, ["eng"]);
    assert!(cluster.v1("user/list").await.as_array().expect("rows").iter().all(|row| row["name"] != "far"));
}

#[tokio::test]
async fn who_is_outside_an_org_cannot_join_its_groups() {
    let mut cluster = Cluster::small().await;
    cluster.sign_in(Some(1)).await;
    let join = |user: &str| json!({"operation": "ADD", "user_identifiers": [user]});
    let (status, error) = cluster.call("groups/far/update", &join("ada")).await;
    assert_eq!((status, refusal(&error).0), (400, 13_003));
    let ask = json!({"operation": "ADD", "group_identifiers": ["far"]});
    assert_eq!(cluster.status("users/ada/update", &ask).await, 400);
    let into = json!({"operation": "ADD", "org_identifiers": [1], "group_identifiers": ["far"]});
    assert_eq!(cluster.status("users/ada/update", &into).await, 204);
    let ada = cluster.state("ada").expect("ada");
    assert_eq!((ada.orgs, ada.group_names), (vec![0, 1], vec!["All".to_owned(), "eng".to_owned()]));
    assert_eq!(ada.groups_elsewhere.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["All", "far"]);
    let out = json!({"operation": "REMOVE", "org_identifiers": [0]});
    assert_eq!(cluster.status("users/ada/update", &out).await, 204);
    let ada = cluster.state("ada").expect("ada");
    assert_eq!((ada.orgs, ada.group_names), (vec![1], Vec::<String>::new()));
    let last = json!({"operation": "REMOVE", "org_identifiers": [1]});
    assert_eq!(cluster.status("users/ada/update", &last).await, 400);
}

#[tokio::test]
async fn a_replacement_touches_only_the_org_of_the_token() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.status("users/zoe/update", &json!({"group_identifiers": ["eng"]})).await, 204);
    let zoe = cluster.state("zoe").expect("zoe");
    assert_eq!(zoe.group_names, ["All", "eng"]);
    assert!(zoe.groups_elsewhere.iter().any(|key| key.name == "far"));
}

#[tokio::test]
async fn users_are_created_in_the_org_of_the_token_or_in_those_named() {
    let mut cluster = Cluster::small().await;
    cluster.sign_in(Some(1)).await;
    let new = |name: &str| json!({"name": name, "display_name": "X", "email": "x@x.test"});
    assert_eq!(cluster.status("users/create", &new("here")).await, 200);
    assert_eq!(cluster.state("here").expect("here").orgs, [1]);
    let mut both = new("both");
    both["org_identifiers"] = json!(["Primary", "1"]);
    assert_eq!(cluster.status("users/create", &both).await, 200);
    assert_eq!(cluster.state("both").expect("both").orgs, [0, 1]);
    let rows = cluster.v1("user/list").await;
    assert!(rows.as_array().expect("rows").iter().all(|row| row["name"] != "here"), "v1 shows the primary org");
}

#[tokio::test]
async fn orgs_are_listed() {
    let cluster = Cluster::small().await;
    let (_, orgs) = cluster.call("orgs/search", &json!({})).await;
    assert_eq!(Cluster::named(&orgs), ["Primary", "Second"]);
    assert_eq!((&orgs[1]["id"], &orgs[1]["status"]), (&json!(1), &json!("ACTIVE")));
    for (ask, expected) in [
        (json!({"org_identifier": 1}), vec!["Second"]),
        (json!({"org_identifier": "Primary"}), vec!["Primary"]),
        (json!({"user_identifiers": ["ada"]}), vec!["Primary"]),
        (json!({"status": "IN_ACTIVE"}), vec![]),
    ] {
        assert_eq!(Cluster::named(&cluster.call("orgs/search", &ask).await.1), expected, "{ask}");
    }
}

#[tokio::test]
async fn a_filter_by_org_can_fail_and_a_cluster_can_have_no_orgs() {
    let cluster = Cluster::small().await;
    cluster.switch(|switches| switches.org_filter_404 = true);
    let (status, error) = cluster.call("users/search", &json!({"org_identifiers": [0]})).await;
    assert_eq!((status, refusal(&error).0), (404, 13_003));
    assert_eq!(cluster.status("users/search", &json!({})).await, 200);
    cluster.switch(|switches| {
        switches.org_filter_404 = false;
        switches.orgs = false;
    });
    assert_eq!(cluster.row("user", "ada").await["orgs"], Value::Null);
    assert_eq!(cluster.row("group", "eng").await["orgs"], Value::Null);
    let me = crate::sandbox::thoughtspot::tests::support::body(cluster.get("auth/session/user")).await.1;
    assert_eq!(me["current_org"], Value::Null);
}

#[tokio::test]
async fn administrators_may_be_shown_in_the_primary_org_alone() {
    let cluster = Cluster::small().await;
    let into = json!({"operation": "ADD", "org_identifiers": [1]});
    assert_eq!(cluster.status("users/tsadmin/update", &into).await, 204);
    assert_eq!(Cluster::named(&cluster.row("user", "tsadmin").await["orgs"]), ["Primary", "Second"]);
    cluster.switch(|switches| switches.administrators_show_primary_only = true);
    assert_eq!(Cluster::named(&cluster.row("user", "tsadmin").await["orgs"]), ["Primary"]);
    assert_eq!(Cluster::named(&cluster.row("user", "zoe").await["orgs"]), ["Primary", "Second"]);
}

#[tokio::test]
async fn the_state_with_its_orgs_is_a_seed() {
    let cluster = Cluster::small().await;
    let control = format!("{}/_sandbox/state", cluster.sandbox.url("thoughtspot"));
    let before = crate::sandbox::thoughtspot::tests::support::body(cluster.client.get(&control)).await.1;
    assert_eq!(status(cluster.client.put(&control).body(before.to_string())).await, 204);
    let after = crate::sandbox::thoughtspot::tests::support::body(cluster.client.get(&control)).await.1;
    let strip = |mut state: Value| {
        for principal in state["principals"].as_array_mut().expect("principals") {
            principal["hasPassword"] = Value::Null;
        }
        state["clock"] = Value::Null;
        state
    };
    assert_eq!(strip(after), strip(before));
    let unknown = json!([{"name": "x", "principalTypeEnum": "LOCAL_USER", "orgs": [9]}]);
    assert_eq!(status(cluster.client.put(&control).body(unknown.to_string())).await, 400);
    let unknown = json!([{"name": "x", "principalTypeEnum": "LOCAL_USER", "orgs": [1],
        "groupsElsewhere": [{"org": 1, "name": "nowhere"}]}]);
    assert_eq!(status(cluster.client.put(&control).body(unknown.to_string())).await, 400);
}
