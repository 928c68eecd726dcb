//! Contract 3.3 and 3.9: who is who.

use super::build::{World, group, user};
use crate::plan::{First, MatchBy};

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn case_alone_is_no_difference_and_the_target_keeps_its_spelling() {
    let world = World::thoughtspot()
        .source([user("ADA").mail("new"), user("STRASSE")])
        .target([user("Ada").mail("old"), user("straße")]);
    assert_eq!(world.story(), [r#"update user Ada (changed) mail: "old" -> "new""#]);
    let groups = World::thoughtspot().source([group("Sales")]).target([group("sales")]);
    assert_eq!(groups.story(), ["create group Sales (new)", "delete group sales (gone)"], "groups are exact");
    let file = World::file().source([user("e\u{301}va")]).target([user("éva")]);
    assert_eq!(file.story(), nothing(), "NFC always");
}

#[test]
fn the_same_id_under_a_new_name_is_a_rename() {
    let world = World::file()
        .source([user("robert").id("1").display("Robert").groups(["x"]), group("x")])
        .target([user("bob").display("Bob"), group("x")])
        .owned("user:bob", "1");
    assert_eq!(world.story(), [r#"rename user bob (renamed) -> robert displayName: "Bob" -> "Robert" +x"#]);
    let after = world.plan();
    assert_eq!(after.changes[0].after().unwrap().name, "robert");
}

#[test]
fn an_id_that_is_not_recorded_is_recorded_at_the_first_match_by_name() {
    let world = World::file().source([user("bob").id("1")]).target([user("bob")]);
    assert_eq!(world.told(), ["adopt user bob #1"]);
    assert_eq!(world.owned("user:bob", "").told(), ["adopt user bob #1 again"]);
}

#[test]
fn a_name_under_a_new_id_is_held() {
    let world = World::file().source([user("bob").id("2").mail("new")]).target([user("bob").mail("old")]);
    let world = world.owned("user:bob", "1");
    assert_eq!(world.told(), ["hold user bob: create (reused-name)"], "neither changed, removed nor adopted");
    let by_name = world.policy(|policy| policy.match_by = vec![MatchBy::Name]);
    assert_eq!(by_name.story(), [r#"update user bob (changed) mail: "old" -> "new""#]);
}

#[test]
fn whoever_takes_the_name_of_a_renamed_person_is_held() {
    let world = World::file()
        .source([user("robert").id("1"), user("bob").id("2")])
        .target([user("bob")])
        .owned("user:bob", "1");
    assert_eq!(world.story(), ["rename user bob (renamed) -> robert", "hold user bob: create (reused-name)"]);
}

#[test]
fn an_id_and_a_name_that_point_to_two_accounts_are_held() {
    let world =
        World::file().source([user("bob").id("1")]).target([user("adele"), user("bob")]).owned("user:adele", "1");
    assert_eq!(world.story(), ["hold user bob: update (ambiguous-match)"], "and neither account is a leaver");
    let swap = World::file()
        .source([user("ada").id("2"), user("bob").id("1")])
        .target([user("ada"), user("bob")])
        .owned("user:ada", "1")
        .owned("user:bob", "2");
    assert_eq!(swap.story(), ["hold user ada: update (ambiguous-match)", "hold user bob: update (ambiguous-match)"]);
}

#[test]
fn two_records_of_one_id_are_both_held() {
    let world =
        World::file().source([user("bob2").id("1"), user("bob3").id("1")]).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(world.story(), ["hold user bob2: update (ambiguous-match)", "hold user bob3: update (ambiguous-match)"]);
    let one_in_place =
        World::file().source([user("bob").id("1"), user("bobby").id("1")]).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(
        one_in_place.story(),
        ["hold user bob: update (ambiguous-match)", "hold user bobby: update (ambiguous-match)"]
    );
}

#[test]
fn an_id_whose_account_is_gone_is_new() {
    let world = World::file().source([user("robert").id("1")]).owned("user:bob", "1");
    assert_eq!(world.story(), ["create user robert (new)"]);
}

#[test]
fn matched_by_id_alone_a_name_is_not_enough() {
    let world = World::file().policy(|policy| policy.match_by = vec![MatchBy::Id]);
    let world = world.source([user("bob").id("1"), user("cy")]).target([user("bob"), user("cy")]);
    assert_eq!(world.story(), ["hold user bob: update (ambiguous-match)", "hold user cy: update (ambiguous-match)"]);
    let known = world.owned("user:bob", "1").owned("user:cy", "2");
    assert_eq!(known.story(), ["hold user cy: update (ambiguous-match)"]);
}

#[test]
fn ids_of_groups_and_users_are_two_things() {
    let world = World::file().source([group("robert").id("1")]).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(world.story(), ["create group robert (new)", "disable user bob (gone)"]);
}

#[test]
fn a_group_is_renamed_with_its_members() {
    let world = World::file()
        .source([group("sales emea").id("g1"), user("ada").groups(["sales emea"]), user("bob").groups(["sales emea"])])
        .target([group("sales"), user("ada").groups(["sales"]), user("bob").groups([])])
        .owned("group:sales", "g1");
    assert_eq!(
        world.story(),
        ["rename group sales (renamed) -> sales emea touches user:ada", "update user bob (changed) +sales"],
        "who is a member stays one, and who joins joins the group as it is called now"
    );
}

#[test]
fn whoever_names_a_renamed_group_by_its_old_name_is_not_in_it() {
    let world = World::file()
        .source([group("sales emea").id("g1"), user("ada").groups(["sales"])])
        .target([group("sales"), user("ada").groups(["sales"])])
        .owned("group:sales", "g1");
    assert_eq!(
        world.story(),
        [
            "rename group sales (renamed) -> sales emea touches user:ada",
            "update user ada (changed) -sales",
            "note group `sales` is named by 1 of the source, but no source defines it and the target lacks it: left out",
        ],
        "now, and not by surprise in the next run"
    );
}

#[test]
fn a_rename_that_is_refused_leaves_the_members_where_they_are() {
    let world = World::file()
        .protect("group:sales")
        .source([group("sales emea").id("g1"), user("ada").groups(["sales emea"])])
        .target([group("sales"), user("ada").groups(["sales"])])
        .owned("group:sales", "g1");
    assert_eq!(world.story(), ["hold group sales: rename (protected)"]);
}

#[test]
fn nobody_is_renamed_into_a_protected_name() {
    let world = World::file()
        .protect("user:svc-*")
        .source([user("svc-1").id("1")])
        .target([user("bob")])
        .owned("user:bob", "1");
    assert_eq!(world.story(), ["hold user bob: rename (protected)"]);
}

#[test]
fn case_alone_is_a_rename_only_where_names_are_exact() {
    let source = [user("BOB").id("1")];
    let file = World::file().source(source.clone()).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(file.story(), ["rename user bob (renamed) -> BOB"]);
    let ts = World::thoughtspot().source(source).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(ts.story(), nothing());
}

#[test]
fn a_rename_needs_no_policy_of_leavers() {
    let world = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Delete))
        .source([user("robert").id("1")])
        .target([user("bob"), user("eve")])
        .owned("user:bob", "1");
    assert_eq!(world.story(), ["rename user bob (renamed) -> robert", "delete user eve (gone)"]);
}

#[test]
fn a_name_that_several_of_the_target_have_is_given_to_nobody_and_joined_by_nobody() {
    let world = World::file()
        .source([group("twin"), user("ada").groups(["twin", "x"]), group("x"), group("two").id("2")])
        .target([user("ada"), group("x"), group("one")])
        .owned("group:one", "2")
        .several("group:twin")
        .several("group:two");
    assert_eq!(
        world.story(),
        [
            "update user ada (changed) +x",
            "hold group one: rename (ambiguous-match)",
            "hold group twin: create (ambiguous-match)",
            "note `twin`, `two`: more than one group of the target is called so: they are left alone",
            "note group `twin` is named by 1 of the source, but it is not created: left out",
        ]
    );
}

#[test]
fn what_several_have_is_not_forgotten_as_gone() {
    let world =
        World::file().target([user("ada")]).owned("group:twin", "").owned("group:gone", "").several("group:twin");
    assert_eq!(world.ledger.missing_from(&world.current()), [(crate::principal::Kind::Group, "gone".to_owned())]);
}
