//! `removals`, `creations`, `updates`, `clears`.

use super::bench::{bench, bent, crowd, none, shrunk};
use crate::guard::{GuardName, State};
use crate::plan::tests::build::{World, group, user};
use crate::plan::{First, Ownership};

const TRIPPED: [&str; 1] = ["removals of users: tripped"];

#[test]
fn removals_trip_above_the_share() {
    assert_eq!(bench(shrunk(100, 20)).marks(), none());
    assert_eq!(bench(shrunk(100, 21)).marks(), TRIPPED);
    assert_eq!(bench(shrunk(100, 20)).measure(GuardName::Removals, "users"), (Some(20), Some(20), Some(0)));
    assert_eq!(bench(shrunk(100, 21)).measure(GuardName::Removals, "users"), (Some(20), Some(21), Some(-1)));
    assert_eq!(bench(shrunk(10, 2)).marks(), none(), "a share is of ten and more");
    assert_eq!(bench(shrunk(10, 3)).marks(), TRIPPED);
    assert_eq!(bench(shrunk(14, 2)).marks(), none());
    assert_eq!(bench(shrunk(14, 3)).marks(), TRIPPED, "20 % of 14 is 2.8, and 3 is more");
}

#[test]
fn a_small_set_may_lose_one_or_a_fifth_but_never_the_last() {
    for (all, gone, trips) in [
        (1, 1, true),
        (2, 1, false),
        (2, 2, true),
        (5, 1, false),
        (5, 2, true),
        (9, 1, false),
        (9, 2, true),
        (9, 9, true),
    ] {
        assert_eq!(bench(shrunk(all, gone)).marks().len(), usize::from(trips), "{gone} of {all}");
    }
    let wide = "{ removals: { percent: 100 }, budget: off }";
    assert_eq!(bench(shrunk(100, 99)).limits(wide).marks(), none());
    assert_eq!(bench(shrunk(100, 100)).limits(wide).marks(), TRIPPED, "the last one always");
}

#[test]
fn removals_trip_above_the_count() {
    let world = |gone| World::thoughtspot().source(crowd(gone..3_000)).target(crowd(0..3_000));
    assert_eq!(bench(world(500)).marks(), none());
    assert_eq!(bench(world(501)).marks(), TRIPPED);
    assert_eq!(bench(world(501)).limits("removals: { count: 501 }").marks(), none());
}

#[test]
fn disables_and_strips_are_removals_and_kinds_are_apart() {
    let file = World::file().source(crowd(3..10)).target(crowd(0..10));
    assert_eq!(bench(file).marks(), TRIPPED);
    let strip = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([group("x")])
        .source(crowd(3..10))
        .target([group("x")])
        .target(bent(0..10, |draft| draft.groups(["x"])));
    assert_eq!(bench(strip).marks(), TRIPPED);
    let inactive =
        World::file().source(bent(0..3, |draft| draft.active(false))).source(crowd(3..10)).target(crowd(0..10));
    assert_eq!(bench(inactive).marks(), TRIPPED, "of the source's own wish too");
    let groups = World::file().source(crowd(0..9)).target(crowd(0..9)).target([group("a"), group("b")]);
    assert_eq!(bench(groups).marks(), ["removals of groups: tripped"]);
}

#[test]
fn the_share_is_of_what_this_sync_could_remove() {
    let managed = |owned: usize| {
        let mut world = shrunk(100, 3).policy(|policy| policy.ownership = Ownership::Managed);
        for number in 0..owned {
            world = world.owned(&format!("user:u{number:04}"), "");
        }
        world
    };
    assert_eq!(bench(managed(10)).marks(), TRIPPED, "3 of 10");
    assert_eq!(bench(managed(15)).marks(), none(), "3 of 15");
    let protected = shrunk(20, 4).protect("user:u001*");
    assert_eq!(bench(protected).marks(), TRIPPED, "4 of 10");
}

#[test]
fn creations_trip_above_the_share_and_the_count() {
    let world = |there, new: usize| World::thoughtspot().source(crowd(0..there + new)).target(crowd(0..there));
    let tripped = ["creations of users: tripped"];
    assert_eq!(bench(world(20, 10)).marks(), none());
    assert_eq!(bench(world(20, 11)).marks(), tripped);
    assert_eq!(bench(world(19, 1_000)).marks(), none(), "a small target may grow");
    assert_eq!(bench(world(2_000, 500)).marks(), none());
    assert_eq!(bench(world(2_000, 501)).marks(), tripped);
    assert_eq!(bench(world(20, 11)).never_completed().marks(), none(), "not before one apply is done");
    let uncounted = bench(world(20, 11)).never_completed().state(GuardName::Creations, "users");
    assert_eq!((uncounted.state, uncounted.value, uncounted.limit), (State::Ok, Some(11), None));
    assert_eq!(bench(world(20, 10)).measure(GuardName::Creations, "users"), (Some(10), Some(10), Some(0)));
}

#[test]
fn updates_trip_above_the_share() {
    let world = |all, changed: usize| {
        World::thoughtspot()
            .source(bent(0..changed, |draft| draft.mail("new")))
            .source(crowd(changed..all))
            .target(crowd(0..all))
    };
    let tripped = ["updates of users: tripped"];
    assert_eq!(bench(world(50, 25)).marks(), none());
    assert_eq!(bench(world(50, 26)).marks(), tripped);
    assert_eq!(bench(world(49, 49)).marks(), none());
    assert_eq!(bench(world(50, 26)).limits("updates: { percent: 52 }").marks(), none());
}

#[test]
fn a_rename_and_an_enable_are_updates() {
    let mut renamed = World::file();
    for number in 0..26 {
        let (old, new, id) = (format!("o{number}"), format!("n{number}"), format!("i{number}"));
        renamed = renamed.owned(&format!("user:{old}"), &id).source([user(&new).id(&id)]).target([user(&old)]);
    }
    let rest = || crowd(0..24);
    assert_eq!(bench(renamed.source(rest()).target(rest())).marks(), ["updates of users: tripped"]);
    let enabled = World::file()
        .source(bent(0..26, |draft| draft.active(true)))
        .source(crowd(26..50))
        .target(bent(0..26, |draft| draft.active(false)))
        .target(crowd(26..50));
    assert_eq!(bench(enabled).marks(), ["updates of users: tripped"]);
}

#[test]
fn clears_trip_above_the_share() {
    let world = |all, cleared: usize| {
        World::thoughtspot()
            .source(bent(0..cleared, |draft| draft.mail("")))
            .source(bent(cleared..all, |draft| draft.mail("m")))
            .target(bent(0..all, |draft| draft.mail("m")))
    };
    let tripped = ["clears of users: tripped"];
    assert_eq!(bench(world(20, 4)).marks(), none());
    assert_eq!(bench(world(20, 5)).marks(), tripped);
    assert_eq!(bench(world(19, 19)).marks(), none());
    assert_eq!(bench(world(20, 5)).limits("clears: off").marks(), none());
}

#[test]
fn shares_are_exact_numbers() {
    for (all, percent, most) in [(100, "7", 7), (100, "29", 29), (1_000, "0.3", 3), (10, "0", 0), (300, "33.333", 99)] {
        let limits = format!("{{ removals: {{ percent: {percent} }}, budget: off }}");
        assert_eq!(bench(shrunk(all, most)).limits(&limits).marks(), none(), "{most} of {all}");
        assert_eq!(bench(shrunk(all, most + 1)).limits(&limits).marks(), TRIPPED, "{} of {all}", most + 1);
    }
}
