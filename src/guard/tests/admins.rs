use super::bench::{bench, none};
use crate::guard::GuardName;
use crate::plan::tests::build::{Draft, World, group, user};

fn admins(names: &[&str]) -> Vec<Draft> {
    names.iter().map(|name| user(name).groups(["Administrator"])).collect()
}

/// Administrators there are, and those that the source still wants; the guard on everything else is off.
fn left(there: &[&str], wanted: &[&str]) -> super::bench::Bench {
    let demoted = there.iter().filter(|name| !wanted.contains(name)).map(|name| user(name).groups([]));
    let world = World::thoughtspot()
        .source(admins(wanted))
        .source(demoted)
        .target([group("Administrator")])
        .target(admins(there));
    bench(world).limits("{ removals: off, budget: off }")
}

const TRIPPED: [&str; 1] = ["admins: tripped"];

#[test]
fn two_administrators_stay() {
    assert_eq!(left(&["a", "b", "c"], &["a", "b"]).marks(), none());
    assert_eq!(left(&["a", "b", "c"], &["a"]).marks(), TRIPPED);
    assert_eq!(left(&["a", "b"], &["a"]).marks(), TRIPPED);
    assert_eq!(left(&["a", "b", "c"], &["a", "b"]).measure(GuardName::Admins, ""), (Some(2), Some(2), Some(0)));
}

#[test]
fn only_the_plan_itself_is_judged() {
    assert_eq!(left(&["a"], &["a"]).marks(), none(), "there was one before");
    assert_eq!(left(&["a"], &[]).marks(), TRIPPED);
    assert_eq!(left(&[], &[]).marks(), none());
}

#[test]
fn a_removal_and_a_disable_take_an_administrator_away() {
    let gone = World::thoughtspot().source(admins(&["a"])).target([group("Administrator")]).target(admins(&["a", "b"]));
    assert_eq!(bench(gone).marks(), TRIPPED);
    let off = World::file()
        .can(|can| can.admin_groups = &["Administrator"])
        .source([group("Administrator"), user("a"), user("b").active(false)])
        .target([group("Administrator")])
        .target(admins(&["a", "b"]));
    assert_eq!(bench(off).limits("privileged: off").marks(), TRIPPED);
}

#[test]
fn administrators_through_nesting_count() {
    let nested = |wanted: [&str; 1], members: Vec<Draft>| {
        World::thoughtspot()
            .source([group("ops").in_groups(wanted.into_iter().filter(|name| !name.is_empty()))])
            .source(members.clone())
            .target([group("Administrator"), group("ops").groups(["Administrator"])])
            .target(members)
    };
    let ops = || vec![user("a").groups(["ops"]), user("b").groups(["ops"])];
    assert_eq!(bench(nested(["Administrator"], ops())).marks(), none());
    assert_eq!(bench(nested([""], ops())).marks(), TRIPPED, "the group that made them so is taken out");
    let deleted = World::thoughtspot()
        .source([user("a").groups([]), user("b").groups([])])
        .target([group("Administrator"), group("ops").groups(["Administrator"]), group("z"), group("y")])
        .target(ops());
    assert_eq!(bench(deleted).limits("{ removals: off, budget: off }").marks(), TRIPPED, "or deleted");
}

#[test]
fn a_target_without_administrators_has_no_such_limit() {
    let state = bench(World::file().source([user("a")])).state(GuardName::Admins, "");
    assert_eq!(
        (state.state, state.rule.as_str()),
        (crate::guard::State::Off, "this target has no administrator groups")
    );
}

#[test]
fn the_number_is_a_setting() {
    let three = |limits: &str| left(&["a", "b", "c"], &["a", "b"]).limits(limits).marks();
    assert_eq!(three("{ admins: { keep: 3 } }"), TRIPPED);
    assert_eq!(three("{ admins: off }"), none());
}
