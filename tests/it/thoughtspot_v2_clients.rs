//! The public clients of API v2 take the emulator for a cluster.

use serde_json::{Value, json};

use crate::support::{Cluster, PublicClient, group, people, user};

/// Two packages hold the client of API v2 as well.
const PACKAGES: [&str; 2] = ["thoughtspot_rest_api", "thoughtspot_rest_api_v1"];

/// A token of the administrator, asked for as the client does it.
fn token(client: &PublicClient) -> String {
    let credentials = json!({ "username": "tsadmin", "password": "admin" });
    let answer = client.call(&json!([["auth_token_full", credentials]])).remove(0);
    assert_eq!(answer["valid_for_username"], "tsadmin", "{answer}");
    answer["token"].as_str().unwrap().to_owned()
}

/// Makes these calls with a token.
fn call(client: &PublicClient, calls: &[Value]) -> Vec<Value> {
    let signed = std::iter::once(json!(["bearer_token", token(client)])).chain(calls.iter().cloned());
    client.call(&signed.collect()).split_off(1)
}

/// A call that takes its whole body as one argument.
fn request(method: &str, body: impl Into<Value>) -> Value {
    let body = body.into();
    json!([method, { "request": body }])
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap_or_else(|| panic!("{rows}")).iter().map(|row| row["name"].as_str().unwrap()).collect()
}

fn find<'list>(rows: &'list Value, name: &str) -> &'list Value {
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {rows}"))
}

/// Ada, whom the directory has in the group of engineers.
fn ada() -> Value {
    json!({
        "user_identifier": "ada", "display_name": "Ada L.", "email": "ada@example.org",
        "account_type": "LOCAL_USER", "group_identifiers": ["engineers"],
    })
}

#[test]
fn a_public_client_searches_with_a_token() {
    let cluster = Cluster::start(&people(3));
    for package in PACKAGES {
        let Some(client) = PublicClient::v2(package, cluster.url()) else { return };
        let answers = call(
            &client,
            &[
                json!(["auth_session_user", {}]),
                request("users_search", json!({ "record_size": -1 })),
                request("groups_search", json!({ "record_size": -1 })),
                request("users_search", json!({ "name_pattern": "U00%" })),
            ],
        );
        assert_eq!(answers[0]["name"], "tsadmin");
        let held = cluster.principals();
        assert_eq!(answers[1].as_array().unwrap().len() + answers[2].as_array().unwrap().len(), held.len());
        let person = find(&answers[1], "u002");
        assert_eq!((&person["email"], &person["account_type"]), (&"u002@example.org".into(), &"LOCAL_USER".into()));
        assert!(names(&person["user_groups"]).contains(&"staff"));
        let staff = find(&answers[2], "staff");
        assert_eq!(names(&staff["users"]), ["u001", "u002", "u003"]);
        assert_eq!(staff["id"], cluster.find("staff").unwrap().id);
        assert_eq!(names(&answers[3]), ["u001", "u002", "u003"]);
    }
}

#[test]
fn a_public_client_reads_page_by_page() {
    let cluster = Cluster::start(&people(19));
    let Some(client) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let page = |offset: usize| request("users_search", json!({ "record_offset": offset, "record_size": 8 }));
    let answers = call(&client, &[request("users_search", json!({})), page(0), page(8), page(16), page(24)]);
    let sizes: Vec<usize> = answers.iter().map(|rows| names(rows).len()).collect();
    // Four users came with the cluster.
    assert_eq!(sizes, [10, 8, 8, 7, 0]);
    let mut read: Vec<&str> = answers[1..].iter().flat_map(names).collect();
    read.sort_unstable();
    read.dedup();
    assert_eq!(read.len(), 23);
}

#[test]
fn a_public_client_imports_once_it_says_that_it_is_meant() {
    let cluster = Cluster::start(&[group("engineers", &[]), user("bob", &[])]);
    let system = cluster.system();
    let Some(client) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let told = call(&client, &[request("users_import", json!({ "users": [ada()], "default_password": "Welcome-1" }))]);
    assert_eq!(names(&told[0]["users_added"]), ["ada"], "{told:?}");
    assert_eq!(cluster.find("ada"), None, "it was a dry run, since the client did not say");
    assert!(cluster.writes().is_empty());
    let body = json!({ "users": [ada()], "default_password": "Welcome-1", "dry_run": false });
    let done = call(&client, &[request("users_import", body)]);
    assert_eq!(names(&done[0]["users_added"]), ["ada"], "{done:?}");
    assert_eq!(done[0]["users_added"][0]["id"], cluster.find("ada").unwrap().id);
    assert_eq!(cluster.groups_of("ada"), ["engineers"]);
    assert!(cluster.find("ada").unwrap().has_password);
    assert!(cluster.find("bob").is_some(), "nobody goes unless the client says so");
    let removing = json!({ "users": [ada()], "dry_run": false, "delete_unspecified_users": true });
    let done = call(&client, &[request("users_import", removing)]);
    assert_eq!(names(&done[0]["users_deleted"]), ["bob"]);
    assert_eq!((cluster.find("bob"), cluster.system()), (None, system));
    let operations: Vec<_> = cluster.writes().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(operations, ["users/import", "users/import"]);
}

#[test]
fn a_public_client_makes_changes_one_by_one() {
    let cluster = Cluster::start(&[group("engineers", &[]), user("bob", &[])]);
    let Some(client) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let joins = json!({ "user_identifiers": ["bob"], "operation": "ADD" });
    let answers = call(
        &client,
        &[
            request("groups_create", json!({ "name": "builders", "display_name": "Builders" })),
            request(
                "users_create",
                json!({ "name": "eve", "display_name": "Eve", "email": "eve@example.org", "password": "Welcome-1" }),
            ),
            json!(["groups_update", { "group_identifier": "builders", "request": joins }]),
            json!(["users_update", { "user_identifier": "bob", "request": { "display_name": "Robert" } }]),
            json!(["users_delete", { "user_identifier": "eve" }]),
            json!(["groups_delete", { "group_identifier": "engineers" }]),
        ],
    );
    assert_eq!((&answers[0]["name"], &answers[1]["name"]), (&"builders".into(), &"eve".into()));
    // The client takes an answer without a body for a success.
    assert_eq!(answers[2..], [true, true, true, true].map(Value::from));
    assert_eq!(cluster.residents(), ["builders", "bob"]);
    assert_eq!(cluster.groups_of("bob"), ["builders"]);
    assert_eq!(cluster.find("bob").unwrap().display_name, "Robert");
}

#[test]
fn a_public_client_without_a_token_that_holds_is_refused() {
    let cluster = Cluster::start(&[]);
    let Some(client) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let search = request("users_search", json!({}));
    let wrong = json!({ "username": "tsadmin", "password": "wrong" });
    let answers = client.call(&json!([["auth_token_full", wrong], search, ["bearer_token", "nonsense"], search]));
    let statuses: Vec<_> = [0, 1, 3].map(|at| answers[at]["status"].clone()).into();
    assert_eq!(statuses, [401, 401, 401].map(Value::from));
    let revoked = call(&client, &[json!(["auth_token_revoke", {}]), search]);
    assert_eq!((&revoked[0], &revoked[1]["status"]), (&true.into(), &401.into()));
}

#[test]
fn a_public_client_signs_in_to_a_session_and_out_of_it() {
    let cluster = Cluster::start(&[]);
    let Some(client) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let search = request("users_search", json!({}));
    let credentials = json!({ "username": "tsadmin", "password": "admin" });
    let answers =
        client.call(&json!([["auth_session_login", credentials], search, ["auth_session_logout", {}], search]));
    assert_eq!((names(&answers[1]).len(), &answers[2], &answers[3]["status"]), (4, &true.into(), &401.into()));
}

/// The token of the newer interface opens the older one (comment in the package).
#[test]
fn a_token_of_v2_opens_v1() {
    let cluster = Cluster::start(&people(2));
    let Some(newer) = PublicClient::v2(PACKAGES[0], cluster.url()) else { return };
    let Some(older) = PublicClient::v1(PACKAGES[0], cluster.url()) else { return };
    let answers = older.call(&json!([["bearer_token", token(&newer)], ["user_list", {}]]));
    let held = cluster.principals();
    assert_eq!(names(&answers[1]).len(), held.iter().filter(|principal| principal.orgs.contains(&0)).count());
}
