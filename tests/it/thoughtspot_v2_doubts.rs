//! Searches of API v2 that are not whole, and a cluster that says no: nobody is taken for gone.

use rollcall::sandbox::thoughtspot::v2::{ErrorShape, ReleaseVersion};
use rollcall::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{Run, WorldV2, people, user, with};

const RULES: &str = "ownership: all, removeDeleted: true, guard: { removals: off, budget: off }";

/// Twelve people who are in the cluster, of whom four have left.
fn leaving() -> WorldV2 {
    let world = WorldV2::settled(&people(12), "", RULES);
    world.source(&people(8));
    world
}

#[track_caller]
fn is_refused(world: &WorldV2, why: &str) -> Run {
    world.cluster.clear_journal();
    let run = world.run("apply --yes").exits(1).complains(why);
    world.nothing_written();
    run
}

#[test]
fn an_empty_page_is_never_taken_for_the_end() {
    let world = leaving();
    for from in [0, 3, 7, 15] {
        world.switch(|switches| switches.empty_page = Some(from));
        is_refused(&world, "empty");
    }
    world.switch(|switches| switches.empty_page = None);
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn a_page_that_breaks_off_is_found_out_wherever_it_does() {
    let world = leaving();
    for last in [1, 2, 3, 4, 7, 15] {
        world.switch(|switches| switches.truncated_page = Some(last));
        is_refused(&world, "not whole");
    }
    world.switch(|switches| switches.truncated_page = None);
    world.run("apply --yes").exits(0);
}

#[test]
fn a_page_that_is_repeated_is_found_out() {
    let world = leaving();
    for operation in ["users/search", "groups/search"] {
        let members = json!({"record_offset": 0}).as_object().unwrap().clone();
        let repeated = Fault::once(operation, FaultKind::Rewrite { members }).after(1).times(9);
        world.cluster.inject(repeated);
        is_refused(&world, "rows moved");
        world.cluster.clear_faults();
    }
}

#[test]
fn a_size_that_is_ignored_does_no_harm() {
    let world = leaving();
    let members = json!({"record_size": 2}).as_object().unwrap().clone();
    world.cluster.inject(Fault::once("users/search", FaultKind::Rewrite { members }).times(99));
    world.run("apply --yes").exits(0);
    assert!(world.cluster.find("u009").is_none() && world.cluster.find("u008").is_some());
}

#[test]
fn who_comes_in_between_two_pages_makes_all_be_read_again() {
    let world = leaving();
    world.switch(|switches| switches.insert_between_pages = Some(2));
    let plan = world.plan();
    let gone: Vec<String> =
        ["!late1", "!late2", "u009", "u010", "u011", "u012"].map(|name| format!("delete user:{name}")).into();
    assert_eq!(plan.changes(), gone, "nobody is missed, and nobody twice");
}

#[test]
fn an_account_that_is_not_shown_and_a_list_without_the_system_are_refused() {
    let world = leaving();
    let some = json!([{"id": "1", "name": "u001", "user_groups": [], "orgs": [{"id": 0}]}]).to_string();
    let listed = FaultKind::Status {
        code: 200,
        retry_after: None,
        body: Some(some),
        content_type: Some("application/json".into()),
    };
    world.cluster.inject(Fault::once("users/search", listed).times(99));
    is_refused(&world, "not whole");
}

#[test]
fn a_group_that_is_gone_and_still_named_is_passed_over() {
    let world = leaving();
    world.switch(|switches| switches.dangling_group = true);
    world.run("check").exits(0).says("1 groups that are gone are still named by members");
    world.run("apply --yes").exits(0);
    world.is_settled();
}

#[test]
fn no_filter_by_org_is_ever_sent() {
    let world = leaving();
    world.switch(|switches| switches.org_filter_404 = true);
    world.run("apply --yes").exits(0);
}

#[test]
fn refusals_are_told_in_both_shapes() {
    for shape in [ErrorShape::Live, ErrorShape::Spec] {
        let world = WorldV2::new(&[user("ada", &[]), user("bob", &[])], &[], "", RULES);
        world.switch(|switches| {
            switches.error_shape = shape;
            switches.password_needed = true;
        });
        let saml = with(user("ada", &[]), "principalTypeEnum", "SAML_USER");
        world.source(&[saml, user("bob", &[])]);
        world.fault("users/create", FaultKind::Status { code: 403, retry_after: None, body: None, content_type: None });
        let run = world.run("apply --yes").exits(4);
        assert!(run.out.contains("fault ordered: status 403 (code 10000, incident "), "{shape:?}: {run}");
    }
}

#[test]
fn a_name_that_is_taken_since_is_told_whatever_the_status() {
    for status in [400, 409] {
        let world = WorldV2::new(&[user("ada", &[]), user("bob", &[])], &[], "", RULES);
        world.switch(|switches| switches.duplicate_status = status);
        // The answer is lost after the deed, and then the deed is refused: nothing is sent twice, so that it never is.
        world.fault("users/create", FaultKind::CutAfter);
        world.run("apply --yes").exits(0);
        assert_eq!(world.cluster.count("users/create"), 2);
    }
}

#[test]
fn who_is_gone_already_is_gone() {
    for status in [400, 404] {
        let world = leaving();
        world.switch(|switches| switches.missing_status = status);
        // Somebody else deletes the first of the leavers while the reading is on its way to the plan.
        let id = world.cluster.find("u009").unwrap().id;
        let body = json!({"error": {"message": {"debug": {"code": 13003, "debug": "[\"nobody\",\"\"]"}}}}).to_string();
        let gone = FaultKind::Status {
            code: status,
            retry_after: None,
            body: Some(body),
            content_type: Some("application/json".into()),
        };
        world.fault(&format!("users/{id}/delete"), gone);
        let run = world.run("apply --yes");
        assert!(run.out.contains("it was gone already") || run.out.contains("does not show it"), "{run}");
        world.run("apply --yes").exits(0);
        world.is_settled();
    }
}

#[test]
fn a_cluster_that_does_not_tell_its_release_is_used_all_the_same() {
    let world = leaving();
    world.switch(|switches| switches.release_version = ReleaseVersion::Null);
    world.run("check").exits(0).says("does not tell its release");
    world.switch(|switches| switches.release_version = ReleaseVersion::Word);
    world.run("check").exits(0).says("release test");
}

#[test]
fn rows_without_nulls_and_without_flags_are_read_as_well() {
    let world = leaving();
    world.switch(|switches| {
        switches.nulls = false;
        switches.system_flags = false;
    });
    let plan = world.plan();
    assert_eq!(plan.changes(), ["u009", "u010", "u011", "u012"].map(|name| format!("delete user:{name}")));
}

#[test]
fn whom_the_product_calls_a_super_user_is_protected_unless_the_setting_says_otherwise() {
    let boss = || with(user("boss", &["Administrator"]), "displayName", "Boss");
    let world = WorldV2::new(&people(3), &[boss()], "", RULES);
    world.switch(|switches| switches.administrators_are_super_users = true);
    let plan = world.plan();
    assert!(!plan.changes().contains(&"delete user:boss".to_owned()), "{plan}");
    world.configure("superUsers: manage", RULES);
    assert!(world.plan().changes().contains(&"delete user:boss".to_owned()), "{}", world.plan());
}
