//! What a target does not show, or does not keep itself, is never a difference.

use serde_json::json;

use super::build::{Draft, World, group, user};
use super::tell;
use crate::plan::{Current, Field, Plan, Preconditions, Standing, Unkept, Untold, diff};
use crate::principal::Kind;

fn plan(world: &World, untold: Untold) -> Plan {
    let current = Current { untold, ..world.current() };
    diff(world.desired(), &current, &world.policy, &world.can, &world.ledger)
}

fn story(plan: &Plan) -> Vec<String> {
    tell::lines(plan).into_iter().filter(|line| !line.starts_with("adopt ")).collect()
}

fn differing() -> (Draft, Draft) {
    (user("ada").display("Ada").mail("ada@x.test").attribute("team", json!("bi")), user("ada"))
}

#[test]
fn values_that_the_target_does_not_show_are_not_compared_and_told_so() {
    let (wanted, has) = differing();
    let world = World::file().source([wanted]).target([has]);
    assert_eq!(plan(&world, Untold::default()).changes[0].detail().fields.len(), 3);
    let hidden = Untold { display_names: true, mails: true, attributes: true, ..Untold::default() };
    let plan = plan(&world, hidden);
    assert!(plan.changes.is_empty(), "{:#?}", story(&plan));
    assert_eq!(plan.notes, ["`displayName`, `mail`, `attributes` of those who are there: the target does not show it"]);
}

#[test]
fn what_is_hidden_is_as_wanted_once_it_was_made() {
    let (wanted, has) = differing();
    let world = World::file().source([wanted]);
    let made = plan(&world, Untold::default());
    let shown = World::file().target([has.display("Ada").mail("ada@x.test")]).current();
    let standing = |untold: Untold| {
        let current = Current { untold, ..shown.clone() };
        Preconditions::new(&made.changes, &made.names, &current, &world.can).standing(&made.changes[0])
    };
    assert!(matches!(standing(Untold::default()), Standing::Moved(_)));
    assert_eq!(standing(Untold { attributes: true, ..Untold::default() }), Standing::Already);
}

#[test]
fn nobody_joins_or_leaves_a_group_whose_members_something_else_keeps() {
    let world = World::file()
        .source([
            group("kept"),
            group("new"),
            group("ours"),
            user("ada").groups(["kept", "new", "ours"]),
            user("bob").groups([]),
        ])
        .target([group("kept"), group("ours"), user("ada"), user("bob").groups(["kept", "ours"])]);
    let untold = Untold { groups: vec!["kept".into(), "new".into()], ..Untold::default() };
    let plan = plan(&world, untold);
    let moves: Vec<(&str, Vec<&str>, Vec<&str>)> = plan
        .changes
        .iter()
        .map(|change| (change.name(), plan.names.sorted(change.joins()), plan.names.sorted(change.leaves())))
        .collect();
    assert_eq!(moves, [("new", vec![], vec![]), ("ada", vec!["ours"], vec![]), ("bob", vec![], vec!["ours"])]);
    assert!(plan.notes[0].starts_with("`kept`, `new`: something else keeps their members"), "{:?}", plan.notes);
}

/// What was sent in vain is held in each plan, and sent again once the source says something else.
#[test]
fn a_value_that_the_target_does_not_keep_is_held() {
    let unkept = |shows: Option<&str>| {
        let one =
            Unkept { kind: Kind::User, key: "ada".into(), field: Field::DisplayName, shows: shows.map(Into::into) };
        Untold { unkept: vec![one], ..Untold::default() }
    };
    let world = World::file().source([user("ada").display("Ada")]).target([user("ada").display("Ada")]);
    let held = plan(&world, unkept(None));
    assert_eq!(story(&held), ["hold user ada: update (target-cannot)"]);
    assert!(held.held[0].reason.contains("was sent `displayName` and shows nothing"), "{}", held.held[0].reason);
    assert!(plan(&world, unkept(Some("A."))).held[0].reason.contains("shows `A.`"));
    let moved = World::file().source([user("ada").display("Ada L")]).target([user("ada").display("Ada")]);
    assert_eq!(story(&plan(&moved, unkept(None))), [r#"update user ada (changed) displayName: "Ada" -> "Ada L""#]);
    let unmanaged = World::file().source([user("ada")]).target([user("ada").display("Ada")]);
    assert_eq!(story(&plan(&unmanaged, unkept(None))), Vec::<String>::new());
}

/// Where deactivation takes somebody out of every group, they would be put there and fall out again in each run.
#[test]
fn who_was_switched_off_by_somebody_else_is_put_into_no_group() {
    let off = |joins: bool| World::file().can(|can| can.joins_disabled = joins);
    let there = || [group("x"), user("ada").active(false).mail("old").groups([])];
    let wanted = || user("ada").groups(["x"]).mail("new");
    let left = off(false).source([group("x"), wanted()]).target(there());
    let note = "note `ada`: not active in the target, of which the source says nothing: they join no group until they are active";
    assert_eq!(story(&left.plan()), [r#"update user ada (changed) mail: "old" -> "new""#, note]);
    let joins = off(true).source([group("x"), wanted()]).target(there());
    assert_eq!(story(&joins.plan()), [r#"update user ada (changed) mail: "old" -> "new" +x"#]);
    let back = off(false).source([group("x"), wanted().active(true)]).target(there());
    assert_eq!(story(&back.plan()), [r#"enable user ada (returned) mail: "old" -> "new" +x"#]);
}
