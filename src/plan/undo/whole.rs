//! Taking back that somebody was made or deleted.

use super::{Deed, Undoing};
use crate::plan::{Ability, Action, Change, Detail, HoldCode, ReasonCode, Wanted};
use crate::principal::{GroupRef, Kind, Principal};

impl<'a> Undoing<'a> {
    /// Takes somebody away whom the run made.
    pub(super) fn unmake(&mut self, deed: &Deed<'a>) {
        let Some(made) = deed.change.after() else { return };
        let (kind, name) = (made.kind, made.name.clone());
        let Some(now) = self.scene.find(kind, &name).filter(|_| !self.scene.is_ambiguous(kind, &name)) else {
            return self.gone(deed);
        };
        if kind == Kind::Group {
            // Decided before all others: who is in it hangs on that.
            return;
        }
        if let Some(why) = self.scene.differs(made, now) {
            return self.hold(kind, name, Wanted::Action(Action::Delete), HoldCode::MovedSince, why);
        }
        if let Some(change) = self.removal(deed, now) {
            self.push(change);
        }
    }

    fn gone(&mut self, deed: &Deed<'_>) {
        let id = deed.change.id();
        if self.scene.is_ambiguous(id.kind, &id.name) {
            let why = "several in the target have the name by now";
            return self.hold(id.kind, id.name, Wanted::Action(Action::Delete), HoldCode::MovedSince, why);
        }
        self.tally.already += 1;
    }

    /// The delete of somebody whom the run made, or what comes nearest to it. None where nothing is left to do, or
    /// nothing can be done: that was said.
    pub(super) fn removal(&mut self, deed: &Deed<'_>, now: &Principal) -> Option<Change> {
        let (kind, can) = (now.kind, self.scene.can);
        let action = if can.can(kind, Ability::Delete) || !can.can(kind, Ability::Disable) {
            Action::Delete
        } else {
            Action::Disable
        };
        if action == Action::Disable && !now.is_active() {
            self.tally.already += 1;
            return None;
        }
        let heir = self.policy.leavers.transfer_to.clone();
        let transfer_to = heir.filter(|_| action == Action::Delete && kind == Kind::User);
        let detail = Detail { transfer_to, ..Detail::default() };
        let Some(whole) = deed.whole(&self.scene.current.coverage) else {
            let why = "the reading of the target is not proven complete";
            self.hold(kind, now.name.clone(), Wanted::Action(action), HoldCode::UnprovenSource, why);
            return None;
        };
        Some(Change::remove(whole, action, ReasonCode::Undone, now.clone(), detail))
    }

    /// Makes somebody again whom the run deleted, as far as the journal knows them.
    pub(super) fn make_again(&mut self, deed: &Deed<'a>) {
        let Some(before) = deed.change.before() else { return };
        let (kind, name) = (before.kind, before.name.clone());
        if let Err(why) = self.may_make(before) {
            if let Some((code, why)) = why {
                self.hold(kind, name, Wanted::Action(Action::Create), code, why);
            } else {
                self.tally.already += 1;
            }
            return;
        }
        let groups = self.scene.groups(before.group_refs());
        let (stand, missing): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| self.scene.stands(*group));
        let refused = self.plan.held.len();
        self.push(made_again(before, stand));
        if self.plan.held.len() > refused {
            return;
        }
        for group in missing {
            let wanted = Wanted::Join(self.scene.name(group).into());
            self.hold(kind, name.clone(), wanted, HoldCode::MovedSince, "the group is not there any more");
        }
        self.tally.made(deed);
    }

    /// # Errors
    /// Why it is not made; nothing where it is there as it was.
    pub(super) fn may_make(&self, before: &Principal) -> Result<(), Option<(HoldCode, String)>> {
        let (kind, scene) = (before.kind, &self.scene);
        if scene.is_ambiguous(kind, &before.name) {
            return Err(Some((HoldCode::MovedSince, "several in the target have the name by now".into())));
        }
        if let Some(now) = scene.find(kind, &before.name) {
            let without_id = Principal { id: None, ..before.clone() };
            return Err(scene
                .differs(&without_id, now)
                .map(|_| (HoldCode::MovedSince, "somebody is called so by now, with other values".into())));
        }
        // A target makes people who can sign in.
        if !before.is_active() {
            let why = "it was switched off, and nobody is made switched off";
            return Err(Some((HoldCode::TargetCannot, why.into())));
        }
        Ok(())
    }
}

/// Without what is the target's own: its id, and members that the journal does not have.
pub(super) fn made_again(before: &Principal, groups: Vec<GroupRef>) -> Change {
    let mut after = Principal { id: None, extra: None, password: None, ..before.clone() };
    if before.groups.is_some() {
        after.set_groups(groups);
    }
    let mut change = Change::create(after, None);
    change.reason = ReasonCode::Undone;
    change
}
