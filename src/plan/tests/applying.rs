//! What the state is after some changes.

use super::build::{World, group, set_of, user};
use super::tell;
use crate::plan::{Change, First, Plan, applied};
use crate::principal::{CaseRules, PrincipalSet};

fn lines(set: &PrincipalSet) -> Vec<String> {
    set.records().iter().map(|record| tell::json(&record.principal, set.names())).collect()
}

fn after(world: &World, plan: &Plan) -> PrincipalSet {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    applied(world.current().set, &changes, &plan.names, world.can.rules)
}

#[test]
fn every_action_does_what_it_says() {
    let world = World::file()
        .policy(|policy| policy.leavers.users = Some(First::Strip))
        .source([
            group("new name").id("g"),
            user("ada").groups(["new name"]).id("1"),
            user("back").active(true),
            user("off").active(false),
            user("robert").id("2").mail("").groups(["new name"]),
        ])
        .target([
            group("doomed"),
            group("old name"),
            user("back").active(false),
            user("bob").mail("b@x").groups(["doomed"]),
            user("gone").groups(["old name", "doomed"]),
            user("off"),
            user("stays in old").groups(["old name"]),
        ])
        .protect("user:stays*")
        .owned("group:old name", "g")
        .owned("user:bob", "2");
    let plan = world.plan();
    assert_eq!(
        lines(&after(&world, &plan)),
        [
            r#"{"name":"new name","principalTypeEnum":"LOCAL_GROUP"}"#,
            r#"{"name":"ada","displayName":"ada","principalTypeEnum":"LOCAL_USER","groupNames":["new name"]}"#,
            r#"{"name":"back","principalTypeEnum":"LOCAL_USER","active":true}"#,
            r#"{"name":"gone","principalTypeEnum":"LOCAL_USER","groupNames":[]}"#,
            r#"{"name":"off","principalTypeEnum":"LOCAL_USER","active":false}"#,
            r#"{"name":"robert","mail":"","principalTypeEnum":"LOCAL_USER","groupNames":["new name"]}"#,
            r#"{"name":"stays in old","principalTypeEnum":"LOCAL_USER","groupNames":["new name"]}"#,
        ]
    );
}

#[test]
fn a_change_is_applied_to_the_principal_as_it_is_by_then() {
    let world = World::file().source([user("ada").mail("new")]).target([user("ada").mail("old")]);
    let plan = world.plan();
    let later = set_of([user("zoe"), user("ada").mail("old").description("since").groups(["since"])], CaseRules::EXACT);
    let changes: Vec<&Change> = plan.changes.iter().collect();
    assert_eq!(
        lines(&applied(later, &changes, &plan.names, CaseRules::EXACT)),
        [
            r#"{"name":"ada","description":"since","mail":"new","principalTypeEnum":"LOCAL_USER","groupNames":["since"]}"#,
            r#"{"name":"zoe","principalTypeEnum":"LOCAL_USER"}"#,
        ]
    );
}

#[test]
fn members_that_we_do_not_know_are_kept() {
    let world =
        World::thoughtspot().source([user("ada").mail("new")]).target([user("Ada").mail("old").typed("SAML_USER")]);
    let plan = world.plan();
    let mut current = world.current().set;
    let (mut records, names) = std::mem::take(&mut current).into_parts();
    records[0].principal.extra = Some(r#""created":1.0"#.into());
    let current = PrincipalSet::build(records, names, world.can.rules).0;
    let changes: Vec<&Change> = plan.changes.iter().collect();
    let set = applied(current, &changes, &plan.names, world.can.rules);
    assert_eq!(set.records()[0].principal.extra.as_deref(), Some(r#""created":1.0"#));
    assert_eq!(lines(&set), [r#"{"name":"Ada","mail":"new","principalTypeEnum":"SAML_USER"}"#]);
}
