//! Lists put together: memberships, namesakes, members who are nobody.

use std::collections::BTreeSet;

use serde_json::json;

use super::super::config::{AccountName, Auth};
use super::super::read::{Assembled, Listed, assemble};
use super::super::target::Settings;
use super::settings;
use crate::principal::Kind;

fn listed(value: &serde_json::Value) -> Listed {
    let users = serde_json::from_value(value["users"].clone()).expect("users");
    let groups = serde_json::from_value(value["groups"].clone()).expect("groups");
    let namesakes = value["namesakes"].as_array().into_iter().flatten();
    let namesakes: BTreeSet<String> = namesakes.filter_map(|name| name.as_str()).map(str::to_owned).collect();
    Listed { users, groups, namesakes }
}

fn user(id: &str, mail: &str, first: &str, last: &str) -> serde_json::Value {
    json!({"id": id, "email": mail, "firstName": first, "lastName": last, "isActive": true, "role": "Evaluated"})
}

fn owner() -> serde_json::Value {
    user("a0", "owner@example.org", "Key", "Owner")
}

fn groups_of(assembled: &Assembled, mail: &str) -> Vec<String> {
    let record = assembled.set.get(Kind::User, mail).expect("a user");
    let names = assembled.set.names().sorted(record.principal.group_refs());
    names.into_iter().map(str::to_owned).collect()
}

fn person(account: &str, display: &str, category: &str) -> serde_json::Value {
    json!({"userId": null, "activeDirectoryObject": {"sid": "S-1-5-21-1", "category": category,
        "displayName": display, "domainName": "CORP", "sidAccountName": account}})
}

fn put(value: &serde_json::Value, settings: &Settings) -> Assembled {
    assemble(&listed(value), settings).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn memberships_are_found_by_user_ids_and_strangers_are_told() {
    let found = put(
        &json!({
            "users": [owner(), user("a1", "Ana@example.org", "Ana", "Ruiz")],
            "groups": [{"id": "b1", "name": "Finance", "role": "Artisan", "members": [{"userId": "a1"}, {"userId": "a9"}]}],
        }),
        &settings(Auth::Saml),
    );
    assert_eq!(groups_of(&found, "ana@example.org"), ["Finance"]);
    assert_eq!(found.strangers, ["a9".to_owned()].into());
    assert!(found.told.is_empty() && found.ambiguous.is_empty());
}

#[test]
fn groups_of_one_name_are_left_out_and_their_name_is_kept() {
    let found = put(
        &json!({"users": [owner()], "groups": [{"id": "b1", "name": "Finance"}], "namesakes": ["Twin"]}),
        &settings(Auth::Saml),
    );
    assert_eq!(found.set.count(Kind::Group), 1);
    assert_eq!(found.ambiguous, [(Kind::Group, "Twin".into())].into_iter().collect());
}

#[test]
fn two_users_of_one_address_are_left_out_too() {
    let twins = [owner(), user("a1", "ana@example.org", "A", "B"), user("a2", "ANA@example.org", "A", "B")];
    let found = put(&json!({"users": twins, "groups": []}), &settings(Auth::Saml));
    assert_eq!((found.set.len(), found.ambiguous.len()), (1, 1));
}

#[test]
fn a_list_without_the_owner_of_the_key_or_with_one_id_twice_is_not_believed() {
    let settings = settings(Auth::Saml);
    let empty = assemble(&listed(&json!({"users": [], "groups": []})), &settings);
    assert!(empty.is_err_and(|why| why.contains("Owner@Example.org")));
    let twice = json!({"users": [owner(), owner()], "groups": []});
    assert!(assemble(&listed(&twice), &settings).is_err_and(|why| why.contains("more than once")));
}

#[test]
fn objects_of_the_directory_are_told_by_their_account_and_groups_are_never_users() {
    let members = [
        person("ana", "Ana Ruiz", "Person"),
        person("CORP\\Ben", "Ben Okoro", "Person"),
        person("finance-all", "Ana Ruiz", "Group"),
        person("cy", "Cy Abe", "Person"),
        person("dee", "Dee Roe", "Person"),
    ];
    let users = [
        owner(),
        user("a1", "ana@example.org", "Ana", "Ruiz"),
        user("a2", "ben@example.org", "Ben", "Okoro"),
        user("a4", "dee@example.org", "Dee", "Roe"),
        user("a5", "dee@example.com", "Dee", "Else"),
    ];
    let world = json!({"users": users, "groups": [{"id": "b1", "name": "Finance", "members": members}]});
    let found = put(&world, &settings(Auth::Windows));
    assert_eq!(groups_of(&found, "ana@example.org"), ["Finance"]);
    assert_eq!(groups_of(&found, "ben@example.org"), ["Finance"]);
    assert!(groups_of(&found, "dee@example.org").is_empty(), "two accounts of one name are nobody's");
    assert_eq!(
        found.told,
        [
            "members that are groups of Active Directory, left alone: `finance-all`",
            "members whose account is no user's, or more than one's, left alone: `cy`, `dee`",
        ]
    );
    let by_display = Settings { account_name: AccountName::DisplayName, ..settings(Auth::Windows) };
    let found = put(&world, &by_display);
    assert_eq!(groups_of(&found, "dee@example.org"), ["Finance"]);
}

#[test]
fn a_user_without_an_address_is_left_alone_and_is_no_stranger() {
    let nameless = json!({"id": "a7", "firstName": "Service", "isActive": true, "email": null});
    let found = put(
        &json!({"users": [owner(), nameless],
            "groups": [{"id": "b1", "name": "Finance", "members": [{"userId": "a7"}]}]}),
        &settings(Auth::Builtin),
    );
    assert_eq!((found.set.count(Kind::User), found.strangers.len()), (1, 0));
    assert_eq!(found.told, ["1 users without an e-mail address: left alone"]);
}
