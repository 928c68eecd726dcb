//! Whether a change still fits the target as it is by now.

use super::build::{Draft, World, group, set_of, user};
use crate::plan::{Change, Coverage, Current, First, Plan, Preconditions, Standing, applied};
use crate::principal::PrincipalSet;

fn stands(world: &World, now: &PrincipalSet) -> Vec<Standing> {
    let plan = world.plan();
    let now = Current::new(now.clone(), Coverage::proved("listed"));
    let preconditions = Preconditions::new(&plan.changes, &plan.names, &now, &world.can);
    plan.changes.iter().map(|change| preconditions.standing(change)).collect()
}

fn now(world: &World, drafts: impl IntoIterator<Item = Draft>) -> Standing {
    let mut found = stands(world, &set_of(drafts, world.can.rules));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn moved(standing: &Standing) -> &str {
    match standing {
        Standing::Moved(what) => what,
        other => panic!("{other:?}"),
    }
}

fn whole(world: &World, plan: &Plan) -> PrincipalSet {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    applied(world.current().set, &changes, &plan.names, world.can.rules)
}

#[test]
fn a_create_holds_while_the_name_is_free() {
    let world = World::thoughtspot().source([user("ada").mail("a@x").groups(["x"]), group("x")]).target([group("x")]);
    assert_eq!(now(&world, [user("bob"), group("x")]), Standing::Holds);
    let done = || user("Ada").display("ada").mail("a@x");
    assert_eq!(now(&world, [done().groups(["x"]), group("x")]), Standing::Already);
    let joined = [done().groups(["All", "x"]), group("x"), group("All")];
    assert_eq!(now(&world, joined), Standing::Already, "the product itself puts everybody into All");
    assert_eq!(moved(&now(&world, [done().groups([]), group("x")])), "it exists by now, with other values");
    assert_eq!(moved(&now(&world, [done().mail("b@x"), group("x")])), "it exists by now, with other values");
}

/// A value that is gone from what is wanted is compared with nothing, and so would always be as wanted.
#[test]
fn an_attribute_that_goes_is_still_to_be_taken_away() {
    let tagged = || user("ada").attribute("k", "v".into());
    let world = World::file().source([user("ada").attribute("k", "".into())]).target([tagged()]);
    assert_eq!(now(&world, [tagged()]), Standing::Holds);
    assert_eq!(now(&world, [user("ada")]), Standing::Already);
}

#[test]
fn an_update_holds_while_nothing_has_moved() {
    let world = World::file().source([user("ada").mail("new")]).target([user("ada").mail("old").display("Ada")]);
    assert_eq!(now(&world, [user("ada").mail("old").display("Ada")]), Standing::Holds);
    assert_eq!(now(&world, [user("ada").mail("new").display("Ada")]), Standing::Already);
    assert_eq!(moved(&now(&world, [])), "it is no longer there");
    for (draft, what) in [
        (user("ada").mail("third").display("Ada"), "mail"),
        (user("ada").mail("old").display("Countess"), "displayName"),
        (user("ada").mail("old"), "displayName"),
        (user("ada").mail("old").display("Ada").description("new"), "description"),
        (user("ada").mail("old").display("Ada").groups(["x"]), "groupNames"),
        (user("ada").mail("old").display("Ada").active(false), "active"),
        (user("ada").mail("old").display("Ada").attribute("k", true.into()), "attributes.k"),
    ] {
        assert_eq!(moved(&now(&world, [draft])), format!("{what} was changed in the target since"));
    }
}

#[test]
fn a_value_that_was_not_there_and_is_now_has_moved() {
    let world = World::file().source([user("ada").mail("ours")]).target([user("ada")]);
    assert_eq!(moved(&now(&world, [user("ada").mail("theirs")])), "mail was changed in the target since");
    assert_eq!(now(&world, [user("ada").mail("ours")]), Standing::Already);
    assert_eq!(now(&world, [user("ada").mail("").groups([])]), Standing::Holds, "nothing is still nothing");
}

#[test]
fn a_removal_holds_while_the_person_is_as_planned() {
    let world = World::thoughtspot().target([user("eve").mail("e")]);
    assert_eq!(now(&world, [user("eve").mail("e")]), Standing::Holds);
    assert_eq!(now(&world, []), Standing::Already);
    assert_eq!(moved(&now(&world, [user("eve").mail("other")])), "mail was changed in the target since");
    let disable = World::file().target([user("eve")]);
    assert_eq!(now(&disable, [user("eve").active(false)]), Standing::Already);
    assert_eq!(moved(&now(&disable, [])), "it is no longer there");
    let strip = World::thoughtspot()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([user("ada").groups(["x"])])
        .target([group("x"), group("All"), user("ada").groups(["x"]), user("eve").groups(["All", "x"])]);
    let rest = [group("x"), group("All"), user("ada").groups(["x"])];
    let stripped = rest.clone().into_iter().chain([user("eve").groups(["All"])]);
    assert_eq!(now(&strip, stripped), Standing::Already);
    assert_eq!(now(&strip, rest.into_iter().chain([user("eve").groups(["All", "x"])])), Standing::Holds);
}

#[test]
fn a_rename_holds_while_the_new_name_is_free() {
    let world = World::file().source([user("robert").id("1")]).target([user("bob")]).owned("user:bob", "1");
    assert_eq!(now(&world, [user("bob")]), Standing::Holds);
    assert_eq!(now(&world, [user("robert")]), Standing::Already);
    assert_eq!(moved(&now(&world, [user("bob"), user("robert")])), "the new name is taken by now");
    assert_eq!(moved(&now(&world, [])), "it is no longer there");
}

#[test]
fn what_was_done_is_done_however_many_changes_hang_together() {
    let world = World::file()
        .source([
            group("new name").id("g"),
            group("keep"),
            user("ada").mail("m").groups(["keep", "new name"]),
            user("bob").mail("m").groups(["new name"]),
        ])
        .target([
            group("old name"),
            group("keep"),
            group("doomed"),
            user("ada").groups(["old name", "doomed"]),
            user("bob").groups(["doomed"]),
            user("eve").groups(["doomed", "old name"]),
        ])
        .owned("group:old name", "g");
    let plan = world.plan();
    assert_eq!(plan.changes.len(), 5);
    assert_eq!(stands(&world, &world.current().set), vec![Standing::Holds; 5]);
    assert_eq!(stands(&world, &whole(&world, &plan)), vec![Standing::Already; 5]);
}

#[test]
fn a_group_that_somebody_else_took_away_has_moved() {
    let world = World::file()
        .source([group("x"), user("ada").mail("m").groups(["x"])])
        .target([group("x"), user("ada").groups(["x"])]);
    assert_eq!(moved(&now(&world, [user("ada")])), "groupNames was changed in the target since");
}

#[test]
fn who_is_switched_off_may_have_lost_groups_by_it_and_gained_none() {
    let world = World::file().target([user("eve").groups(["x", "y"]), group("x"), group("y"), group("z")]);
    let now = |eve: Draft| {
        let now = set_of([eve.active(false), group("x"), group("y"), group("z")], world.can.rules);
        stands(&world, &now).into_iter().next_back()
    };
    assert_eq!(now(user("eve").groups([])), Some(Standing::Already));
    assert_eq!(now(user("eve").groups(["x"])), Some(Standing::Already));
    assert!(matches!(now(user("eve").groups(["x", "z"])), Some(Standing::Moved(_))));
}

#[test]
fn nobody_is_made_by_a_name_that_several_have_by_now() {
    let world = World::file().source([group("twin")]).target([]);
    let plan = world.plan();
    let mut now = Current::new(set_of([], world.can.rules), Coverage::proved("listed"));
    now.ambiguous.insert((crate::principal::Kind::Group, "twin".into()));
    let standing = Preconditions::new(&plan.changes, &plan.names, &now, &world.can).standing(&plan.changes[0]);
    assert_eq!(moved(&standing), "several in the target have the name by now");
}
