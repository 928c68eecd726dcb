//! Promises of the plan, in small worlds that nobody thought of.

use proptest::prelude::*;

use super::tell;
use super::worlds::{Sketch, after, sketches};
use crate::plan::{Action, Change, HoldCode, Ownership, Plan, Wanted, applied};
use crate::principal::{Kind, PatternSet, Principal, PrincipalSet};

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_input_gives_the_same_plan(sketch in sketches()) {
        let (a, b) = (sketch.world().plan(), sketch.world().plan());
        prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(sketch in sketches(), seed: u64) {
        let told = tell::lines(&sketch.world().plan());
        prop_assert_eq!(told, tell::lines(&sketch.shuffled(seed).plan()));
    }

    #[test]
    fn after_an_apply_a_second_plan_is_empty(sketch in sketches()) {
        let mut world = sketch.world();
        let first = world.plan();
        // A name that a rename frees is given away by the next run only.
        let waits = first.held.iter().any(|held| matches!(held.code, HoldCode::ReusedName | HoldCode::AmbiguousMatch));
        let mut story = vec![tell::lines(&first)];
        world = after(&world, &first);
        for _ in 0..if waits { 4 } else { 0 } {
            let plan = world.plan();
            story.push(tell::lines(&plan));
            world = after(&world, &plan);
        }
        let last = world.plan();
        prop_assert!(last.is_empty(), "{story:#?}\nlast {:#?}", tell::lines(&last));
    }

    #[test]
    fn who_is_not_to_be_touched_is_in_no_change(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let shield = PatternSet::new(world.policy.protect.iter().chain(&world.can.system), world.can.rules);
        for change in &plan.changes {
            let names = [Some(change.name()), change.detail().new_name.as_deref()];
            for name in names.into_iter().flatten() {
                let key = world.can.rules.key(change.kind(), name);
                prop_assert!(!shield.matches(change.kind(), &key), "{}", tell::line(change, &plan.names));
                prop_assert!(!world.can.is_implicit(change.kind(), &key));
            }
            let key = world.can.rules.key(change.kind(), change.name());
            let foreign = world.ledger.other_owner(change.kind(), &key).is_some();
            prop_assert!(!foreign || change.action() == Action::Create, "{}", tell::line(change, &plan.names));
            let unowned = world.policy.ownership == Ownership::Managed && world.ledger.owned(change.kind(), &key).is_none();
            let leaves = change.action().removes() && change.reason != crate::plan::ReasonCode::Inactive;
            prop_assert!(!(unowned && leaves), "{}", tell::line(change, &plan.names));
        }
    }

    #[test]
    fn an_unproven_reading_removes_nobody_and_takes_nobody_out(sketch in sketches()) {
        let plan = sketch.world().unproven().plan();
        for change in &plan.changes {
            prop_assert!(!change.action().removes() && change.leaves().is_empty(), "{}", tell::line(change, &plan.names));
            let (before, after) = (change.before(), change.after().unwrap());
            let kept = before.into_iter().flat_map(Principal::group_refs);
            prop_assert!(kept.into_iter().all(|group| after.group_refs().contains(group)));
        }
    }

    #[test]
    fn a_principal_is_in_one_change_and_what_is_told_after_is_what_comes(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let mut ids: Vec<_> = plan.changes.iter().map(Change::id).collect();
        let all = ids.len();
        ids.dedup();
        prop_assert_eq!(ids.len(), all, "{:#?}", tell::lines(&plan));
        let after = state_after(&plan, world.current().set, &world);
        let gone = |change: &&Change| change.action() == Action::Delete && change.kind() == Kind::Group;
        let quiet = !plan.changes.iter().any(|change| gone(&change) || change.detail().new_name.is_some());
        for change in &plan.changes {
            let Some(told) = change.after() else { continue };
            let found = after.get(change.kind(), &world.can.rules.key(change.kind(), &told.name)).unwrap();
            if quiet {
                prop_assert_eq!(tell::json(told, &plan.names), tell::json(&found.principal, after.names()));
            }
        }
    }

    #[test]
    fn nobody_is_forgotten(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let current = world.current().set;
        for record in world.desired().set.records() {
            let key = record.key();
            let there = current.get(record.kind(), key).is_some();
            let name = &record.principal.name;
            let creates = |change: &Change| {
                change.kind() == record.kind()
                    && (change.name() == name || change.detail().new_name.as_deref() == Some(name))
            };
            let held = plan.held.iter().any(|held| {
                matches!(held.wanted, Wanted::Action(_)) && held.kind == record.kind()
            });
            let inactive = record.kind() == Kind::User && !record.principal.is_active();
            let implicit = world.can.is_implicit(record.kind(), key);
            prop_assert!(there || inactive || implicit || held || plan.changes.iter().any(creates), "{name}: {:#?}", tell::lines(&plan));
        }
    }
}

fn state_after(plan: &Plan, current: PrincipalSet, world: &super::build::World) -> PrincipalSet {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    applied(current, &changes, &plan.names, world.can.rules)
}

#[test]
fn the_worlds_are_not_all_dull() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..400 {
        let sketch: Sketch = sketches().new_tree(&mut runner).unwrap().current();
        let plan = sketch.world().plan();
        seen.extend(plan.changes.iter().map(|change| change.action().word()));
        seen.extend(plan.held.iter().map(|held| held.wanted.word()).filter(|word| *word == "update"));
        seen.extend((!plan.retained.is_empty()).then_some("retain"));
    }
    let all = ["create", "delete", "disable", "enable", "rename", "retain", "strip", "update"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}
