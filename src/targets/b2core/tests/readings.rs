use serde_json::{Value, json};

use super::super::api::Listing;
use super::super::reading::{Read, read};
use super::super::wire::Row;
use crate::principal::{CaseRules, Kind};

fn listing(rows: Value) -> Listing {
    let Value::Array(rows) = rows else { panic!("a list") };
    Listing { rows: rows.into_iter().filter_map(Row::read).collect(), pages: 2 }
}

fn reading(groups: Value, users: Value) -> Result<Read, String> {
    read(&listing(groups), &listing(users), Some("Admin@example.org"), CaseRules::minding(false, true))
}

fn administrators() -> Value {
    json!({ "id": 1, "name": "Administrators", "permissions": ["*"] })
}

fn admin() -> Value {
    json!({ "id": 1, "email": "admin@example.org", "groups": [1] })
}

#[test]
fn users_are_named_by_their_address_and_groups_by_their_name() {
    let ada = json!({
        "id": 7, "email": "Ada@Example.org", "name": "Ada L", "phone": "+431", "active": false, "groups": [2, 1, 99],
        "ipWhitelist": ["::1", "10.0.0.1"], "clientTags": [{ "name": "vip" }], "canViewMaskedData": true,
    });
    let groups = json!([administrators(), { "id": "2", "name": "Support" }]);
    let Read { current, namesakes } = reading(groups, json!([admin(), ada])).expect("whole");
    assert!(namesakes.is_empty() && current.coverage.is_whole() && !current.hides_memberships);
    let found = &current.set.get(Kind::User, "ada@example.org").expect("ada").principal;
    assert_eq!((found.name.as_str(), found.display_name.as_deref()), ("Ada@Example.org", Some("Ada L")));
    assert_eq!((found.id.as_deref(), found.active, found.mail.as_deref()), (Some("7"), Some(false), None));
    assert_eq!(current.set.names().sorted(found.group_refs()), ["Administrators", "Support"], "99 is nobody's group");
    let attributes = serde_json::to_value(found.attributes.as_deref()).expect("JSON");
    assert_eq!(
        attributes,
        json!({ "phone": "+431", "ipWhitelist": ["10.0.0.1", "::1"], "clientTags": ["vip"], "canViewMaskedData": true })
    );
}

#[test]
fn what_is_left_out_of_a_user_is_nothing() {
    let Read { current, .. } = reading(json!([administrators()]), json!([admin()])).expect("whole");
    let found = &current.set.get(Kind::User, "admin@example.org").expect("admin").principal;
    assert_eq!((found.display_name.as_deref(), found.active), (None, Some(true)));
    assert_eq!(found.attributes.as_ref().and_then(|all| all.get("canViewMaskedData")), Some(&json!(false)));
}

#[test]
fn a_list_that_lacks_somebody_who_must_be_there_is_not_whole() {
    let told = |groups, users| reading(groups, users).expect_err("not whole");
    assert!(told(json!([]), json!([admin()])).contains("groups is empty"));
    assert!(told(json!([administrators()]), json!([])).contains("users is empty"));
    let other = json!({ "id": 2, "email": "ada@example.org", "groups": [] });
    assert!(told(json!([administrators()]), json!([other])).contains("does not show the account"));
    let nameless = json!({ "id": 2, "email": "" });
    assert!(told(json!([administrators()]), json!([admin(), nameless])).contains("user 2 has no `email`"));
}

#[test]
fn groups_that_share_a_name_are_left_out_and_told() {
    let groups = json!([administrators(), { "id": 2, "name": "Risk" }, { "id": 3, "name": "risk" }, { "id": 4, "name": "Risk" }]);
    let ada = json!({ "id": 7, "email": "ada@example.org", "groups": [2, 3] });
    let Read { current, namesakes } = reading(groups, json!([admin(), ada])).expect("whole");
    assert_eq!(namesakes.len(), 1);
    assert!(namesakes[0].told().contains("2 groups of the Back Office are called `Risk` (ids 2, 4)"));
    assert_eq!(current.ambiguous.iter().collect::<Vec<_>>(), [&(Kind::Group, "Risk".into())]);
    let ada = &current.set.get(Kind::User, "ada@example.org").expect("ada").principal;
    assert_eq!(current.set.names().sorted(ada.group_refs()), ["risk"], "case tells groups apart");
    assert!(current.set.get(Kind::Group, "Risk").is_none());
}

#[test]
fn users_that_share_an_address_are_left_out_and_told() {
    let ada = |id: u64, email: &str| json!({ "id": id, "email": email, "groups": [] });
    let users = json!([admin(), ada(2, "ada@example.org"), ada(3, "ADA@example.org")]);
    let Read { current, namesakes } = reading(json!([administrators()]), users).expect("whole");
    assert_eq!(current.set.count(Kind::User), 1);
    assert_eq!(namesakes[0].ids, ["2", "3"]);
    assert!(current.ambiguous.contains(&(Kind::User, "ada@example.org".into())));
}

#[test]
fn one_user_whose_groups_are_not_told_hides_all_memberships() {
    let ada = json!({ "id": 7, "email": "ada@example.org" });
    let Read { current, .. } = reading(json!([administrators()]), json!([admin(), ada])).expect("whole");
    assert!(current.hides_memberships);
}
