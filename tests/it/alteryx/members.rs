//! Who is in which group: failures that come as 200, additions that do not last, and namesakes.

use rollcall::sandbox::alteryx::{EmptyMembers, Outcome};
use rollcall::sandbox::{Fault, FaultKind, Product};
use serde_json::json;

use super::world::{RULES, World, error_of, person, team, there};

fn company() -> Vec<serde_json::Value> {
    vec![team("Finance"), person("ana", &["Finance"]), person("ben", &["Finance"]), person("cy", &["Finance"])]
}

#[test]
fn members_join_together_and_leave_one_by_one() {
    let mut people = company();
    people.push(team("Ops"));
    let world = World::settled(&people, "", RULES);
    people[1] = person("ana", &["Ops"]);
    people[2] = person("ben", &["Finance", "Ops"]);
    people[3] = person("cy", &[]);
    world.source(&people);
    world.apply();
    let mut wrote = world.wrote();
    wrote.sort();
    assert_eq!(wrote, ["DELETE usergroups/users", "DELETE usergroups/users", "POST usergroups/users"]);
    assert_eq!((world.groups_of("ana"), world.groups_of("cy")), (vec!["Ops".to_owned()], vec![]));
    assert_eq!(world.groups_of("ben"), ["Finance", "Ops"]);
    world.is_settled();
    world.configure("membersPerCall: 1", RULES);
    world.clear_journal();
    world.source(&company());
    world.apply();
    assert_eq!(world.wrote().iter().filter(|write| *write == "POST usergroups/users").count(), 2);
}

/// The trap: the answer is a 200, and somebody was not added.
#[test]
fn a_200_with_failed_members_is_no_success_and_says_why() {
    for reasons in [true, false] {
        let world = World::new(&company(), &json!({}), RULES);
        world.switch(|switches| {
            switches.refused_members = vec!["ben@example.org".into()];
            switches.send_reasons = reasons;
        });
        let report = world.apply_in_part();
        assert_eq!(
            report.outcomes(),
            [
                "done group:Finance",
                "done user:ana@example.org",
                "failed user:ben@example.org",
                "done user:cy@example.org"
            ]
        );
        let error = error_of(&report, "user:ben@example.org");
        let why = if reasons { "User could not be added" } else { "gives no reason" };
        assert!(error.contains("answered 200") && error.contains(why) && error.contains("`Finance`"), "{error}");
        assert_eq!((world.groups_of("ana").len(), world.groups_of("ben").len()), (1, 0));
        // The next run tries again, and finishes once the server lets it.
        world.switch(|switches| switches.refused_members.clear());
        assert_eq!(world.plan().changes(), ["update user:ben@example.org"]);
        world.apply();
        world.is_settled();
    }
}

#[test]
fn an_addition_that_is_counted_and_not_done_is_found_by_reading() {
    let world = World::new(&company(), &json!({}), RULES);
    world.switch(|switches| switches.lost_members = vec!["cy@example.org".into()]);
    let report = world.apply_in_part();
    let error = error_of(&report, "user:cy@example.org");
    assert!(error.contains("was read again and does not show it"), "{error}");
    assert_eq!(report.outcomes().iter().filter(|outcome| outcome.starts_with("done ")).count(), 3);
}

/// Whether somebody who is there already counts as added or failed is told nowhere: only the group tells.
#[test]
fn somebody_who_came_in_meanwhile_is_no_failure() {
    let world = World::settled(&company()[..3], "", RULES);
    world.source(&company());
    world.apply();
    let world = World::settled(&[team("Finance"), person("ana", &[])], "", RULES);
    world.source(&[team("Finance"), person("ana", &["Finance"])]);
    world.switch(|switches| {
        switches.present_member = Outcome::Failed;
        switches.empty_members = EmptyMembers::Absent;
    });
    // The answer is lost after the addition was done: the same addition would fail now.
    world.fault("POST usergroups/*", FaultKind::CutAfter);
    let report = world.apply();
    assert_eq!(report.outcomes(), ["done user:ana@example.org"]);
    assert_eq!(world.wrote(), ["POST usergroups/users"], "nothing is sent twice");
}

#[test]
fn an_inactive_user_is_put_into_no_group_and_told() {
    let seed = json!({"groups": [{"name": "Finance"}], "users": [
        {"email": "ana@example.org", "firstName": "ana", "lastName": "Example", "isActive": false}]});
    let world = World::new(&company()[..2], &seed, RULES);
    world.switch(|switches| switches.inactive_member = Outcome::Failed);
    let notes = world.plan()["notes"].to_string();
    assert!(notes.contains("`ana@example.org`: not active in the target"), "{notes}");
    world.apply();
    world.is_settled();
    assert!(world.groups_of("ana").is_empty());
}

#[test]
fn nobody_is_put_into_either_of_two_groups_of_one_name() {
    let seed = json!({"groups": [{"name": "Finance"}, {"name": "Finance"}, {"name": "Ops"}],
        "users": [there("ana", &["Ops"])]});
    let mut people = company();
    people[1] = person("ana", &["Finance"]);
    let world =
        World::new(&people, &seed, "removeDeleted: true, ownership: all, leavers: { users: { first: report } }");
    let plan = world.plan();
    assert_eq!(plan.held(), ["group:Finance create: ambiguous-match"]);
    let notes = plan["notes"].to_string();
    assert!(notes.contains("more than one group of the target is called so"), "{notes}");
    world.apply();
    let finance = world.installation().groups.into_iter().filter(|group| group.name == "Finance").count();
    assert_eq!(finance, 2);
    assert!(world.groups_of("ana").is_empty() && world.groups_of("ben").is_empty());
    assert!(world.run("check").exits(0).out.contains("more than one group is called so: `Finance`"));
    world.is_settled();
}

/// An empty list of groups would have all of them made once more, beside those that are there.
#[test]
fn a_list_of_groups_that_is_not_whole_makes_nothing() {
    let world = World::settled(&company(), "", RULES);
    for skip in [0, 1] {
        world.inject(Fault::once("GET usergroups", FaultKind::EmptyList).after(skip));
        world.run("apply --yes").exits(1).complains("changed while the members");
        world.clear_faults();
    }
    assert!(world.writes().is_empty());
    world.is_settled();
}

#[test]
fn a_group_that_cannot_be_read_is_an_error_and_not_an_empty_group() {
    let world = World::settled(&company(), "", RULES);
    let fault = FaultKind::Status { code: 404, retry_after: None, body: None, content_type: None };
    world.fault("GET usergroups/*", fault);
    world.run("apply --yes").exits(1).complains("reading the members of user group `Finance`");
    world.fault("GET usergroups/*", FaultKind::EmptyList);
    world.run("apply --yes").exits(1).complains("not the JSON that was expected");
    assert!(world.writes().is_empty());
}

/// A list of users without somebody who is in a group: nobody is made again.
#[test]
fn a_member_whom_the_list_of_users_lacks_is_asked_about() {
    let world = World::settled(&company(), "", RULES);
    let only_curators = json!({"role": "Curator"});
    let members = only_curators.as_object().unwrap().clone();
    world.fault("GET users", FaultKind::Rewrite { members });
    world.run("apply --yes").exits(1).complains("the list was not whole");
    assert!(world.writes().is_empty());
}
