use serde_json::{Value, json};

use super::support::{Cluster, refusal};
use crate::sandbox::thoughtspot::UpdatedLists;

fn names(list: &Value) -> Vec<&str> {
    Cluster::named(list)
}

async fn import(cluster: &Cluster, ask: Value) -> Value {
    let kind = if ask.get("users").is_some() { "users" } else { "groups" };
    let (status, answer) = cluster.call(&format!("{kind}/import"), &ask).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn an_import_is_a_dry_run_unless_it_is_said() {
    let cluster = Cluster::small().await;
    let users = json!([{"user_identifier": "eve", "display_name": "Eve"},
        {"user_identifier": "ADA", "display_name": "Ada L."}, {"user_identifier": "bob", "display_name": "BOB"}]);
    let answer = import(&cluster, json!({"users": users})).await;
    assert_eq!(answer["users_added"], json!([{"id": null, "name": "eve"}]));
    assert_eq!(names(&answer["users_updated"]), ["ada"], "bob is as the list says");
    assert_eq!(answer["users_deleted"], json!([]));
    assert!(cluster.state("eve").is_none() && !cluster.last().write);
    assert_eq!(cluster.last().warnings.len(), 2);

    let whole = json!({"users": users, "dry_run": false, "delete_unspecified_users": false});
    let answer = import(&cluster, whole.clone()).await;
    assert_eq!(answer["users_added"][0]["id"], json!(cluster.state("eve").expect("eve").id));
    assert!(cluster.last().write && cluster.last().warnings.is_empty());
    let again = import(&cluster, whole).await;
    assert_eq!(again, json!({"users_added": [], "users_updated": [], "users_deleted": []}));
}

#[tokio::test]
async fn groups_of_a_listed_user_are_replaced() {
    let cluster = Cluster::small().await;
    let users = json!([{"user_identifier": "ada", "display_name": "ADA", "group_identifiers": ["staff"]},
        {"user_identifier": "bob", "display_name": "BOB"}]);
    import(&cluster, json!({"users": users, "dry_run": false})).await;
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All", "staff"]);
    let emptied = json!([{"user_identifier": "ada", "display_name": "ADA", "group_identifiers": []}]);
    cluster.switch(|switches| switches.empty_list_clears = false);
    import(&cluster, json!({"users": emptied, "dry_run": false})).await;
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All", "staff"]);
    cluster.switch(|switches| switches.empty_list_clears = true);
    import(&cluster, json!({"users": emptied, "dry_run": false})).await;
    assert_eq!(cluster.state("ada").expect("ada").group_names, ["All"]);
}

#[tokio::test]
async fn the_unlisted_go_when_it_is_said_and_the_system_stays() {
    let cluster = Cluster::small().await;
    let ask = json!({"users": [{"user_identifier": "ada", "display_name": "ADA"}], "dry_run": false,
        "delete_unspecified_users": true});
    let answer = import(&cluster, ask.clone()).await;
    assert_eq!(names(&answer["users_deleted"]), ["bob", "zoe"]);
    assert!(cluster.state("bob").is_none() && cluster.state("tsadmin").is_some());
    assert_eq!(cluster.state("zoe").expect("zoe").orgs, [1], "only detached from this org");
    assert_eq!(cluster.emulator().lost_objects(), 3);
    cluster.switch(|switches| switches.import_protects_system = false);
    let answer = import(&cluster, ask).await;
    assert_eq!(names(&answer["users_deleted"]), ["guest", "su", "system", "tsadmin"]);
}

#[tokio::test]
async fn a_list_with_a_mistake_does_nothing_or_a_part() {
    let cluster = Cluster::small().await;
    let ask = json!({"users": [{"user_identifier": "eve", "display_name": "Eve"},
        {"user_identifier": "max", "display_name": "Max", "group_identifiers": ["nowhere"]}], "dry_run": false});
    let (status, error) = cluster.call("users/import", &ask).await;
    assert_eq!((status, refusal(&error).0), (400, 13_003));
    assert!(cluster.state("eve").is_none());
    cluster.switch(|switches| switches.import_atomic = false);
    assert_eq!(cluster.status("users/import", &ask).await, 400);
    assert!(cluster.state("eve").is_some() && cluster.state("max").is_none());
    for ask in [
        json!({"dry_run": false}),
        json!({"users": [{"user_identifier": "x"}]}),
        json!({"users": [{"display_name": "x"}]}),
        json!({"users": ["x"]}),
        json!({"users": [{"user_identifier": "ada", "display_name": "A"}, {"user_identifier": "ADA", "display_name": "A"}]}),
    ] {
        assert_eq!(cluster.status("users/import", &ask).await, 400, "{ask}");
    }
}

#[tokio::test]
async fn the_default_password_is_for_new_users_without_their_own() {
    let cluster = Cluster::small().await;
    let users = json!([{"user_identifier": "eve", "display_name": "Eve"},
        {"user_identifier": "max", "display_name": "Max", "password": "own"},
        {"user_identifier": "bob", "display_name": "BOB"}]);
    import(&cluster, json!({"users": users, "default_password": "all", "dry_run": false})).await;
    for (name, password) in [("eve", "all"), ("max", "own"), ("bob", "bobs")] {
        let ask = json!({"username": name, "password": password});
        assert_eq!(cluster.status("auth/token/full", &ask).await, 200, "{name}");
    }
}

#[tokio::test]
async fn groups_are_imported_with_their_children_in_any_order() {
    let cluster = Cluster::small().await;
    let groups = json!([
        {"group_identifier": "top", "display_name": "Top", "sub_group_identifiers": ["new", "eng"]},
        {"group_identifier": "new", "display_name": "New", "user_identifiers": ["bob"], "privileges": ["DEVELOPER"]},
        {"group_identifier": "eng", "display_name": "ENG"}]);
    let dry = import(&cluster, json!({"groups": groups})).await;
    assert_eq!((names(&dry["groups_added"]), &dry["groups_added"][0]["id"]), (vec!["top", "new"], &Value::Null));
    assert!(cluster.state("top").is_none());
    let ask = json!({"groups": groups, "dry_run": false, "delete_unspecified_groups": true});
    let answer = import(&cluster, ask).await;
    assert_eq!(names(&answer["groups_added"]), ["top", "new"]);
    assert_eq!(names(&answer["groups_deleted"]), ["staff"]);
    assert_eq!(cluster.state("eng").expect("eng").group_names, ["top"]);
    assert_eq!(cluster.state("bob").expect("bob").group_names, ["All", "new"]);
    assert!(cluster.state("Administrator").is_some(), "the system stays");
    cluster.switch(|switches| switches.import_protects_system = false);
    let gone = import(&cluster, json!({"groups": [], "delete_unspecified_groups": true})).await;
    assert_eq!(names(&gone["groups_deleted"]), ["Administrator", "System", "eng", "new", "top"]);
}

#[tokio::test]
async fn every_match_may_be_listed_as_updated() {
    let cluster = Cluster::small().await;
    let mut switches = cluster.emulator().switches();
    switches.updated_lists = UpdatedLists::Matches;
    cluster.emulator().set_switches(switches);
    let users = json!({"users": [{"user_identifier": "ada", "display_name": "ADA"}]});
    assert_eq!(names(&import(&cluster, users).await["users_updated"]), ["ada"]);
}
