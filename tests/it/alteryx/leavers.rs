//! Leavers: deactivated, put back, handed over, deleted.

use rollcall::sandbox::Product;
use rollcall::sandbox::alteryx::Outcome;
use serde_json::json;

use super::world::{RULES, World, error_of, person, remarks, team, with};

const DELETE: &str = "removeDeleted: true, ownership: managed, leavers: { users: { first: delete } }";

fn company() -> Vec<serde_json::Value> {
    vec![team("Finance"), team("Ops"), person("ana", &["Finance"]), person("eve", &["Finance", "Ops"])]
}

#[test]
fn a_leaver_is_deactivated_and_the_groups_that_are_lost_stand_in_the_report() {
    let world = World::settled(&company(), "", RULES);
    let ids = [world.team("Finance").id, world.team("Ops").id];
    world.source(&company()[..3]);
    let plan = world.plan();
    assert_eq!(plan.changes(), ["disable user:eve@example.org"]);
    assert!(plan["notes"].to_string().contains("loses every membership"), "{plan}");
    let report = world.apply();
    assert_eq!(
        remarks(&report),
        [format!("user:eve@example.org: the server took the user out of `Finance` ({}), `Ops` ({})", ids[0], ids[1])]
    );
    assert_eq!(world.wrote(), ["POST users/deactivate"]);
    let eve = world.person("eve");
    assert!(!eve.is_active && eve.groups.is_empty());
    world.is_settled();
    // Back again: a record that is sent whole, and memberships one by one.
    world.source(&company());
    assert_eq!(world.plan().changes(), ["enable user:eve@example.org"]);
    world.apply();
    assert_eq!((world.person("eve").is_active, world.groups_of("eve")), (true, vec!["Finance".into(), "Ops".into()]));
    assert_eq!(world.person("eve").id, eve.id);
    world.is_settled();
}

#[test]
fn whom_the_source_switches_off_is_deactivated_and_joins_nothing_until_the_return() {
    let world = World::settled(&company(), "", RULES);
    let mut people = company();
    people[3] = with(&with(&people[3], "active", false), "displayName", "Eve Gone");
    world.source(&people);
    assert_eq!(world.plan().changes(), ["disable user:eve@example.org"]);
    let report = world.apply();
    assert_eq!(remarks(&report).len(), 1, "{report}");
    let eve = world.person("eve");
    assert!(!eve.is_active && eve.groups.is_empty() && eve.last_name == "Gone");
    world.is_settled();
    people[3] = with(&company()[3], "active", true);
    world.source(&people);
    world.apply();
    assert_eq!(world.groups_of("eve"), ["Finance", "Ops"]);
    world.is_settled();
}

/// Somebody else switched her off, and the source says nothing of it: she is not put into her groups again and again.
#[test]
fn whoever_was_deactivated_by_hand_is_left_in_no_group() {
    for outcome in [Outcome::Failed, Outcome::Added] {
        let world = World::settled(&company(), "", RULES);
        world.switch(|switches| switches.inactive_member = outcome);
        world.deactivate("eve");
        world.is_settled();
        let told = world.plan()["notes"].to_string();
        assert!(
            told.contains("`eve@example.org`: not active in the target, of which the source says nothing"),
            "{told}"
        );
        let mut people = company();
        people[3] = with(&people[3], "displayName", "Eve Gone");
        world.source(&people);
        world.apply();
        assert_eq!((world.person("eve").last_name.as_str(), world.groups_of("eve").len()), ("Gone", 0));
        world.is_settled();
        // Once the source says so she is back, with her groups.
        people[3] = with(&people[3], "active", true);
        world.source(&people);
        assert_eq!(world.plan().changes(), ["enable user:eve@example.org"]);
        world.apply();
        assert_eq!(world.groups_of("eve"), ["Finance", "Ops"]);
        world.is_settled();
    }
}

#[test]
fn a_leaver_who_owns_something_is_not_deleted_and_stays_as_they_are() {
    let world = World::settled(&company(), "", DELETE);
    world.meddle("eve", |eve| {
        eve.assets =
            serde_json::from_value(json!({"workflows": [{"name": "Close"}], "schedules": [{"name": "x"}]})).unwrap();
    });
    world.source(&company()[..3]);
    let report = world.apply_in_part();
    let error = error_of(&report, "user:eve@example.org");
    assert!(error.contains("owns 1 schedules, 1 workflows") && error.contains("stays"), "{error}");
    assert!(world.person("eve").is_active && world.groups_of("eve").len() == 2);
    assert!(world.writes().is_empty());
}

#[test]
fn what_a_leaver_owns_is_handed_over_before_the_delete() {
    let heir = person("heir", &["Finance"]);
    let people = [company(), vec![heir]].concat();
    let rules =
        "removeDeleted: true, ownership: managed, leavers: { users: { first: delete, transferTo: heir@example.org } }";
    let world = World::settled(&people, "groupRoles: { Finance: Artisan }", rules);
    world.meddle("eve", |eve| {
        eve.assets =
            serde_json::from_value(json!({"workflows": [{"name": "Close"}], "schedules": [{"name": "x"}]})).unwrap();
    });
    let schedule = world.person("eve").assets.schedules[0].id.clone();
    world.source(&[&people[..3], &people[4..]].concat());
    let report = world.apply();
    assert_eq!(
        remarks(&report),
        [format!("user:eve@example.org: the transfer affects schedules, check them: {schedule}")]
    );
    assert_eq!(world.wrote(), ["PUT users/assetTransfer", "POST users/deactivate", "DELETE users"]);
    assert!(world.user("eve@example.org").is_none());
    assert_eq!(world.person("heir").assets.workflows.len(), 1);
    world.is_settled();
}

#[test]
fn a_receiver_who_may_not_receive_keeps_the_leaver() {
    let people = [company(), vec![person("heir", &[])]].concat();
    let rules =
        "removeDeleted: true, ownership: managed, leavers: { users: { first: delete, transferTo: heir@example.org } }";
    let world = World::settled(&people, "", rules);
    world.meddle("eve", |eve| {
        eve.assets = serde_json::from_value(json!({"workflows": [{"name": "Close"}]})).unwrap();
    });
    world.source(&[&people[..3], &people[4..]].concat());
    let report = world.apply_in_part();
    let error = error_of(&report, "user:eve@example.org");
    assert!(error.contains("neither an Artisan nor a Curator"), "{error}");
    assert!(world.person("eve").is_active && world.writes().is_empty());
}

#[test]
fn a_leaver_who_owns_nothing_is_taken_out_of_all_groups_and_deleted() {
    let world = World::settled(&company(), "", DELETE);
    // Somebody put eve into one more group that the sync knows nothing of.
    let mut all = world.installation();
    all.groups.push(serde_json::from_value(json!({"name": "by hand"})).unwrap());
    all.users
        .iter_mut()
        .filter(|user| user.first_name == "eve")
        .for_each(|eve| _ = eve.groups.insert("by hand".into()));
    world.seed(all).unwrap();
    world.source(&company()[..3]);
    world.apply();
    assert_eq!(world.wrote(), ["POST users/deactivate", "DELETE users"]);
    assert!(world.user("eve@example.org").is_none());
    world.is_settled();
}
