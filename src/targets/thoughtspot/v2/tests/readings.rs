use serde_json::{Value, json};

use crate::principal::{CaseRules, Kind, Principal, PrincipalType, Visibility};
use crate::targets::thoughtspot::v2::pages::Listing;
use crate::targets::thoughtspot::v2::reading::{Rows, Seen, unknown_groups};
use crate::targets::thoughtspot::v2::wire::{GroupRow, SessionUser, UserRow};

/// Rows in the making; `tsadmin`, who asks, and the group `All` are there.
struct Table {
    users: Vec<Value>,
    groups: Vec<Value>,
    org: Option<u32>,
    super_users: bool,
    tells_state: bool,
}

fn table(users: &Value, groups: &Value) -> Table {
    let mut table = Table {
        users: vec![json!({"id": "id-tsadmin", "name": "tsadmin", "user_groups": [], "orgs": [{"id": 0}]})],
        groups: vec![json!({"id": "id-All", "name": "All", "orgs": [{"id": "0"}]})],
        org: None,
        super_users: true,
        tells_state: false,
    };
    table.users.extend(users.as_array().unwrap().clone());
    table.groups.extend(groups.as_array().unwrap().clone());
    table
}

impl Table {
    fn read(&self) -> Result<(crate::plan::Current, Seen), String> {
        let account: SessionUser = serde_json::from_value(json!({"id": "id-tsadmin", "name": "tsadmin"})).unwrap();
        let users: Vec<UserRow> = serde_json::from_value(self.users.clone().into()).unwrap();
        let groups: Vec<GroupRow> = serde_json::from_value(self.groups.clone().into()).unwrap();
        Rows {
            users: &Listing { rows: users, pages: 1 },
            groups: &Listing { rows: groups, pages: 1 },
            account: &account,
            org: self.org,
            super_users: self.super_users,
            tells_state: self.tells_state,
            rules: CaseRules::minding(false, true),
        }
        .read()
    }

    fn find(&self, kind: Kind, name: &str) -> (Principal, Vec<String>) {
        let (current, _) = self.read().unwrap();
        let found = current.set.get(kind, name).unwrap_or_else(|| panic!("no {name}")).principal.clone();
        let groups = current.set.names().sorted(found.group_refs()).into_iter().map(str::to_owned).collect();
        (found, groups)
    }

    fn refusal(&self) -> String {
        self.read().unwrap_err()
    }
}

#[test]
fn a_user_is_read_with_its_direct_groups_but_for_the_one_everybody_is_in() {
    let mut table = table(
        &json!([{"id": "1", "name": "Ada", "display_name": "Ada L.", "email": "a@x", "visibility": "NON_SHARABLE",
            "account_type": "SAML_USER", "account_status": "INACTIVE",
            "user_groups": [{"id": "id-All", "name": "All"}, {"id": "g1", "name": "eng"}]}]),
        &json!([{"id": "g1", "name": "eng"}]),
    );
    let (ada, groups) = table.find(Kind::User, "ada");
    assert_eq!((ada.id.as_deref(), ada.mail.as_deref()), (Some("1"), Some("a@x")));
    assert_eq!((ada.visibility, ada.type_name), (Some(Visibility::NonSharable), Some(PrincipalType::Saml)));
    assert_eq!(groups, ["eng"]);
    assert_eq!(ada.active, None, "who is active is told only where it can be changed");
    table.tells_state = true;
    assert_eq!(table.find(Kind::User, "ada").0.active, Some(false));
}

#[test]
fn only_those_who_were_switched_off_are_inactive() {
    for (status, active) in [
        (json!("ACTIVE"), Some(true)),
        (json!("INACTIVE"), Some(false)),
        (json!("SUSPENDED"), Some(false)),
        (json!("LOCKED"), Some(true)),
        (json!("EXPIRED"), Some(true)),
        (json!("PENDING"), Some(true)),
        (json!("NEW_WORD"), None),
        (Value::Null, None),
    ] {
        let mut table =
            table(&json!([{"id": "1", "name": "a", "user_groups": [], "account_status": status}]), &json!([]));
        table.tells_state = true;
        assert_eq!(table.find(Kind::User, "a").0.active, active, "{status}");
    }
}

#[test]
fn the_children_of_a_group_have_it_for_a_parent() {
    let table = table(
        &json!([]),
        &json!([{"id": "g1", "name": "staff", "sub_groups": [{"id": "g2"}], "description": "d"},
            {"id": "g2", "name": "eng", "sub_groups": []}, {"id": "g3", "name": "top", "sub_groups": [{"id": "g2"}],
            "privileges": ["DEVELOPER", "ADMINISTRATION"]}]),
    );
    assert_eq!(table.find(Kind::Group, "eng").1, ["staff", "top"]);
    assert_eq!(table.find(Kind::Group, "staff").0.description.as_deref(), Some("d"));
    assert_eq!(table.find(Kind::Group, "staff").0.attributes, None);
    let top = table.find(Kind::Group, "top").0.attributes.unwrap();
    assert_eq!(top.get("administrates"), Some(&json!(true)), "a group that makes administrators is known by it");
}

#[test]
fn a_listing_without_the_products_own_is_not_whole() {
    let mut lacking = table(&json!([]), &json!([]));
    lacking.users[0]["id"] = json!("somebody else");
    assert!(lacking.refusal().contains("the account `tsadmin` that asks"), "{}", lacking.refusal());
    lacking.users = vec![json!({"id": "id-tsadmin", "name": "rollcall"})];
    assert!(lacking.refusal().contains("none of the product's own users"), "{}", lacking.refusal());
    lacking.users[0]["system_user"] = json!(true);
    lacking.groups.clear();
    assert!(lacking.refusal().contains("the group `All`"), "{}", lacking.refusal());
}

#[test]
fn rows_of_other_orgs_are_left_out_and_remembered() {
    let mut two = table(
        &json!([
            {"id": "1", "name": "here", "orgs": [{"id": 1}], "user_groups": [{"id": "g1"}, {"id": "g0"}]},
            {"id": "2", "name": "Both", "orgs": [{"id": 0}, {"id": 1}], "user_groups": []},
            {"id": "3", "name": "Far", "orgs": [{"id": 0}], "user_groups": []}]),
        &json!([
            {"id": "all1", "name": "All", "orgs": [{"id": "1"}]},
            {"id": "g0", "name": "eng", "orgs": [{"id": "0"}]},
            {"id": "g1", "name": "eng", "orgs": [{"id": "1"}]}]),
    );
    two.org = Some(1);
    let (current, seen) = two.read().unwrap();
    assert_eq!((current.set.count(Kind::User), current.set.count(Kind::Group)), (2, 2));
    assert_eq!(two.find(Kind::User, "here").1, ["eng"], "the one of this org");
    assert!(seen.elsewhere.contains("2") && seen.elsewhere.len() == 1);
    assert_eq!(seen.outside.get("far").map(compact_str::CompactString::as_str), Some("3"));
    assert!(current.coverage.proofs[0].contains("org 1"));
    two.org = None;
    assert!(two.refusal().contains("the group `All`, which every org has"), "two of them are none: {}", two.refusal());
    two.org = Some(1);
    two.users[1]["orgs"] = Value::Null;
    assert!(two.refusal().contains("does not tell its orgs"), "{}", two.refusal());
}

#[test]
fn principals_of_one_name_are_left_alone_and_the_rest_is_read() {
    let several = table(
        &json!([
            {"id": "1", "name": "ada", "user_groups": [{"id": "g0"}, {"id": "g2"}]},
            {"id": "2", "name": "Ada", "user_groups": []},
            {"id": "3", "name": "bob", "user_groups": [{"id": "g1"}, {"id": "g2"}]}]),
        &json!([
            {"id": "g0", "name": "eng", "sub_groups": [{"id": "g2"}]},
            {"id": "g1", "name": "eng"},
            {"id": "g2", "name": "ops"}]),
    );
    let (current, _) = several.read().unwrap();
    let mut ambiguous: Vec<(Kind, String)> =
        current.ambiguous.iter().map(|(kind, name)| (*kind, name.to_string())).collect();
    ambiguous.sort();
    assert_eq!(ambiguous, [(Kind::Group, "eng".to_owned()), (Kind::User, "ada".to_owned())]);
    assert!(current.coverage.is_whole());
    assert_eq!(several.find(Kind::User, "bob").1, ["ops"], "who is in one of several groups is left as it is");
    assert!(several.find(Kind::Group, "ops").1.is_empty());
    assert!(current.set.get(Kind::User, "ada").is_none());
}

#[test]
fn the_products_own_are_known_by_what_their_rows_say() {
    let mut flagged = table(
        &json!([{"id": "1", "name": "Robot", "system_user": true, "user_groups": []},
            {"id": "2", "name": "Root", "super_user": true, "user_groups": []}]),
        &json!([{"id": "g", "name": "Tenants", "system_group": true}]),
    );
    let named = |table: &Table| {
        let mut names: Vec<String> = table.read().unwrap().1.patterns().map(|pattern| pattern.text()).collect();
        names.sort();
        names
    };
    assert_eq!(named(&flagged), ["group:Tenants", "user:robot", "user:root"]);
    flagged.super_users = false;
    assert_eq!(named(&flagged), ["group:Tenants", "user:robot"]);
}

#[test]
fn a_user_who_tells_no_groups_hides_all_memberships() {
    let told = table(&json!([{"id": "1", "name": "a", "user_groups": []}]), &json!([]));
    assert!(!told.read().unwrap().0.hides_memberships);
    let untold = table(&json!([{"id": "1", "name": "a", "user_groups": null}]), &json!([]));
    assert!(untold.read().unwrap().0.hides_memberships);
}

#[test]
fn groups_that_only_members_name_are_found() {
    let rows = |table: &Table| {
        let users: Vec<UserRow> = serde_json::from_value(table.users.clone().into()).unwrap();
        let groups: Vec<GroupRow> = serde_json::from_value(table.groups.clone().into()).unwrap();
        unknown_groups(&users, &groups).into_iter().collect::<Vec<_>>()
    };
    let table = table(
        &json!([{"id": "1", "name": "a", "user_groups": [{"id": "gone"}, {"id": "id-All"}]}]),
        &json!([{"id": "g", "name": "g", "sub_groups": [{"id": "lost"}]}]),
    );
    assert_eq!(rows(&table), ["gone", "lost"]);
    assert!(table.find(Kind::User, "a").1.is_empty(), "they are in nobody's list");
}
