//! Values that give rights: gained only with a person's consent, as memberships of privileged groups are.

use rustc_hash::FxHashSet;

use super::{Evidence, GuardName, Privileged};
use crate::plan::{Action, Change, Field, FieldChange, Held, HoldCode, Plan, Privilege, Wanted, When};
use crate::principal::{GroupRef, Principal, PrincipalId};

/// Holds every such value that no list allows. `changed`: not even what is listed goes through. `open` are the groups whose
/// members have rights. Returns how many.
pub(super) fn hold(
    plan: &mut Plan,
    rule: &Privileged,
    evidence: &Evidence<'_>,
    changed: bool,
    open: &FxHashSet<GroupRef>,
) -> usize {
    if evidence.can.privileges.is_empty() || (evidence.lifted(GuardName::Privileged).is_some() && !changed) {
        return 0;
    }
    let code = if changed { HoldCode::ConfigChange } else { HoldCode::Privileged };
    let (mut held, mut idle) = (Vec::new(), Vec::new());
    for change in &mut plan.changes {
        let gained: Vec<&Privilege> = gained(change, evidence, open)
            .filter(|privilege| changed || !allows(rule, evidence, privilege, change))
            .collect();
        if gained.is_empty() {
            continue;
        }
        let (id, action) = (change.id(), change.action());
        held.extend(gained.iter().map(|privilege| {
            let why = match privilege.when {
                When::Groups(_) => "and have the rights of its privileged group by that",
                When::Is(_) | When::True | When::Changes => "which gives rights",
            };
            let reason = format!("it would set `attributes.{}`, {why}", privilege.attribute);
            Held { kind: id.kind, name: id.name.clone(), wanted: Wanted::Action(action), code, reason }
        }));
        let fields: Vec<Field> = gained.iter().map(|privilege| Field::Attribute(privilege.attribute.into())).collect();
        change.withhold_values(&fields);
        if change.is_idle() {
            idle.push(change.kind());
        }
    }
    plan.changes.retain(|change| !change.is_idle());
    for kind in idle {
        plan.bases.of_mut(kind).unchanged += 1;
    }
    let count = held.len();
    plan.held.extend(held);
    count
}

/// The rights that a change gives by a value.
pub(super) fn gained<'a>(
    change: &Change,
    evidence: &'a Evidence<'_>,
    open: &FxHashSet<GroupRef>,
) -> impl Iterator<Item = &'a Privilege> {
    let of_kind = evidence.can.privileges.iter().filter(|privilege| privilege.kind == change.kind());
    of_kind.filter(|privilege| match privilege.when {
        When::Groups(_) => leaves_to_groups(privilege, change, evidence, open),
        When::Is(_) | When::True | When::Changes => gives(privilege, change),
    })
}

fn gives(privilege: &Privilege, change: &Change) -> bool {
    if change.action() == Action::Create {
        let attributes = change.after().and_then(|after| after.attributes.as_ref());
        let value = attributes.and_then(|attributes| attributes.get(privilege.attribute));
        return value.is_some_and(|value| !is_nothing(value) && privilege.is_given_by(value));
    }
    set(privilege, change).is_some_and(|change| privilege.is_given_by(&change.to))
}

/// Whether a value of its own, which gave no such rights, no longer goes before those of a group that it stays in. Whoever
/// joins one is held, or listed, for that.
fn leaves_to_groups(
    privilege: &Privilege,
    change: &Change,
    evidence: &Evidence<'_>,
    open: &FxHashSet<GroupRef>,
) -> bool {
    let Some(value) = set(privilege, change).filter(|value| privilege.is_given_by(&value.to)) else { return false };
    let mut others = evidence.can.privileges.iter().filter(|other| other.attribute == privilege.attribute);
    let had = others.any(|other| other.kind == change.kind() && other.is_given_by(&value.from));
    let before = change.before().map_or(&[][..], Principal::group_refs);
    !had && before.iter().any(|group| open.contains(group) && !change.leaves().contains(group))
}

/// The change of the value.
fn set<'a>(privilege: &Privilege, change: &'a Change) -> Option<&'a FieldChange> {
    let is_it = |field: &Field| matches!(field, Field::Attribute(name) if name == privilege.attribute);
    change.detail().fields.iter().find(|change| is_it(&change.field))
}

/// Somebody new who gets nothing gains nothing.
fn is_nothing(value: &serde_json::Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

/// Whether `allow: { attributes.NAME: [user:…] }` lists the principal, by the name that it will have.
fn allows(rule: &Privileged, evidence: &Evidence<'_>, privilege: &Privilege, change: &Change) -> bool {
    let rules = evidence.can.rules;
    let name = change.after().map_or(change.name(), |after| &after.name);
    let who = rules.key(change.kind(), name);
    let key = format!("attributes.{}", privilege.attribute);
    let lists = rule.allow.iter().filter(|(name, _)| **name == key);
    lists.flat_map(|(_, entries)| entries).any(|entry| {
        PrincipalId::parse(entry).is_ok_and(|id| id.kind == change.kind() && rules.key(id.kind, &id.name) == who)
    })
}
