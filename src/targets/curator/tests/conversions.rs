use serde_json::{Value, json};

use crate::principal::{CaseRule, CaseRules, Kind, Principal};
use crate::targets::curator::MembershipsFrom;
use crate::targets::curator::convert::{Lists, Portal, portal as bring_together, project, refuses};
use crate::targets::curator::wire::{group_row, table, user_row};

fn lists(users: Value, groups: Value) -> Lists {
    Lists { users: table(users, "users", user_row).unwrap(), groups: table(groups, "groups", group_row).unwrap() }
}

fn read(users: Value, groups: Value, from: MembershipsFrom) -> Result<Portal, String> {
    bring_together(lists(users, groups), from, CaseRules::EXACT)
}

/// `ada: Finance, Sales` of every user.
fn memberships(portal: &Portal) -> Vec<String> {
    let users = portal.set.records().iter().filter(|record| record.kind() == Kind::User);
    users
        .map(|user| {
            let groups = portal.set.names().sorted(user.principal.group_refs());
            format!("{}: {}", user.principal.name, groups.join(", "))
        })
        .collect()
}

#[test]
fn memberships_are_read_from_either_list_or_from_both() {
    let (in_users, in_groups) = (
        json!([{"id": 7, "name": "ada", "groups": [{"id": 30, "name": "Finance"}]}, {"id": 8, "name": "bob", "groups": []}]),
        json!([{"id": 30, "name": "Finance", "users": [{"id": 7, "name": "ada"}]}, {"id": 31, "name": "Sales", "users": []}]),
    );
    let (bare_users, bare_groups) =
        (json!([{"id": 7, "name": "ada"}, {"id": 8, "name": "bob"}]), json!([{"id": 30, "name": "Finance"}]));
    for (users, groups, told) in [
        (&in_users, &in_groups, "both lists agree who is in which"),
        (&in_users, &bare_groups, "listUsers tells who is in which"),
        (&bare_users, &in_groups, "listGroups tells who is in which"),
    ] {
        let portal = read(users.clone(), groups.clone(), MembershipsFrom::Both).unwrap();
        assert_eq!(memberships(&portal), ["ada: Finance", "bob: "]);
        assert!(!portal.hides_memberships && portal.proof.ends_with(told), "{}", portal.proof);
    }
    let portal = read(bare_users, bare_groups, MembershipsFrom::Both).unwrap();
    assert!(portal.hides_memberships && portal.proof.contains("no list tells"), "{}", portal.proof);
    let bob = portal.set.get(Kind::User, "bob").unwrap();
    assert!(bob.principal.groups.is_none(), "unknown, not none");
}

#[test]
fn a_portal_without_groups_has_no_memberships_to_hide() {
    let portal = read(json!([{"name": "ada"}]), json!([]), MembershipsFrom::Both).unwrap();
    assert!(!portal.hides_memberships);
    assert_eq!(memberships(&portal), ["ada: "]);
}

#[test]
fn lists_that_contradict_each_other_are_no_picture() {
    let users = |groups: Value| json!([{"id": 7, "name": "ada", "groups": groups}]);
    let groups = |users: Value| json!([{"id": 30, "name": "Finance", "users": users}]);
    for (users, groups, why) in [
        (users(json!(["Finance"])), groups(json!([])), "only listUsers has `ada` in `Finance`"),
        (users(json!([])), groups(json!(["ada"])), "only listGroups has `ada` in `Finance`"),
        (
            users(json!(["Sales"])),
            groups(json!([])),
            "listUsers names the group `Sales` at `ada`, and listGroups lacks it",
        ),
        (users(json!(["Finance"])), json!([]), "listUsers names the group `Finance` at `ada`, and listGroups lacks it"),
        (
            users(json!([])),
            groups(json!([{"id": 9}])),
            "listGroups names the user `9` at `Finance`, and listUsers lacks it",
        ),
    ] {
        let told = read(users, groups, MembershipsFrom::Both).unwrap_err();
        assert_eq!(told, why);
    }
    let portal = read(users(json!(["Finance"])), groups(json!([])), MembershipsFrom::Users).unwrap();
    assert_eq!(memberships(&portal), ["ada: Finance"]);
    let portal = read(users(json!(["Finance"])), groups(json!([])), MembershipsFrom::Groups).unwrap();
    assert_eq!(memberships(&portal), ["ada: "]);
}

#[test]
fn of_several_of_one_name_none_is_chosen() {
    let users = json!([{"name": "ada", "groups": [{"id": 1}, {"id": 3}]}]);
    let groups = json!([{"id": 1, "name": "G"}, {"id": 2, "name": "G"}, {"id": 3, "name": "Sales"}]);
    let portal = read(users, groups, MembershipsFrom::Both).unwrap();
    assert_eq!(memberships(&portal), ["ada: Sales"]);
    assert_eq!(portal.set.count(Kind::Group), 1);
    assert!(portal.ambiguous.contains(&(Kind::Group, "G".into())));
    let folded = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Exact };
    let told = bring_together(lists(json!(["ada", "ADA"]), json!([])), MembershipsFrom::Both, folded);
    assert!(told.unwrap().ambiguous.contains(&(Kind::User, "ada".into())));
}

#[test]
fn what_no_row_shows_is_told_to_be_hidden() {
    let portal =
        read(json!([{"name": "ada"}, {"name": "bob", "email": ""}]), json!(["Finance"]), MembershipsFrom::Both);
    let portal = portal.unwrap();
    assert_eq!((portal.untold.display_names, portal.untold.mails, portal.untold.attributes), (true, false, true));
}

#[test]
fn projecting_twice_is_as_once() {
    for kind in [Kind::User, Kind::Group] {
        let mut principal = Principal::new(kind, "x");
        principal.display_name = Some("X".into());
        principal.description = Some("about".into());
        principal.mail = Some("x@x.test".into());
        principal.visibility = Some(crate::principal::Visibility::NonSharable);
        principal.attributes = Some(Box::new([("region".into(), json!("north"))].into_iter().collect()));
        project(&mut principal);
        let once = format!("{principal:?}");
        project(&mut principal);
        assert_eq!(format!("{principal:?}"), once);
        assert!(principal.description.is_none() && principal.visibility.is_none());
        let user = kind == Kind::User;
        assert_eq!((principal.mail.is_some(), principal.display_name.is_some()), (user, user));
        assert_eq!(principal.attributes.is_some(), !user);
    }
}

#[test]
fn names_that_a_portal_might_alter_are_refused() {
    let refused = |name: &str| refuses(&Principal::new(Kind::Group, name));
    assert_eq!(refused("Finance & Söhne"), None);
    for name in ["", " ", " x", "x ", "a\u{7}b"] {
        assert!(refused(name).is_some(), "{name:?}");
    }
}
