//! Values that give rights: gained only with a person's consent, as memberships of privileged groups are.

use super::{Evidence, GuardName, Privileged};
use crate::plan::{Action, Change, Field, Held, HoldCode, Plan, Privilege, Wanted};
use crate::principal::PrincipalId;

/// Holds every such value that no list allows. `changed`: not even what is listed goes through. Returns how many.
pub(super) fn hold(plan: &mut Plan, rule: &Privileged, evidence: &Evidence<'_>, changed: bool) -> usize {
    if evidence.can.privileges.is_empty() || (evidence.lifted(GuardName::Privileged).is_some() && !changed) {
        return 0;
    }
    let code = if changed { HoldCode::ConfigChange } else { HoldCode::Privileged };
    let (mut held, mut idle) = (Vec::new(), Vec::new());
    for change in &mut plan.changes {
        let gained: Vec<&Privilege> = gained(change, evidence)
            .filter(|privilege| changed || !allows(rule, evidence, privilege, change))
            .collect();
        if gained.is_empty() {
            continue;
        }
        let (id, action) = (change.id(), change.action());
        held.extend(gained.iter().map(|privilege| {
            let reason = format!("it would set `attributes.{}`, which gives rights", privilege.attribute);
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
pub(super) fn gained<'a>(change: &Change, evidence: &'a Evidence<'_>) -> impl Iterator<Item = &'a Privilege> {
    evidence.can.privileges.iter().filter(|privilege| privilege.kind == change.kind() && gives(privilege, change))
}

fn gives(privilege: &Privilege, change: &Change) -> bool {
    if change.action() == Action::Create {
        let attributes = change.after().and_then(|after| after.attributes.as_ref());
        let value = attributes.and_then(|attributes| attributes.get(privilege.attribute));
        return value.is_some_and(|value| !is_nothing(value) && privilege.is_given_by(value));
    }
    change.detail().fields.iter().any(|change| {
        matches!(&change.field, Field::Attribute(name) if name == privilege.attribute)
            && privilege.is_given_by(&change.to)
    })
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
