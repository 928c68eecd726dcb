//! What a target does not show, or does not keep itself, is never a difference.

use serde_json::json;

use super::build::{Draft, World, group, user};
use super::tell;
use crate::plan::{Current, Plan, Preconditions, Standing, Untold, diff};

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
