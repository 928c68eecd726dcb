//! Clients that others wrote for ThoughtSpot take the emulator for a cluster: what they send is understood, and what
//! they are answered is what they expect.

use serde_json::{Value, json};

use crate::support::{Cluster, PublicClient, group, people, user, with};

/// Two packages hold the client of API v1: the older one, and the one that took its place.
const PACKAGES: [&str; 2] = ["thoughtspot_rest_api_v1", "thoughtspot_rest_api"];

fn sign_in() -> Value {
    json!(["session_login", { "username": "tsadmin", "password": "admin" }])
}

fn synchronise(principals: &[Value], apply: bool, remove: bool) -> Value {
    let file = Value::from(principals).to_string();
    let arguments = json!({
        "principals_file": file, "password": "Welcome-1", "apply_changes": apply, "remove_deleted": remove,
    });
    json!(["user_sync", arguments])
}

/// Ada in the group of engineers.
fn engineers() -> [Value; 2] {
    [group("engineers", &[]), user("ada", &["engineers"])]
}

#[test]
fn a_public_client_signs_in_and_lists_everybody() {
    let cluster = Cluster::start(&people(3));
    for package in PACKAGES {
        cluster.clear_journal();
        let Some(client) = PublicClient::v1(package, cluster.url()) else { return };
        let answers = client.call(&json!([
            sign_in(),
            ["session_info", {}],
            ["user_list", {}],
            ["session_logout", {}],
            ["user_list", {}],
        ]));
        assert_eq!((&answers[0], &answers[3]), (&true.into(), &true.into()));
        assert_eq!(answers[1]["userName"], "tsadmin");
        let listed: Vec<&str> =
            answers[2].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        // Those of the org that it signs in to; another has an `All` and an `Administrator` of its own.
        let held = cluster.principals().into_iter().filter(|principal| principal.orgs.contains(&0));
        assert_eq!(listed, held.map(|principal| principal.name).collect::<Vec<_>>());
        assert_eq!(answers[4]["status"], 401, "it has signed out");
        let operations: Vec<_> = cluster.journal().into_iter().map(|entry| entry.operation).collect();
        assert_eq!(operations, ["session/login", "session/info", "user/list", "session/logout", "user/list"]);
    }
}

#[test]
fn a_public_client_with_a_wrong_password_is_refused() {
    let cluster = Cluster::start(&[]);
    let Some(client) = PublicClient::v1(PACKAGES[0], cluster.url()) else { return };
    let wrong = json!(["session_login", { "username": "tsadmin", "password": "wrong" }]);
    let answers = client.call(&json!([wrong, ["user_list", {}]]));
    assert_eq!((&answers[0]["status"], &answers[1]["status"]), (&401.into(), &401.into()));
}

#[test]
fn a_public_client_is_told_what_a_synchronisation_would_do_and_then_does_it() {
    for package in PACKAGES {
        let cluster = Cluster::start(&[]);
        let Some(client) = PublicClient::v1(package, cluster.url()) else { return };
        let told = client.call(&json!([sign_in(), synchronise(&engineers(), false, false)]));
        let expected = json!({
            "usersAdded": ["ada"], "usersUpdated": [], "usersDeleted": [],
            "groupsAdded": ["engineers"], "groupsUpdated": [], "groupsDeleted": [],
        });
        assert_eq!(told[1], expected);
        assert!(cluster.writes().is_empty() && cluster.residents().is_empty(), "it has only asked");
        let done = client.call(&json!([sign_in(), synchronise(&engineers(), true, false)]));
        assert_eq!(done[1], expected);
        assert_eq!(cluster.groups_of("ada"), ["engineers"]);
        let ada = cluster.find("ada").unwrap();
        assert_eq!((ada.mail.as_str(), ada.has_password), ("ada@example.org", true));
        let writes = cluster.writes();
        assert_eq!(writes.len(), 1);
        assert_eq!((writes[0].operation.as_str(), writes[0].status), ("user/sync", Some(200)));
        assert_eq!(writes[0].changes.users_added, ["ada".to_owned()].into());
        assert_eq!(writes[0].changes.groups_added, ["engineers".to_owned()].into());
        // The password that the client gave is Ada's.
        let login = json!(["session_login", { "username": "ada", "password": "Welcome-1" }]);
        assert_eq!(client.call(&json!([login]))[0], true);
    }
}

/// The client sends `removeDelete`, which no server knows, so that the server's own default decides, and that is to
/// remove.
#[test]
fn a_public_client_that_is_told_to_keep_everybody_removes_whoever_is_not_listed() {
    let cluster = Cluster::start(&[user("bob", &[])]);
    let Some(client) = PublicClient::v1(PACKAGES[0], cluster.url()) else { return };
    let answers = client.call(&json!([sign_in(), synchronise(&engineers(), true, false)]));
    assert_eq!(answers[1]["usersDeleted"], json!(["bob"]));
    assert_eq!(cluster.residents(), ["engineers", "ada"]);
    let sync = cluster.writes().remove(0);
    assert_eq!(sync.parts, ["principals", "applyChanges", "removeDelete", "password"]);
    assert!(sync.warnings.iter().any(|warning| warning.contains("removeDelete is unknown")), "{:?}", sync.warnings);
}

#[test]
fn a_public_client_finds_hands_over_and_deletes() {
    let cluster = Cluster::start(&[with(user("ada", &[]), "owned", 3), user("bob", &[])]);
    let Some(client) = PublicClient::v1(PACKAGES[0], cluster.url()) else { return };
    let hand_over = json!({ "current_owner_username": "ada", "new_owner_username": "bob" });
    let answers = client.call(&json!([
        sign_in(),
        ["user_get", { "name": "ada" }],
        ["metadata_listobjectheaders", { "object_type": "USER", "filter": "%ad%" }],
        ["user_transfer_ownership", hand_over],
        ["user_get", { "name": "nobody" }],
    ]));
    let id = &answers[1]["header"]["id"];
    let headers = answers[2].as_array().unwrap_or_else(|| panic!("{}", answers[2]));
    let named: Vec<_> = headers.iter().map(|header| (&header["name"], &header["id"])).collect();
    assert_eq!(named[0], (&"ada".into(), id));
    assert_eq!(named.len(), 2, "and tsadmin");
    assert_eq!((&answers[3], &answers[4]["status"]), (&true.into(), &400.into()));
    assert_eq!(cluster.find("bob").unwrap().owned, 3);
    assert_eq!(client.call(&json!([sign_in(), ["user_delete", { "user_guid": id }]]))[1], true);
    assert_eq!(cluster.residents(), ["bob"]);
    assert_eq!(cluster.lost_objects(), 0);
}
