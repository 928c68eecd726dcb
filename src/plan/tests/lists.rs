//! What a plan counts and forecasts.

use super::build::{World, group, user};
use crate::plan::{Batch, Cost, First, Forecast, HoldCode, Membership, summary};

#[test]
fn a_summary_counts_each_list_by_kind() {
    let world = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .protect("user:svc")
        .source([
            group("a"),
            group("b").groups(["a"]),
            user("ada").groups(["a", "b"]),
            user("bob").groups(["b"]),
            user("cy"),
            user("svc").mail("m"),
        ])
        .target([
            group("a"),
            user("bob").groups(["a"]),
            user("cy"),
            user("eve").groups(["a"]),
            user("idle"),
            user("svc"),
        ]);
    let counts = summary(&world.plan(), []);
    assert_eq!((counts.groups.create, counts.groups.memberships.add, counts.groups.unchanged), (1, 1, 1));
    let users = counts.users;
    assert_eq!((users.create, users.update, users.strip, users.retain, users.held), (1, 1, 1, 1, 1));
    assert_eq!((users.memberships.add, users.memberships.remove, users.unchanged), (3, 2, 1));
}

#[test]
fn a_forecast_is_of_calls_at_the_rate_of_the_target() {
    let cost = Cost { fixed: 6, change: 2, transfer: 10, rate: 5, ..Cost::NOTHING };
    let world = World::thoughtspot()
        .can(|can| can.cost = cost)
        .policy(|policy| policy.leavers.transfer_to = Some("heir".into()));
    assert_eq!(Forecast::of(&world.plan(), &world.can, 9, 9), Forecast::default(), "nothing to do costs nothing");
    let world = world.source([user("heir"), user("ada")]).target([user("heir"), user("eve")]);
    assert_eq!(
        Forecast::of(&world.plan(), &world.can, 9, 9),
        Forecast { calls: 6 + 1 + 2 + 10, seconds: 4 },
        "to make somebody takes one call"
    );
}

#[test]
fn where_changes_are_steps_the_forecast_counts_steps_and_two_readings() {
    let cost = Cost { change: 1, page: Some(100), group_read: 1, rate: 10, ..Cost::NOTHING };
    let world = World::file()
        .can(|can| {
            can.cost = cost;
            can.batch = Batch::Steps(Membership::OnGroup { join: 2, leave: 1, overlap: false });
        })
        .source([group("x"), user("a").groups(["x"]), user("b").groups(["x"]), user("c").groups(["x"])])
        .target([]);
    // 4 creates, 2 joins of at most 2 members; 3 pages of users, 1 of groups and 5 groups, and then one group more.
    let calls = 6 + (3 + 1 + 5) + (3 + 1 + 6);
    assert_eq!(Forecast::of(&world.plan(), &world.can, 250, 5), Forecast { calls, seconds: 3 });
}

#[test]
fn only_what_the_guard_holds_makes_an_apply_partial() {
    use HoldCode as Code;
    let by_guard = [Code::UnprovenSource, Code::Privileged, Code::GroupRemovals, Code::ConfigChange];
    let others = [
        Code::Protected,
        Code::OtherOwner,
        Code::TargetCannot,
        Code::NotAllowed,
        Code::ReusedName,
        Code::AmbiguousMatch,
    ];
    assert!(by_guard.into_iter().all(HoldCode::by_guard));
    assert!(!others.into_iter().any(HoldCode::by_guard));
}
