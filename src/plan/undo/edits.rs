//! Taking back what was done to somebody who is still there: values, memberships, the name, the state.

use compact_str::CompactString;

use super::scene::is_other;
use super::{Deed, Undoing};
use crate::plan::{Action, Change, Detail, FieldChange, HoldCode, ReasonCode, Wanted, Whole, fields};
use crate::principal::{GroupRef, Principal};

/// What is to be done to a principal of the target.
pub(super) struct Draft<'a> {
    now: &'a Principal,
    /// As it was before the run; none for who changes only because a group is made again.
    former: Option<&'a Principal>,
    /// Some membership goes with its group.
    covered: bool,
    action: Action,
    fields: Vec<FieldChange>,
    pub(super) join: Vec<GroupRef>,
    leave: Vec<GroupRef>,
    new_name: Option<CompactString>,
    source_id: Option<CompactString>,
    /// There where it takes something away.
    whole: Option<Whole>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(now: &'a Principal) -> Self {
        Self {
            now,
            former: None,
            covered: false,
            action: Action::Update,
            fields: Vec::new(),
            join: Vec::new(),
            leave: Vec::new(),
            new_name: None,
            source_id: None,
            whole: None,
        }
    }

    /// The change; none where what there is to do is done by others.
    pub(super) fn into_change(self) -> Option<Change> {
        let Self { now, former, covered, action, fields, mut join, mut leave, new_name, source_id, whole } = self;
        for groups in [&mut join, &mut leave] {
            groups.sort_unstable();
            groups.dedup();
        }
        let detail = Detail { fields, join, new_name, source_id, ..Detail::default() };
        let change = match (action, whole) {
            (Action::Disable, Some(whole)) => Change::remove(whole, action, ReasonCode::Undone, now.clone(), detail),
            _ => Change::edit(action, ReasonCode::Undone, now.clone(), detail, None),
        };
        let change = match whole {
            Some(whole) if !leave.is_empty() => change.leaving(whole, leave),
            _ => change,
        };
        let change = match former {
            Some(former) => change.exactly(former),
            None => change,
        };
        (!(covered && change.is_idle())).then_some(change)
    }
}

impl<'a> Undoing<'a> {
    pub(super) fn put_back(&mut self, deed: &Deed<'a>) {
        let change = deed.change;
        let (Some(before), Some(after)) = (change.before(), change.after()) else { return };
        let (kind, name) = (after.kind, after.name.clone());
        let hold = |work: &mut Self, code: HoldCode, why: &str| {
            work.hold(kind, name.clone(), Wanted::Action(Action::Update), code, why);
        };
        let Some(whole) = deed.whole(&self.scene.current.coverage) else {
            return hold(self, HoldCode::UnprovenSource, "the reading of the target is not proven complete");
        };
        let now = match self.scene.find(kind, &name) {
            _ if self.scene.is_ambiguous(kind, &name) => {
                return hold(self, HoldCode::MovedSince, "several in the target have the name by now");
            }
            None => return hold(self, HoldCode::MovedSince, "it is not there any more"),
            Some(now) if is_other(before, now) => {
                return hold(self, HoldCode::MovedSince, "another account has the name by now");
            }
            Some(now) => now,
        };
        let mut draft = Draft { whole: Some(whole), former: Some(before), ..Draft::new(now) };
        draft.source_id.clone_from(&change.detail().source_id);
        self.name_back(change, before, &mut draft);
        draft.action = match change.action() {
            Action::Disable if !now.is_active() => Action::Enable,
            Action::Enable if now.is_active() => Action::Disable,
            _ if draft.new_name.is_some() => Action::Rename,
            _ => Action::Update,
        };
        self.values_back(change, &mut draft);
        self.memberships_back(change, before, &mut draft);
        self.drafts.insert((kind, self.scene.key(kind, &now.name)), draft);
    }

    fn name_back(&mut self, change: &Change, before: &Principal, draft: &mut Draft<'_>) {
        if change.detail().new_name.is_none() {
            return;
        }
        let other = self.scene.find(before.kind, &before.name).is_some_and(|other| !std::ptr::eq(other, draft.now));
        if other || self.scene.is_ambiguous(before.kind, &before.name) {
            let why = format!("its former name `{}` is taken by now", before.name);
            let name = draft.now.name.clone();
            return self.hold(before.kind, name, Wanted::Action(Action::Rename), HoldCode::MovedSince, why);
        }
        draft.new_name = Some(before.name.clone());
    }

    fn values_back(&mut self, change: &Change, draft: &mut Draft<'_>) {
        let now = draft.now;
        for FieldChange { field, from, to, cause: _ } in &change.detail().fields {
            let has = fields::value(now, field);
            let (code, why) = if self.scene.current.untold.hides(field) {
                (HoldCode::TargetCannot, "the target does not show it, so what it has now cannot be told")
            } else if fields::same(&has, to) {
                draft.fields.push(FieldChange::new(field.clone(), has, from.clone()));
                continue;
            } else if fields::same(&has, from) {
                continue;
            } else {
                (HoldCode::MovedSince, "it was changed in the target since")
            };
            let why = format!("`{}`: {why}", field.text());
            self.hold(now.kind, now.name.clone(), Wanted::Action(Action::Update), code, why);
        }
    }

    fn memberships_back(&mut self, change: &Change, before: &Principal, draft: &mut Draft<'_>) {
        let now = draft.now;
        let lost = match change.action() {
            // Some products take whoever is switched off out of every group.
            Action::Disable | Action::Strip => before.group_refs(),
            _ => change.leaves(),
        };
        let (gained, lost) = (self.scene.groups(change.joins()), self.scene.groups(lost));
        if self.scene.current.hides_memberships {
            let why = "the target does not tell who is in which group, so what it has now cannot be told";
            let held = gained.into_iter().map(|group| (group, Wanted::Leave as fn(CompactString) -> Wanted));
            let held: Vec<_> = held.chain(lost.into_iter().map(|group| (group, Wanted::Join as _))).collect();
            for (group, wanted) in held {
                let wanted = wanted(self.scene.name(group).into());
                self.hold(now.kind, now.name.clone(), wanted, HoldCode::TargetCannot, why);
            }
            return;
        }
        let has = now.group_refs();
        let is_in = |group: &GroupRef| has.binary_search(group).is_ok();
        // A group that goes takes its memberships with it.
        let (doomed, gained): (Vec<_>, Vec<_>) =
            gained.into_iter().filter(is_in).partition(|group| self.scene.doomed.contains(group));
        (draft.leave, draft.covered) = (gained, !doomed.is_empty());
        let (stand, missing): (Vec<_>, Vec<_>) =
            lost.into_iter().filter(|group| !is_in(group)).partition(|group| self.scene.stands(*group));
        draft.join = stand;
        for group in missing {
            let wanted = Wanted::Join(self.scene.name(group).into());
            self.hold(now.kind, now.name.clone(), wanted, HoldCode::MovedSince, "the group is not there any more");
        }
    }
}
