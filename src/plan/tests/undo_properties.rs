//! Taking a run back leads to where it began, in small worlds that nobody thought of.

use proptest::prelude::*;

use super::build::World;
use super::tell;
use super::worlds::{after, sketches};
use crate::plan::{Action, Change, Deed, Plan, applied, undo};
use crate::principal::{Kind, Principal, PrincipalSet};

fn take_back(plan: &Plan, left: &World) -> Plan {
    let deeds: Vec<_> = plan.changes.iter().map(|change| Deed { change, done: true }).collect();
    undo(&deeds, &plan.names, &left.current(), &left.policy, &left.can, &left.ledger)
}

/// What a target would show: nothing and an empty value are the same, and so are `All` and nothing.
fn shown(set: &PrincipalSet, world: &World) -> Vec<(Kind, String, String)> {
    let tell = |principal: &Principal| {
        let mut principal = principal.clone();
        for text in [&mut principal.display_name, &mut principal.description, &mut principal.mail] {
            text.take_if(|text| text.is_empty());
        }
        principal.active = Some(principal.is_active());
        principal.visibility = principal.visibility.or(Some(crate::principal::Visibility::Default));
        principal.attributes.take_if(|attributes| attributes.iter().all(|(_, value)| value == ""));
        let groups = principal.group_refs().iter().copied();
        principal.set_groups(groups.filter(|group| !world.can.implicit.contains(&set.names().name(*group))).collect());
        (principal.kind, principal.name.to_string(), tell::json(&principal, set.names()))
    };
    set.records().iter().map(|record| tell(&record.principal)).collect()
}

fn applied_to(world: &World, plan: &Plan) -> PrincipalSet {
    let changes: Vec<&Change> = plan.changes.iter().collect();
    applied(world.current().set, &changes, &plan.names, world.can.rules)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever is not as before is held, and said to be.
    #[test]
    fn an_undo_leads_to_where_the_run_began(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let left = after(&world, &plan);
        let back = take_back(&plan, &left);
        let before = shown(&world.current().set, &world);
        let now = shown(&applied_to(&left, &back), &world);
        let is_held = |kind: Kind, name: &str| back.held.iter().any(|held| held.kind == kind && held.name == name);
        for one in before.iter().chain(&now) {
            let (kind, name, told) = one;
            let both = before.contains(one) && now.contains(one);
            prop_assert!(
                both || is_held(*kind, name) || back.held.iter().any(|held| held.wanted.word() == "create"),
                "{told}\nrun {:#?}\nundo {:#?}\nbefore {before:#?}\nafter {now:#?}", tell::lines(&plan), tell::lines(&back)
            );
        }
        if back.held.is_empty() {
            prop_assert_eq!(&now, &before);
        }
    }

    #[test]
    fn an_undo_that_was_done_has_nothing_left_to_do(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let left = after(&world, &plan);
        let back = take_back(&plan, &left);
        let again = take_back(&plan, &after(&left, &back));
        prop_assert!(again.is_empty(), "{:#?}\nthen {:#?}", tell::lines(&back), tell::lines(&again));
    }

    #[test]
    fn the_same_run_gives_the_same_undo(sketch in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let left = after(&world, &plan);
        let (a, b) = (take_back(&plan, &left), take_back(&plan, &left));
        prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }

    /// Somebody was busy since: nothing of what they did is overwritten, but where it is what the run did.
    #[test]
    fn what_was_done_since_is_never_overwritten(sketch in sketches(), other in sketches()) {
        let world = sketch.world();
        let plan = world.plan();
        let mut left = after(&world, &plan);
        let mine = left.current().set;
        left.target = super::worlds::mixed(&mine, &other.world().current().set);
        let back = take_back(&plan, &left);
        for change in &back.changes {
            let deed = plan.changes.iter().find(|deed| {
                let name = deed.after().map_or(deed.name(), |after| &after.name);
                deed.kind() == change.kind() && world.can.rules.key(deed.kind(), name) == world.can.rules.key(change.kind(), change.name())
            });
            let Some(deed) = deed else { continue };
            for field in &change.detail().fields {
                let done = deed.detail().fields.iter().find(|done| done.field == field.field);
                prop_assert!(done.is_some_and(|done| super::super::fields::same(&done.to, &field.from)), "{}", tell::line(change, &back.names));
            }
            for group in change.leaves() {
                let joined = deed.joins().iter().any(|past| plan.names.name(*past) == back.names.name(*group));
                let renamed = plan.changes.iter().any(|deed| deed.detail().new_name.as_deref() == Some(back.names.name(*group)));
                prop_assert!(joined || renamed, "{}", tell::line(change, &back.names));
            }
            if change.action() == Action::Delete {
                prop_assert_eq!(deed.action(), Action::Create);
            }
        }
    }
}

#[test]
fn most_worlds_come_back_whole() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut whole, mut seen) = (0, std::collections::BTreeSet::new());
    for _ in 0..400 {
        let world = sketches().new_tree(&mut runner).unwrap().current().world();
        let plan = world.plan();
        let back = take_back(&plan, &after(&world, &plan));
        whole += usize::from(back.held.is_empty() && !back.changes.is_empty());
        seen.extend(back.changes.iter().map(|change| change.action().word()));
    }
    assert!(whole > 200, "{whole}");
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["create", "delete", "disable", "enable", "rename", "update"]);
}
