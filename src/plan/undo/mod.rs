//! Taking back what a run did: from its changes and the target as it is now to a plan that reverses them.
//!
//! Read [`undo`](undo()) first. A value, a membership, a whole principal is only taken back where the target still shows
//! what the run left of it. Anything else stands as it is and is held, never overwritten.

mod edits;
mod groups;
mod notes;
mod past;
mod scene;
mod whole;

use std::collections::BTreeMap;

use compact_str::CompactString;

use edits::Draft;
use notes::Tally;
use scene::Scene;

pub use past::Deed;

use super::facts::bases;
use super::recheck::Asked;
use super::touched::list_touched;
use super::{Action, Capabilities, Change, Current, Held, HoldCode, Ledger, Plan, Policy, Wanted};
use crate::principal::{GroupNames, Kind};

/// Works out what takes `deeds` back. They speak in the group names `names`; the plan speaks in those of the target, as
/// every plan does.
///
/// | the run did | becomes |
/// | --- | --- |
/// | create | delete; disable where the target cannot delete |
/// | update | the former values and memberships |
/// | rename | the former name |
/// | disable, strip | enable, and the former memberships |
/// | enable | disable |
/// | delete | create, of what the journal has of it |
///
/// Policy, protection, owners and abilities bind it as they bind every plan.
#[must_use]
pub fn undo(
    deeds: &[Deed<'_>],
    names: &GroupNames,
    current: &Current,
    policy: &Policy,
    can: &Capabilities,
    ledger: &Ledger,
) -> Plan {
    let scene = Scene::new(deeds, names, current, can);
    let bases = bases(&current.set, policy, can, ledger);
    let plan = Plan { bases, ..Plan::default() };
    let asked = Asked::new(policy, can, ledger);
    let mut work = Undoing { scene, policy, asked, plan, tally: Tally::of(deeds), drafts: BTreeMap::new() };
    work.settle_groups(deeds);
    for deed in deeds.iter().filter(|deed| deed.done) {
        work.take_back(deed);
    }
    work.rejoin(deeds);
    work.finish()
}

/// A plan in the making.
struct Undoing<'a> {
    scene: Scene<'a>,
    policy: &'a Policy,
    asked: Asked<'a>,
    plan: Plan,
    tally: Tally,
    /// What is to be done to those who are there, by their folded names.
    drafts: BTreeMap<(Kind, CompactString), Draft<'a>>,
}

impl<'a> Undoing<'a> {
    fn take_back(&mut self, deed: &Deed<'a>) {
        match deed.change.action() {
            Action::Create => self.unmake(deed),
            Action::Delete => self.make_again(deed),
            _ => self.put_back(deed),
        }
    }

    /// Takes the change into the plan, unless this sync may not do that.
    fn push(&mut self, mut change: Change) {
        if change.is_idle() {
            self.tally.already += 1;
            return;
        }
        let id = change.id();
        if let Some((code, reason)) = self.asked.refusal(&change) {
            return self.hold(id.kind, id.name, Wanted::Action(change.action()), code, reason);
        }
        let key = self.scene.key(id.kind, &id.name);
        change.owner = self.asked.owner(id.kind, &key);
        self.plan.changes.push(change);
    }

    fn hold(&mut self, kind: Kind, name: CompactString, wanted: Wanted, code: HoldCode, reason: impl Into<String>) {
        self.plan.held.push(Held { kind, name, wanted, code, reason: reason.into() });
    }

    fn finish(mut self) -> Plan {
        for draft in std::mem::take(&mut self.drafts).into_values() {
            if let Some(change) = draft.into_change() {
                self.push(change);
            }
        }
        let notes = self.tally.notes(&self.plan);
        let Self { scene, mut plan, .. } = self;
        plan.notes = notes;
        let current = scene.into_names(&mut plan.names);
        list_touched(&mut plan, &current.set);
        plan.sort();
        plan
    }
}
