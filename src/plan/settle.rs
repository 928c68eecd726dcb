//! What becomes of values and memberships that were changed in the target since: set back, left, or held.

use super::{Action, Capabilities, Cause, Change, Drift, Field, FieldChange, Held, HoldCode, Plan, Wanted};
use crate::principal::{GroupNames, GroupRef, Kind, PrincipalId, shown};

/// So many rights that stand are told one by one; the others are counted.
const TOLD: usize = 20;

/// Carries the policy out on a plan of which is known who moved, and notes how much moved. `leads` tells the groups
/// that are privileged, or lead to one. Gives those of whom nothing is left to do.
///
/// A removal of somebody, and the making of somebody anew, go on whatever the policy says: it speaks of values and of
/// memberships.
pub fn settle(
    plan: &mut Plan,
    policy: Drift,
    can: &Capabilities,
    leads: &dyn Fn(GroupRef) -> bool,
) -> Vec<PrincipalId> {
    let mut found = Found::default();
    if policy != Drift::Repair {
        let wanted = |cause: Cause| cause == Cause::Drift || (policy == Drift::Report && cause == Cause::Conflict);
        let Plan { changes, held, names, .. } = plan;
        for change in changes.iter_mut().filter(|change| is_edit(change.action())) {
            let taken = Taken::of(change, wanted);
            if taken.is_nothing() {
                continue;
            }
            if policy == Drift::Report {
                taken.hold(change, names, held);
            } else {
                found.kept.add(taken.values(), taken.joins.len() + taken.leaves.len());
                taken.tell_rights(change, names, can, leads, &mut found.rights);
            }
            taken.take_from(change);
            if change.is_idle() {
                found.idle.push(change.id());
            }
        }
    }
    plan.changes.retain(|change| !change.is_idle());
    for id in &found.idle {
        plan.bases.of_mut(id.kind).unchanged += 1;
    }
    plan.notes.extend(found.notes(plan));
    plan.sort();
    found.idle
}

fn is_edit(action: Action) -> bool {
    matches!(action, Action::Update | Action::Rename | Action::Enable)
}

/// What is taken out of a change.
struct Taken {
    fields: Vec<FieldChange>,
    joins: Vec<GroupRef>,
    leaves: Vec<GroupRef>,
    /// It is not switched on.
    state: bool,
}

impl Taken {
    fn of(change: &Change, wanted: impl Fn(Cause) -> bool) -> Self {
        let detail = change.detail();
        let groups = |groups: &[GroupRef]| -> Vec<GroupRef> {
            groups.iter().copied().filter(|group| wanted(change.cause_of(*group))).collect()
        };
        Self {
            fields: detail.fields.iter().filter(|field| wanted(field.cause)).cloned().collect(),
            joins: groups(change.joins()),
            leaves: groups(change.leaves()),
            state: change.action() == Action::Enable && wanted(detail.cause),
        }
    }

    fn is_nothing(&self) -> bool {
        self.values() + self.joins.len() + self.leaves.len() == 0
    }

    fn values(&self) -> usize {
        self.fields.len() + usize::from(self.state)
    }

    fn take_from(&self, change: &mut Change) {
        let fields: Vec<Field> = self.fields.iter().map(|change| change.field.clone()).collect();
        change.withhold_values(&fields);
        change.withhold(&self.joins, &self.leaves);
        if self.state {
            change.stay_off();
        }
    }

    fn hold(&self, change: &Change, names: &GroupNames, held: &mut Vec<Held>) {
        let (id, action) = (change.id(), change.action());
        let mut hold = |wanted: Wanted, reason: String| {
            held.push(Held { kind: id.kind, name: id.name.clone(), wanted, code: HoldCode::Drift, reason });
        };
        if self.state {
            hold(Wanted::Action(action), since("it was switched off", change.detail().cause));
        }
        for FieldChange { field, from: _, to: _, cause } in &self.fields {
            hold(Wanted::Action(Action::Update), since(&format!("`{}` was changed", field.text()), *cause));
        }
        for group in &self.joins {
            hold(Wanted::Join(names.name(*group).into()), since("it was taken out of the group", Cause::Drift));
        }
        for group in &self.leaves {
            hold(Wanted::Leave(names.name(*group).into()), since("it was put into the group", Cause::Drift));
        }
    }

    /// Rights that somebody was given in the target by hand, and that stand.
    fn tell_rights(
        &self,
        change: &Change,
        names: &GroupNames,
        can: &Capabilities,
        leads: &dyn Fn(GroupRef) -> bool,
        told: &mut Vec<String>,
    ) {
        let who = format!("{} `{}`", change.kind(), shown(change.name(), 60));
        let privileged = self.leaves.iter().filter(|group| leads(**group));
        told.extend(privileged.map(|group| {
            let group = shown(names.name(*group), 60);
            format!("{who} was put into the privileged group `{group}` in the target since, and stays in it")
        }));
        for FieldChange { field, from, .. } in &self.fields {
            let gives = can.privileges.iter().any(|privilege| {
                privilege.kind == change.kind()
                    && *field == Field::Attribute(privilege.attribute.into())
                    && privilege.is_given_by(from)
            });
            if gives {
                told.push(format!("{who} was given `{}` in the target since, and keeps it", field.text()));
            }
        }
    }
}

fn since(what: &str, cause: Cause) -> String {
    let where_ = if cause == Cause::Conflict { "in the source and in the target" } else { "in the target" };
    format!("{what} {where_} since it was last applied")
}

#[derive(Default)]
struct Count {
    values: usize,
    memberships: usize,
    principals: usize,
}

impl Count {
    fn add(&mut self, values: usize, memberships: usize) {
        self.values += values;
        self.memberships += memberships;
        self.principals += usize::from(values + memberships > 0);
    }

    /// `2 values and 1 membership of 3`.
    fn words(&self) -> Option<String> {
        let plural = |count: usize, one: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {one}s")),
        };
        let parts: Vec<String> =
            [plural(self.values, "value"), plural(self.memberships, "membership")].into_iter().flatten().collect();
        let who = plural(self.principals, "principal")?;
        Some(format!("{} of {who}", parts.join(" and ")))
    }
}

#[derive(Default)]
struct Found {
    kept: Count,
    rights: Vec<String>,
    idle: Vec<PrincipalId>,
}

impl Found {
    fn notes(&self, plan: &Plan) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |count: &Count, what: &str| {
            notes.extend(
                count.words().map(|words| format!("changed in the target since last applied: {words}, {what}")),
            );
        };
        note(&count(plan, Cause::Drift), "set back");
        note(&count(plan, Cause::Conflict), "which the source has changed too, set to what it says");
        note(&self.kept, "left so (`drift: keep`)");
        let again = plan.changes.iter().filter(|change| change.action() == Action::Create);
        let again = again.filter(|change| change.detail().cause == Cause::Drift);
        let again: Vec<String> = [Kind::User, Kind::Group]
            .into_iter()
            .filter_map(|kind| match again.clone().filter(|change| change.kind() == kind).count() {
                0 => None,
                1 => Some(format!("1 {kind}")),
                count => Some(format!("{count} {}", kind.plural())),
            })
            .collect();
        if !again.is_empty() {
            notes.push(format!("deleted in the target since last applied: {}, made again", again.join(" and ")));
        }
        notes.extend(self.rights.iter().take(TOLD).map(|told| format!("{told} (`drift: keep`)")));
        if let Some(more) = self.rights.len().checked_sub(TOLD).filter(|more| *more > 0) {
            notes.push(format!("{more} more rights that were given in the target since stand (`drift: keep`)"));
        }
        notes
    }
}

/// How much of the plan has that cause; those made again apart.
fn count(plan: &Plan, cause: Cause) -> Count {
    let mut count = Count::default();
    for change in plan.changes.iter().filter(|change| change.action() != Action::Create) {
        let detail = change.detail();
        let values = detail.fields.iter().filter(|field| field.cause == cause).count();
        let groups = detail.causes.iter().filter(|(_, found)| *found == cause).count();
        count.add(values + usize::from(detail.cause == cause), groups);
    }
    count
}
