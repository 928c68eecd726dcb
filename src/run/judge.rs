//! Asking the target what it makes of a plan, before anything is tried.

use crate::connector::{Judgement, Target};
use crate::plan::{Held, HoldCode, Plan, Wanted};

/// Holds the changes that this product cannot carry out, and notes what a person should know of the others.
pub(super) fn judge(plan: &mut Plan, target: &dyn Target) {
    let mut kept = Vec::with_capacity(plan.changes.len());
    for mut change in std::mem::take(&mut plan.changes) {
        // Somebody new without a display name got the name for one, which not every product keeps.
        change.bend_new(|after| target.project(after));
        match target.judge(&change, &plan.names) {
            Judgement::Fine => {}
            Judgement::Note(note) => {
                if !plan.notes.contains(&note) {
                    plan.notes.push(note);
                }
            }
            Judgement::Cannot(reason) => {
                let (id, wanted) = (change.id(), Wanted::Action(change.action()));
                plan.held.push(Held { kind: id.kind, name: id.name, wanted, code: HoldCode::TargetCannot, reason });
                continue;
            }
        }
        kept.push(change);
    }
    plan.changes = kept;
    plan.sort();
}
