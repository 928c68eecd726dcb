//! The SCIM services that others wrote are what the stories of the target take them for.

use std::net::{TcpListener, TcpStream};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Profile, Scim2Server, ScimAccount, Scimmy};

/// The values of one member, sorted.
fn texts(resources: &[Value], member: &str) -> Vec<String> {
    let mut texts: Vec<String> =
        resources.iter().filter_map(|resource| resource[member].as_str().map(str::to_owned)).collect();
    texts.sort();
    texts
}

fn find<'list>(resources: &'list [Value], id: &str) -> &'list Value {
    resources.iter().find(|resource| resource["id"] == id).unwrap()
}

/// The ids of the members of a group.
fn members(resources: &[Value], id: &str) -> Vec<String> {
    texts(find(resources, id)["members"].as_array().map_or(&[], Vec::as_slice), "value")
}

/// Somebody comes, joins, changes, leaves and goes; whoever and whatever is left in the end has these ids.
struct Left {
    ada: String,
    group: String,
}

fn come_and_go(account: &ScimAccount) -> Left {
    let (ada, bob, eve) = (account.add_user("ada"), account.add_user("bob"), account.add_user("eve"));
    let group = account.add_group("engineers", &[&ada, &bob]);
    let path = format!("Groups/{group}");
    let joins = json!([{ "op": "add", "path": "members", "value": [{ "value": eve }] }]);
    let (status, _) = account.patch(&path, &joins);
    assert!(matches!(status, 200 | 204), "{status}");
    assert_eq!(members(&account.groups(), &group).len(), 3);
    let leaves = json!([{ "op": "remove", "path": format!("members[value eq \"{bob}\"]") }]);
    let renamed = json!([{ "op": "replace", "path": "displayName", "value": "builders" }]);
    let asleep = json!([{ "op": "replace", "path": "active", "value": false }]);
    for (path, operations) in [(&path, leaves), (&path, renamed), (&format!("Users/{ada}"), asleep)] {
        let (status, body) = account.patch(path, &operations);
        assert!(matches!(status, 200 | 204), "{operations}: {status} {body}");
    }
    let leaves = json!([{ "op": "remove", "path": format!("members[value eq \"{eve}\"]") }]);
    account.patch(&path, &leaves);
    account.delete(&format!("Users/{bob}"));
    account.delete(&format!("Users/{eve}"));
    Left { ada, group }
}

fn is_left(left: &Left, users: &[Value], groups: &[Value]) {
    assert_eq!((users.len(), groups.len()), (1, 1));
    let ada = find(users, &left.ada);
    assert_eq!(
        (&ada["userName"], &ada["active"], &ada["externalId"]),
        (&"ada".into(), &false.into(), &"user-ada".into())
    );
    assert_eq!(ada["emails"][0]["value"], "ada@example.org");
    assert_eq!(find(groups, &left.group)["displayName"], "builders");
    assert_eq!(members(groups, &left.group), [left.ada.as_str()]);
}

fn of_type(resources: &[Value], kind: &str) -> Vec<Value> {
    resources.iter().filter(|resource| resource["meta"]["resourceType"] == kind).cloned().collect()
}

#[test]
fn scim2_server_keeps_what_it_is_told_and_tells_it_at_its_end() {
    let Some(server) = Scim2Server::start(Profile::Full) else { return };
    assert_eq!((server.users(), server.groups()), (vec![], vec![]));
    let left = come_and_go(&server);
    is_left(&left, &server.users(), &server.groups());
    let resources = server.end();
    is_left(&left, &of_type(&resources, "User"), &of_type(&resources, "Group"));
}

#[test]
fn scimmy_keeps_what_it_is_told_and_tells_it_at_its_end() {
    let Some(server) = Scimmy::start() else { return };
    assert_eq!((server.users(), server.groups()), (vec![], vec![]));
    let left = come_and_go(&server);
    is_left(&left, &server.users(), &server.groups());
    let resources = server.end();
    is_left(&left, &of_type(&resources, "User"), &of_type(&resources, "Group"));
}

/// The sizes of the pages of 25 users, all of whom are read.
fn pages_of_25(account: &ScimAccount) -> Vec<usize> {
    let names: Vec<String> = (0..25).map(|number| format!("u{number:02}")).collect();
    for name in &names {
        account.add_user(name);
    }
    let pages = account.pages("Users");
    assert_eq!(texts(&pages.concat(), "userName"), names);
    pages.iter().map(Vec::len).collect()
}

#[test]
fn scim2_server_gives_everybody_in_one_page_or_by_cursor() {
    let Some(full) = Scim2Server::start(Profile::Full) else { return };
    assert_eq!(pages_of_25(&full), [25]);
    drop(full);
    let Some(cursor) = Scim2Server::start(Profile::Cursor) else { return };
    assert_eq!(pages_of_25(&cursor), [10, 10, 5]);
    assert!(cursor.get("Users")["nextCursor"].is_string());
    assert_eq!(cursor.send(cursor.request(Method::GET, "Users?cursor=nonsense")).1["scimType"], "invalidCursor");
}

#[test]
fn a_minimal_scim2_server_gives_small_pages_whatever_is_asked_for() {
    let Some(minimal) = Scim2Server::start(Profile::Minimal) else { return };
    assert_eq!(pages_of_25(&minimal), [5; 5]);
    assert_eq!(minimal.get("Users?count=20")["Resources"].as_array().unwrap().len(), 5);
}

#[test]
fn scimmy_gives_twenty_in_a_page() {
    let Some(server) = Scimmy::start() else { return };
    assert_eq!(pages_of_25(&server), [20, 5]);
}

/// Who can sign in cannot be read over the wire.
fn takes_a_password(account: &ScimAccount) {
    let schema = "urn:ietf:params:scim:schemas:core:2.0:User";
    let ada = account.create("Users", &json!({ "schemas": [schema], "userName": "ada", "password": "Welcome-1" }));
    let path = format!("Users/{}", ada["id"].as_str().unwrap());
    account.patch(&path, &json!([{ "op": "replace", "path": "displayName", "value": "Ada L." }]));
    assert_eq!(texts(&account.users(), "password"), Vec::<String>::new());
}

#[test]
fn a_password_is_told_at_the_end_alone() {
    let Some(scim2_server) = Scim2Server::start(Profile::Full) else { return };
    let Some(scimmy) = Scimmy::start() else { return };
    takes_a_password(&scim2_server);
    takes_a_password(&scimmy);
    assert_eq!(texts(&scim2_server.end(), "password"), ["Welcome-1"]);
    assert_eq!(texts(&scimmy.end(), "password"), ["Welcome-1"]);
}

#[test]
fn a_minimal_scim2_server_can_neither_patch_nor_filter_and_says_so() {
    let Some(server) = Scim2Server::start(Profile::Minimal) else { return };
    let config = server.get("ServiceProviderConfig");
    for feature in ["patch", "filter", "sort", "bulk", "etag"] {
        assert_eq!(config[feature]["supported"], false, "{feature}");
    }
    let ada = server.add_user("ada");
    let path = format!("Users/{ada}");
    assert_eq!(server.patch(&path, &json!([{ "op": "replace", "path": "active", "value": false }])).0, 501);
    assert_eq!(server.send(server.request(Method::GET, "Users?filter=userName%20eq%20%22ada%22")).0, 501);
    assert_eq!(server.get(&path)["active"], true);
    let mut user = server.get(&path);
    user["active"] = false.into();
    assert_eq!(server.write(Method::PUT, &path, &user).0, 200);
    assert_eq!(server.get(&path)["active"], false);
}

#[test]
fn a_full_scim2_server_heeds_the_version_that_a_writer_has_seen() {
    let Some(server) = Scim2Server::start(Profile::Full) else { return };
    let path = format!("Users/{}", server.add_user("ada"));
    let seen = server.get(&path)["meta"]["version"].as_str().unwrap().to_owned();
    server.patch(&path, &json!([{ "op": "replace", "path": "displayName", "value": "Ada L." }]));
    let late = server.request(Method::DELETE, &path).header("If-Match", seen);
    assert_eq!(server.send(late).0, 412);
    assert_eq!(server.users().len(), 1);
}

/// A name is taken once, whatever its case; a filter finds it; a stranger finds nothing.
fn guards_its_names(account: &ScimAccount, folds_filter: bool) {
    account.add_user("ada");
    let (status, refusal) = account.write(
        Method::POST,
        "Users",
        &json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ADA",
        }),
    );
    assert_eq!((status, &refusal["scimType"]), (409, &"uniqueness".into()));
    account.add_group("engineers", &[]);
    account.add_group("engineers", &[]);
    assert_eq!(texts(&account.groups(), "displayName"), ["engineers", "engineers"]);
    let found = |name: &str| account.get(&format!("Users?filter=userName%20eq%20%22{name}%22"))["totalResults"].clone();
    assert_eq!((found("ada"), found("ADA")), (1.into(), u64::from(folds_filter).into()));
    let stranger = ScimAccount::new(account.url(), "wrong");
    assert_eq!(stranger.send(stranger.request(Method::GET, "Users")).0, 401);
}

#[test]
fn scim2_server_takes_a_name_once_and_no_wrong_token() {
    let Some(server) = Scim2Server::start(Profile::Full) else { return };
    guards_its_names(&server, true);
}

#[test]
fn scimmy_takes_a_name_once_and_no_wrong_token() {
    let Some(server) = Scimmy::start() else { return };
    guards_its_names(&server, false);
}

#[test]
fn a_port_that_is_taken_is_passed_over_and_a_server_is_gone_with_its_test() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let Some(server) = Scim2Server::start_at(port, Profile::Full) else { return };
    let Some(other) = Scimmy::start() else { return };
    assert_ne!(server.url(), format!("http://127.0.0.1:{port}/v2"));
    for server in [&*server, &*other] {
        assert_eq!(server.get("ServiceProviderConfig")["patch"]["supported"], true, "{}", server.token());
    }
    let addresses = [&*server, &*other].map(|server| server.url().split('/').nth(2).unwrap().to_owned());
    drop((server, other));
    for address in addresses {
        assert!(TcpStream::connect(&address).is_err(), "{address}");
    }
}
