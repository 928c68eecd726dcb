//! Asking the target what it makes of a plan, before anything is tried.

use rustc_hash::FxHashSet;

use crate::connector::{Judgement, Target};
use crate::plan::{Action, Change, Held, HoldCode, Plan, Wanted};
use crate::principal::{GroupRef, Kind};

/// So many notes of single changes are told; the others are counted.
const TOLD: usize = 20;

/// Holds the changes that this product cannot carry out, with what hangs on them, and notes what a person should know
/// of the others.
pub(super) fn judge(plan: &mut Plan, target: &dyn Target) {
    let mut kept = Vec::with_capacity(plan.changes.len());
    let (mut notes, mut unmade) = (FxHashSet::default(), FxHashSet::default());
    let mut more = 0_usize;
    for mut change in std::mem::take(&mut plan.changes) {
        // Somebody new without a display name got the name for one, which not every product keeps.
        change.bend_new(|after| target.project(after));
        match target.judge(&change, &plan.names) {
            Judgement::Fine => {}
            Judgement::Note(note) if notes.len() < TOLD => {
                if notes.insert(note.clone()) {
                    plan.notes.push(note);
                }
            }
            Judgement::Note(note) => more += usize::from(!notes.contains(&note)),
            Judgement::Cannot(reason) => {
                if change.kind() == Kind::Group && change.action() == Action::Create {
                    unmade.extend(plan.names.find(change.name()));
                }
                let (id, wanted) = (change.id(), Wanted::Action(change.action()));
                plan.held.push(Held { kind: id.kind, name: id.name, wanted, code: HoldCode::TargetCannot, reason });
                continue;
            }
        }
        kept.push(change);
    }
    if more > 0 {
        plan.notes.push(format!("{more} more notes of the target on single changes"));
    }
    plan.changes = kept;
    hold_joins(plan, &unmade);
    plan.hold_groupless(target.capabilities());
    plan.sort();
}

/// Nobody joins a group that is not made: the rest of the change goes on.
fn hold_joins(plan: &mut Plan, unmade: &FxHashSet<GroupRef>) {
    if unmade.is_empty() {
        return;
    }
    let Plan { changes, held, names, .. } = plan;
    for change in changes.iter_mut() {
        let joins: Vec<GroupRef> = change.joins().iter().copied().filter(|group| unmade.contains(group)).collect();
        let id = change.id();
        held.extend(joins.iter().map(|group| Held {
            kind: id.kind,
            name: id.name.clone(),
            wanted: Wanted::Join(names.name(*group).into()),
            code: HoldCode::TargetCannot,
            reason: "the group itself cannot be made".into(),
        }));
        change.withhold(&joins, &[]);
    }
    changes.retain(|change: &Change| !change.is_idle());
}
