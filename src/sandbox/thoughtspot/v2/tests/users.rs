use serde_json::{Value, json};

use super::support::{Cluster, refusal};

async fn update(cluster: &Cluster, user: &str, ask: Value) -> u16 {
    cluster.status(&format!("users/{user}/update"), &ask).await
}

fn groups(cluster: &Cluster, user: &str) -> Vec<String> {
    cluster.state(user).expect("a user").group_names
}

#[tokio::test]
async fn a_user_is_created_with_defaults() {
    let cluster = Cluster::small().await;
    let ask = json!({"name": "eve", "display_name": "Eve", "email": "eve@x.test"});
    let (status, eve) = cluster.call("users/create", &ask).await;
    assert_eq!((status, &eve["name"]), (200, &json!("eve")));
    let state = cluster.state("eve").expect("eve");
    assert_eq!((state.group_names, state.orgs, state.has_password), (vec!["All".to_owned()], vec![0], false));
    assert!(state.mails.is_empty() && state.notify_on_share);
    assert!(cluster.last().write && cluster.last().changes.users_added.contains("eve"));

    let ask = json!({"name": "max", "display_name": "Max", "email": "max@x.test", "password": "own",
        "account_type": "SAML_USER", "account_status": "INACTIVE", "visibility": "NON_SHARABLE",
        "notify_on_share": false, "trigger_welcome_email": true, "trigger_activation_email": true,
        "preferred_locale": "de-DE", "extended_properties": {"a": 1}, "group_identifiers": ["eng", "staff"]});
    assert_eq!(cluster.status("users/create", &ask).await, 200);
    let state = cluster.state("max").expect("max");
    assert_eq!(state.group_names, ["All", "eng", "staff"]);
    assert_eq!(state.mails, ["welcome", "activation"]);
    assert!(state.has_password && !state.notify_on_share);
    let max = cluster.row("user", "max").await;
    assert_eq!((&max["account_status"], &max["account_type"]), (&json!("INACTIVE"), &json!("SAML_USER")));
    assert_eq!((&max["preferred_locale"], &max["extended_properties"]), (&json!("de-DE"), &json!({"a": 1})));
    assert_eq!(max["welcome_email_sent"], true);
}

#[tokio::test]
async fn what_is_required_is_missed_and_a_taken_name_refused() {
    let cluster = Cluster::small().await;
    let whole = json!({"name": "eve", "display_name": "Eve", "email": "eve@x.test"});
    for member in ["name", "display_name", "email"] {
        let mut ask = whole.clone();
        ask.as_object_mut().expect("an object").remove(member);
        let (status, error) = cluster.call("users/create", &ask).await;
        assert_eq!((status, refusal(&error).1), (400, format!("{member} is required")));
    }
    let taken = json!({"name": "ADA", "display_name": "Ada", "email": "ada@x.test"});
    let (status, error) = cluster.call("users/create", &taken).await;
    assert_eq!((status, refusal(&error).1.as_str()), (400, "the user name ADA is taken"));
    cluster.switch(|switches| switches.duplicate_status = 409);
    assert_eq!(cluster.status("users/create", &taken).await, 409);
    cluster.switch(|switches| switches.password_needed = true);
    let (status, error) = cluster.call("users/create", &whole).await;
    assert_eq!((status, refusal(&error).1.contains("password")), (400, true));
}

#[tokio::test]
async fn groups_are_replaced_unless_the_operation_says_otherwise() {
    let cluster = Cluster::small().await;
    assert_eq!(update(&cluster, "ada", json!({"operation": "ADD", "group_identifiers": ["staff", "eng"]})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "eng", "staff"], "to add what is there changes nothing");
    assert_eq!(update(&cluster, "ada", json!({"operation": "REMOVE", "group_identifiers": ["eng"]})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "staff"]);
    assert_eq!(update(&cluster, "ada", json!({"group_identifiers": ["eng"]})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "eng"], "REPLACE is the default");
    assert_eq!(cluster.last().warnings, ["the member operation is missing; the server decides"]);
    assert_eq!(update(&cluster, "ada", json!({"group_identifiers": []})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All"]);
}

#[tokio::test]
async fn whether_an_empty_or_missing_list_clears_is_a_switch() {
    let cluster = Cluster::small().await;
    assert_eq!(update(&cluster, "ada", json!({"display_name": "Ada L."})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "eng"], "left out is kept by default");
    cluster.switch(|switches| switches.empty_list_clears = false);
    assert_eq!(update(&cluster, "ada", json!({"group_identifiers": []})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "eng"]);
    cluster.switch(|switches| switches.omitted_list_clears = true);
    let named = json!({"operation": "ADD", "display_name": "Ada K."});
    assert_eq!(update(&cluster, "ada", named).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All", "eng"], "an operation that is said keeps what is left out");
    assert_eq!(update(&cluster, "ada", json!({"display_name": "Ada"})).await, 204);
    assert_eq!(groups(&cluster, "ada"), ["All"], "the trap of the default");
}

#[tokio::test]
async fn a_user_is_renamed_and_keeps_everything() {
    let cluster = Cluster::small().await;
    let before = cluster.state("bob").expect("bob");
    assert_eq!(update(&cluster, "bob", json!({"operation": "ADD", "name": "ADA"})).await, 400);
    let ask = json!({"operation": "ADD", "name": "robert", "email": "robert@x.test"});
    assert_eq!(update(&cluster, &before.id, ask).await, 204);
    let after = cluster.state("robert").expect("robert");
    assert_eq!((&after.id, after.owned, after.mail.as_str()), (&before.id, 3, "robert@x.test"));
    assert!(cluster.state("bob").is_none() && after.modified > before.modified);
    assert!(Cluster::named(&cluster.row("group", "All").await["users"]).contains(&"robert"));
    assert_eq!(update(&cluster, "robert", json!({"operation": "ADD", "name": "Robert"})).await, 204);
    assert!(cluster.state("Robert").is_some(), "another case is another spelling");
}

#[tokio::test]
async fn an_update_takes_no_password_and_perhaps_no_status() {
    let cluster = Cluster::small().await;
    let ask = json!({"operation": "ADD", "password": "new", "account_status": "INACTIVE"});
    assert_eq!(update(&cluster, "bob", ask).await, 204);
    let sign_in = json!({"username": "bob", "password": "new"});
    assert_eq!(cluster.status("auth/token/full", &sign_in).await, 401);
    let sign_in = json!({"username": "bob", "password": "bobs"});
    assert_eq!(cluster.status("auth/token/full", &sign_in).await, 401, "switched off");
    assert_eq!(update(&cluster, "bob", json!({"operation": "ADD", "account_status": "ACTIVE"})).await, 204);
    assert_eq!(cluster.status("auth/token/full", &sign_in).await, 200);
    cluster.switch(|switches| switches.status_by_update = false);
    assert_eq!(update(&cluster, "bob", json!({"operation": "ADD", "account_status": "INACTIVE"})).await, 204);
    assert_eq!(cluster.row("user", "bob").await["account_status"], "ACTIVE");
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_what_they_owned() {
    let cluster = Cluster::small().await;
    assert_eq!(cluster.status("users/bob/delete", &json!({})).await, 204);
    assert_eq!(cluster.emulator().lost_objects(), 3);
    assert!(cluster.last().changes.users_deleted.contains("bob"));
    let (status, error) = cluster.call("users/bob/delete", &json!({})).await;
    assert_eq!((status, refusal(&error).0), (400, 13_003));
    cluster.switch(|switches| switches.missing_status = 404);
    assert_eq!(cluster.status("users/bob/delete", &json!({})).await, 404);
    for system in ["tsadmin", "su", "system", "guest"] {
        assert_eq!(cluster.status(&format!("users/{system}/delete"), &json!({})).await, 403);
    }
    let bare = cluster.client.post(cluster.url("users/ada/delete")).bearer_auth(&cluster.token);
    assert_eq!(crate::sandbox::thoughtspot::tests::support::status(bare).await, 204, "no body is needed");
}

#[tokio::test]
async fn a_name_in_a_path_is_percent_decoded() {
    let cluster = Cluster::small().await;
    let name = "o'brien/ada ü+%@x.test";
    let ask = json!({"name": name, "display_name": "Ada", "email": "ada@x.test"});
    assert_eq!(cluster.status("users/create", &ask).await, 200);
    let path = "o%27brien%2Fada%20%C3%BC%2B%25%40x.test";
    assert_eq!(update(&cluster, path, json!({"operation": "ADD", "display_name": "Ada L."})).await, 204);
    assert_eq!(cluster.state(name).expect("her").display_name, "Ada L.");
    assert_eq!(cluster.status(&format!("users/{path}/delete"), &json!({})).await, 204);
}

#[tokio::test]
async fn objects_are_assigned_to_another_author() {
    let cluster = Cluster::small().await;
    let ask = json!({"metadata": [{"identifier": "a"}, {"identifier": "b"}], "user_identifier": "ada",
        "current_owner_identifier": "bob"});
    assert_eq!(cluster.status("security/metadata/assign", &ask).await, 204);
    assert_eq!((cluster.state("ada").expect("ada").owned, cluster.state("bob").expect("bob").owned), (2, 1));
    assert_eq!(cluster.status("security/metadata/assign", &json!({"user_identifier": "ada"})).await, 400);
}
