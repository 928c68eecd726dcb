//! Members that one group would lose: those memberships are held, the rest goes on.

use super::bench::{Bench, bench, bent, none};
use crate::guard::{GuardName, Verdict};
use crate::plan::Memberships;
use crate::plan::tests::build::{World, group};

/// Group `x` of `all` members, of whom the source takes `lost` out; `removed` more leave the target themselves.
fn losing(all: usize, lost: usize, removed: usize) -> Bench {
    let world = World::file()
        .policy(|policy| policy.memberships = Memberships::Exact)
        .source([group("x")])
        .source(bent(0..lost, |draft| draft.groups([])))
        .source(bent(lost..all - removed, |draft| draft.groups(["x"])))
        .target([group("x")])
        .target(bent(0..all, |draft| draft.groups(["x"])));
    bench(world).limits("updates: off")
}

#[test]
fn a_group_of_fifty_may_lose_thirty_percent() {
    assert_eq!(losing(50, 15, 0).marks(), none());
    assert_eq!(losing(50, 16, 0).marks(), ["groupRemovals of group x: held"]);
    assert_eq!(losing(49, 49, 0).marks(), none(), "a small group may be emptied");
    assert_eq!(losing(50, 15, 0).measure(GuardName::GroupRemovals, "group x"), (Some(15), Some(15), Some(0)));
}

#[test]
fn what_is_held_stays_and_the_rest_goes_on() {
    let held = losing(50, 16, 0);
    let review = held.review();
    assert_eq!(review.verdict, Verdict::Held);
    let plan = review.plan();
    assert!(plan.changes.is_empty(), "an update of which nothing is left is none");
    assert_eq!(plan.held.len(), 16);
    assert_eq!(plan.held[0].reason, "the group would lose 16 of 50 members");
    assert_eq!(held.story()[0], "hold user u0000: leave x (group-removals)");
    assert_eq!(plan.bases.users.unchanged, 50);
    assert!(held.review().approved().is_some());
}

#[test]
fn members_who_are_removed_themselves_do_not_count() {
    assert_eq!(losing(60, 15, 3).marks(), none());
    assert_eq!(losing(60, 18, 3).marks(), none());
    assert_eq!(losing(60, 19, 3).marks(), ["groupRemovals of group x: held"]);
}

#[test]
fn who_is_disabled_and_taken_out_at_once_does_not_count_either() {
    let world = World::file()
        .source([group("x")])
        .source(bent(0..5, |draft| draft.groups([]).active(false)))
        .source(bent(5..20, |draft| draft.groups([])))
        .source(bent(20..60, |draft| draft.groups(["x"])))
        .target([group("x")])
        .target(bent(0..60, |draft| draft.groups(["x"])));
    assert_eq!(bench(world).measure(GuardName::GroupRemovals, "group x"), (Some(18), Some(15), Some(3)));
}

#[test]
fn the_groups_own_delete_does_not_count() {
    let world = World::file()
        .source([group("y")])
        .source(bent(0..60, |draft| draft.groups(["y"])))
        .target([group("y"), group("x"), group("z"), group("w")])
        .target(bent(0..60, |draft| draft.groups(["x", "y"])));
    let limits = "{ updates: off, removals: off, budget: off }";
    assert_eq!(bench(world).limits(limits).marks(), none());
}

#[test]
fn other_limits_measure_what_is_left() {
    let held = losing(60, 40, 0).limits("updates: { percent: 10 }");
    assert_eq!(held.marks(), ["groupRemovals of group x: held"], "held updates are no updates");
}

#[test]
fn lifted_they_go_on() {
    let lifted = losing(50, 16, 0).lift("groupRemovals");
    assert_eq!(lifted.review().verdict, Verdict::Pass);
    assert_eq!(lifted.story().len(), 16);
    let state = lifted.state(GuardName::GroupRemovals, "group x");
    assert_eq!((state.headroom, state.lifted.as_deref()), (Some(-1), Some("we know")));
}
