//! The server says beforehand what it would change: any surprise stops the write.

use rollcall::sandbox::thoughtspot::{ListMail, Switches, UnknownGroup, UpdatedLists};
use rollcall::sandbox::{Fault, FaultKind, RateLimit};

use crate::support::{World, people, user};

fn changed() -> World {
    let world = World::settled(&people(12), "ownership: all, removeDeleted: true");
    let mut source = people(11);
    source[1]["displayName"] = "Changed".into();
    world.source(&source);
    world
}

#[test]
fn a_server_that_lists_every_match_is_not_believed_without_the_setting() {
    let world = changed();
    world.cluster.switch(|switches| switches.updated_lists = UpdatedLists::Matches);
    let run = world.run("apply --yes").exits(1);
    run.says("usersUpdated has").says("which the plan has not").says("updatedLists");
    world.nothing_written();
    let config = world.app.read("rollcall.yaml").replace("username:", "updatedLists: matches\n      username:");
    world.app.configure(&config);
    world.run("apply --yes").exits(0);
    assert_eq!(world.cluster.find("u012"), None);
    world.is_settled();
}

#[test]
fn a_server_that_lists_only_differences_is_fine_with_the_setting() {
    let world = changed();
    let config = world.app.read("rollcall.yaml").replace("username:", "updatedLists: matches\n      username:");
    world.app.configure(&config);
    world.run("apply --yes").exits(0);
    world.is_settled();
}

/// Somebody is added after the last reading and before the write: the payload does not have her, so she would go.
#[test]
fn somebody_who_came_in_between_is_not_lost() {
    let world = changed();
    world.cluster.inject(Fault::once("user/sync", FaultKind::Latency { millis: 1500 }).when_applying(false));
    let apply = world.app.begin("apply --yes");
    world.cluster.await_request("user/sync", 1);
    world.cluster.add(user("just-came", &["staff"]));
    apply.end().exits(1).says("usersDeleted has `just-came`, which the plan has not").says("hint:");
    assert!(world.cluster.find("just-came").is_some() && world.cluster.find("u012").is_some());
    world.nothing_written();
}

#[test]
fn both_flags_are_always_sent() {
    let world = changed();
    world.run("apply --yes").exits(0);
    world.rules("ownership: all, removeDeleted: false");
    world.source(&people(13));
    world.run("apply --yes").exits(0);
    let calls: Vec<_> = world.cluster.journal().into_iter().filter(|entry| entry.operation == "user/sync").collect();
    assert_eq!(calls.len(), 4);
    for call in calls {
        assert_eq!(call.parts, ["principals", "applyChanges", "removeDeleted"]);
        assert!(call.warnings.is_empty(), "{call:?}");
    }
}

#[test]
fn one_apply_is_a_handful_of_calls() {
    let world = changed();
    let forecast = world.run("plan --format json").exits(0).document()["forecast"]["calls"].as_u64().unwrap();
    world.cluster.clear_journal();
    world.run("apply --yes").exits(0);
    let calls: Vec<_> = world.cluster.journal().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(calls, ["session/login", "user/list", "user/list", "user/sync", "user/sync", "user/list"]);
    assert_eq!(forecast, 6);
}

/// Whatever the vendor's pages leave open, nobody else is touched and the second plan is empty.
#[test]
fn every_way_in_which_a_cluster_may_differ() {
    let ways: [fn(&mut Switches); 6] = [
        |switches| switches.protect_system = false,
        |switches| switches.unknown_group = UnknownGroup::Create,
        |switches| switches.omit_description = true,
        |switches| switches.list_mail = ListMail::WhenSet,
        |switches| switches.activate = true,
        |switches| switches.rate_limit = Some(RateLimit { per_second: 4, burst: 1 }),
    ];
    for (at, way) in ways.into_iter().enumerate() {
        let world = World::new(&people(12), &[user("byhand", &[])], "ownership: managed, removeDeleted: true");
        world.cluster.switch(way);
        let system = world.cluster.system();
        world.run("apply --yes").exits(0);
        world.is_settled();
        world.source(&people(11));
        world.run("apply --yes").exits(0);
        world.is_settled();
        assert_eq!(world.cluster.system(), system, "way {at}");
        assert_eq!(world.cluster.residents().len(), 13, "way {at}");
    }
}
