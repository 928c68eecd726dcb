//! Promises of the three-way difference, in small worlds that nobody thought of.

use proptest::prelude::*;

use super::drift::Settled;
use super::tell;
use super::worlds::{Sketch, mixed, sketches};
use crate::plan::{Action, Applied, Cause, Drift, Scribe};

/// The world of a sketch after as many runs as it takes until nothing is left to do.
fn settled(sketch: &Sketch) -> Settled {
    let mut settled = Settled::new(sketch.world());
    for _ in 0..5 {
        settled = settled.run();
    }
    settled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Only the target moves: nothing is intended, and kept it stays as it is.
    #[test]
    fn a_target_that_moves_alone_is_drift(sketch in sketches(), other in sketches()) {
        let mut settled = settled(&sketch);
        prop_assert!(settled.plan().is_empty());
        // What somebody else did to those who are known: values and memberships of another world.
        let meddled = other.world();
        let mine = settled.world.current().set;
        let rules = settled.world.can.rules;
        let names: Vec<_> = mine.records().iter().map(|record| (record.kind(), record.key().to_owned())).collect();
        let theirs = meddled.current().set;
        settled.world.target = mixed(&mine, &theirs);
        let plan = settled.plan();
        for change in plan.changes.iter().filter(|change| !change.action().removes()) {
            let line = tell::line(change, &plan.names);
            let was_there = names.iter().any(|(kind, key)| *kind == change.kind() && *key == rules.key(*kind, change.name()));
            prop_assert!(was_there, "{}", line);
            if settled.known.contains_key(&(change.kind(), rules.key(change.kind(), change.name()))) {
                prop_assert!(change.causes().all(|cause| matches!(cause, Cause::Drift | Cause::Unknown)), "{}", line);
            }
        }
        settled.world.policy.drift = Drift::Keep;
        let kept = settled.settled(&[]);
        for change in kept.changes.iter().filter(|change| matches!(change.action(), Action::Update | Action::Rename | Action::Enable)) {
            prop_assert!(change.causes().all(|cause| cause != Cause::Drift), "{}", tell::line(change, &kept.names));
        }
    }

    /// Only the source moves: nothing is drift, so no policy stands in its way.
    #[test]
    fn a_source_that_moves_alone_is_never_drift(sketch in sketches(), other in sketches()) {
        let mut settled = settled(&sketch);
        settled.world.source = other.source_for(&settled.world);
        let plan = settled.plan();
        for change in &plan.changes {
            let line = tell::line(change, &plan.names);
            prop_assert!(change.causes().all(|cause| !cause.is_of_target()), "{}", line);
        }
        let told = tell::lines(&plan);
        for drift in [Drift::Repair, Drift::Keep, Drift::Report] {
            settled.world.policy.drift = drift;
            prop_assert_eq!(&tell::lines(&settled.settled(&[])), &told);
        }
    }

    /// Whatever moved: what is kept or held is so again after the rest was applied.
    #[test]
    fn what_is_withheld_once_is_withheld_again(sketch in sketches(), other in sketches(), third in sketches(), report: bool) {
        let mut settled = settled(&sketch);
        let mine = settled.world.current().set;
        settled.world.target = mixed(&mine, &other.world().current().set);
        settled.world.source = third.source_for(&settled.world);
        settled.world.policy.drift = if report { Drift::Report } else { Drift::Keep };
        let first = settled.settled(&[]);
        let waits = first.held.iter().any(|held| held.code != crate::plan::HoldCode::Drift);
        if waits || first.changes.iter().any(|change| change.detail().new_name.is_some()) {
            return Ok(());
        }
        let second = settled.applied(&first).settled(&[]);
        prop_assert!(second.is_empty(), "{:#?}\nthen {:#?}", tell::lines(&first), tell::lines(&second));
        let kept = |plan: &crate::plan::Plan| plan.notes.iter().filter(|note| note.contains("left so")).cloned().collect::<Vec<_>>();
        let held = |plan: &crate::plan::Plan| plan.held.iter().filter(|held| held.code == crate::plan::HoldCode::Drift).cloned().collect::<Vec<_>>();
        prop_assert_eq!(kept(&second), kept(&first));
        prop_assert_eq!(held(&second), held(&first));
    }

    #[test]
    fn what_is_remembered_reads_back_as_it_was_written(sketch in sketches()) {
        let world = sketch.world();
        let (set, rules) = (world.current().set, world.can.rules);
        let mut scribe = Scribe::new(set.names(), rules);
        for record in set.records() {
            let known = scribe.of(&record.principal);
            let bytes = known.bytes(rules);
            prop_assert_eq!(Applied::read(&bytes, rules), Some(known));
            prop_assert_eq!(Applied::read(&bytes[..bytes.len() - 1], rules), None);
        }
    }
}

/// Somebody who is remembered under another rule of names is not known.
#[test]
fn what_was_written_when_names_were_compared_otherwise_is_not_known() {
    use crate::principal::{CaseRule, CaseRules, GroupNames, Kind, Principal};
    let names = GroupNames::new();
    let ignoring = CaseRules { users: CaseRule::Ignored, groups: CaseRule::Ignored };
    let known = Scribe::new(&names, ignoring).of(&Principal::new(Kind::User, "ada"));
    assert_eq!(Applied::read(&known.bytes(ignoring), CaseRules::EXACT), None);
    assert_eq!(Applied::read(&known.bytes(ignoring), ignoring), Some(known));
    for broken in [&b""[..], &[1, 0, 1, 0], &[2, 0, 0, 0], &[1, 0, 0, 0, 7]] {
        assert_eq!(Applied::read(broken, CaseRules::EXACT), None, "{broken:?}");
    }
}
