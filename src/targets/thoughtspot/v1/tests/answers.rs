//! What the server should say it changes, held against what it does say.

use crate::plan::tests::build::{World, group, user};
use crate::plan::{Change, First, Plan, applied};
use crate::targets::thoughtspot::UpdatedLists;
use crate::targets::thoughtspot::error_body::ErrorBody;
use crate::targets::thoughtspot::v1::expected::Expected;
use crate::targets::thoughtspot::v1::wire::SyncAnswer;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Users added, updated, deleted, then groups.
fn answer(lists: [&[&str]; 6]) -> SyncAnswer {
    let [users_added, users_updated, users_deleted, groups_added, groups_updated, groups_deleted] =
        lists.map(|list| Some(names(list)));
    SyncAnswer { users_added, users_updated, users_deleted, groups_added, groups_updated, groups_deleted }
}

fn expected(world: &World, plan: &Plan) -> Expected {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    let current = world.current().set;
    let after = applied(current.clone(), &changes, &plan.names, world.can.rules);
    Expected::between(&current, &after, &world.can)
}

fn surprises(world: &World, answer: SyncAnswer, updated: UpdatedLists) -> Vec<String> {
    expected(world, &world.plan()).surprises(answer, updated, world.can.rules)
}

fn world() -> World {
    World::thoughtspot()
        .source([
            group("new"),
            group("renamed").id("g"),
            user("ada"),
            user("bob").mail("new"),
            user("robert").id("2"),
            user("cy").groups(["renamed"]),
        ])
        .target([
            group("doomed"),
            group("old name"),
            user("Bob").mail("old"),
            user("cy").groups(["old name", "doomed"]),
            user("eve").groups(["doomed"]),
            user("rob").groups(["doomed"]),
        ])
        .owned("group:old name", "g")
        .owned("user:rob", "2")
}

const AGREED: [&[&str]; 6] =
    [&["ada", "robert"], &["bob", "cy"], &["eve", "rob"], &["new", "renamed"], &[], &["doomed", "old name"]];

#[test]
fn an_answer_as_planned_is_no_surprise() {
    let none: Vec<String> = Vec::new();
    assert_eq!(surprises(&world(), answer(AGREED), UpdatedLists::Differences), none);
    let mut other_case = AGREED;
    other_case[1] = &["BOB", "CY"];
    assert_eq!(surprises(&world(), answer(other_case), UpdatedLists::Differences), none, "users without case");
}

#[test]
fn every_difference_is_told() {
    let mut lists = AGREED;
    lists[0] = &["ada"];
    lists[2] = &["eve", "rob", "zoe"];
    lists[3] = &["New", "renamed"];
    assert_eq!(
        surprises(&world(), answer(lists), UpdatedLists::Differences),
        [
            "usersAdded lacks `robert`, which the plan has",
            "usersDeleted has `zoe`, which the plan has not",
            "groupsAdded has `New`, which the plan has not",
            "groupsAdded lacks `new`, which the plan has",
        ]
    );
}

#[test]
fn a_server_that_lists_every_match_may_list_more_updates_but_no_fewer() {
    let mut lists = AGREED;
    lists[1] = &["bob", "cy", "tsadmin"];
    lists[4] = &["All"];
    let none: Vec<String> = Vec::new();
    assert_eq!(surprises(&world(), answer(lists), UpdatedLists::Matches), none);
    assert_eq!(surprises(&world(), answer(lists), UpdatedLists::Differences).len(), 2);
    lists[1] = &["cy"];
    assert_eq!(
        surprises(&world(), answer(lists), UpdatedLists::Matches),
        ["usersUpdated lacks `bob`, which the plan has"]
    );
    lists = AGREED;
    lists[2] = &["eve", "rob", "zoe"];
    assert_eq!(surprises(&world(), answer(lists), UpdatedLists::Matches).len(), 1, "a deletion is never of this kind");
}

#[test]
fn missing_lists_are_empty() {
    let nothing = World::thoughtspot();
    let answer: SyncAnswer = serde_json::from_str(r#"{"usersAdded":null,"groupsDeleted":[]}"#).unwrap();
    assert!(surprises(&nothing, answer, UpdatedLists::Differences).is_empty());
    assert!(expected(&nothing, &nothing.plan()).is_empty());
}

#[test]
fn many_surprises_are_cut_and_neutralised() {
    let all = ["a\u{1b}", "b", "c", "d", "e", "f", "g"];
    let told = surprises(&World::thoughtspot(), answer([&all, &[], &[], &[], &[], &[]]), UpdatedLists::Differences);
    assert_eq!(told, [r"usersAdded has `a\u{1b}`, `b`, `c`, `d`, `e` and 2 more, which the plan has not"]);
}

#[test]
fn a_stripped_user_is_updated_and_members_of_what_goes_are_too() {
    let world = World::thoughtspot()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([group("x"), group("inner")])
        .target([
            group("x").display("x"),
            group("doomed"),
            group("inner").groups(["doomed"]),
            user("eve").groups(["x"]),
        ]);
    let none: Vec<String> = Vec::new();
    let lists: [&[&str]; 6] = [&[], &["eve"], &[], &[], &["inner"], &["doomed"]];
    assert_eq!(surprises(&world, answer(lists), UpdatedLists::Differences), none);
}

#[test]
fn an_error_of_the_server_is_told_in_its_own_words() {
    let read = |body: &str| ErrorBody::read(body.as_bytes()).map(|body| body.text);
    assert_eq!(
        read(r#"{"code":10002,"incident_id_guid":"ab-12","debug":"[\"Bad Request\",\"\",\"no such user\"]"}"#).unwrap(),
        "Bad Request; no such user (code 10002, incident ab-12)"
    );
    assert_eq!(read(r#"{"code":"X","debug":"plain words"}"#).unwrap(), r#"plain words (code "X")"#);
    assert_eq!(read(r#"{"debug":"a\u001b[31m\nb"}"#).unwrap(), r"a\u{1b}[31m\u{a}b (code null)");
    let long = format!(r#"{{"code":1,"debug":"{}"}}"#, "x".repeat(5_000));
    assert!(read(&long).unwrap().chars().count() < 400);
    for body in ["", "<html>", "[]", "{}", r#"{"code":1}"#, r#"{"debug":5}"#] {
        assert_eq!(read(body), None, "{body}");
    }
}
