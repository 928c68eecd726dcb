//! A change of a plan as the trail tells it: what was there before, and what after.

use serde_json::{Map, Value, json};

use super::canonical::is_plain;
use super::members::Members;
use super::personal::Personal;
use crate::plan::{Change, Detail};
use crate::principal::{GroupNames, Kind, Principal, PrincipalId, PrincipalView};

/// Deeper values are written as text: what reads a trail must not run out of stack.
const DEEPEST: usize = 16;

/// A change and the names that it is told with. A password cannot be told: [`PrincipalView`] has none.
#[derive(Debug, Clone, Copy)]
pub struct ChangeFacts<'a> {
    pub change: &'a Change,
    pub names: &'a GroupNames,
}

impl ChangeFacts<'_> {
    /// Who is changed, by what rule.
    pub(super) fn subject(&self, members: &mut Members, personal: &Personal) {
        let Self { change, names: _ } = self;
        members.set("action", change.action().word());
        members.set("kind", change.kind().word());
        members.set("name", of(change.kind(), personal).text(change.name()));
        members.set_some("rule", serde_json::to_value(change.reason).ok());
        members.set_some("sourceId", change.detail().source_id.as_deref());
        members.set_some("targetId", change.before().and_then(|before| before.id.as_deref()));
    }

    /// What becomes of it, value by value.
    pub(super) fn values(&self, members: &mut Members, personal: &Personal) {
        let Self { change, names } = self;
        let of_kind = of(change.kind(), personal);
        let Detail {
            fields: _,
            join,
            new_name,
            source_id: _,
            transfer_to,
            touches,
            last_origin,
            last_seen: _,
            cause: _,
            causes: _,
        } = change.detail();
        let origin = change.origin.as_ref().map(ToString::to_string);
        let origin = origin.as_deref().or(last_origin.as_deref());
        let [before, after] = self.states(of_kind);
        let (add, remove) = (names.sorted(join), names.sorted(change.leaves()));
        let groups = (!add.is_empty() || !remove.is_empty()).then(|| json!({ "add": add, "remove": remove }));
        members.set_some("origin", origin.map(|origin| of_kind.text(origin)));
        members.set_some("newName", new_name.as_deref().map(|name| of_kind.text(name)));
        members.set_some("transferTo", transfer_to.as_deref().map(|name| personal.text(name)));
        members.set_some("before", before);
        members.set_some("after", after);
        members.set_some("groups", groups);
        members.set_some("privileged", change.privileged.then_some(true));
        members.set_some("alsoUpdates", touched(touches, personal));
    }

    /// Whole where there is nothing on the other side, and before a removal; else what differs. Memberships of an edit
    /// are told by themselves.
    fn states(&self, personal: &Personal) -> [Option<Value>; 2] {
        let Self { change, names } = self;
        let state = |principal: &Principal| {
            let mut value = serde_json::to_value(PrincipalView::new(principal, names)).unwrap_or_default();
            make_plain(&mut value, DEEPEST);
            personal.user(&mut value);
            value
        };
        let (mut before, mut after) = (change.before().map(state), change.after().map(state));
        if let (Some(Value::Object(before)), Some(Value::Object(after))) = (&mut before, &mut after) {
            let is_edit = !change.action().removes();
            keep_differing(before, after, is_edit);
            if is_edit {
                before.remove("groupNames");
                after.remove("groupNames");
            }
        }
        let is_told = |value: &Value| value.as_object().is_none_or(|members| !members.is_empty());
        [before.filter(is_told), after.filter(is_told)]
    }
}

/// Takes out of `after` what is the same in both, and out of `before` too where it is told `in_part`.
fn keep_differing(before: &mut Map<String, Value>, after: &mut Map<String, Value>, in_part: bool) {
    after.retain(|name, new| match (before.get_mut(name), new) {
        (Some(Value::Object(old)), Value::Object(new)) if old != new => {
            keep_differing(old, new, in_part);
            true
        }
        (Some(old), new) if old == new => {
            if in_part {
                before.remove(name);
            }
            false
        }
        _ => true,
    });
}

/// Personal values are those of people.
pub(super) fn of(kind: Kind, personal: &Personal) -> &Personal {
    match kind {
        Kind::User => personal,
        Kind::Group => &Personal::Keep,
    }
}

fn touched(touches: &[PrincipalId], personal: &Personal) -> Option<Value> {
    let told = |PrincipalId { kind, name }: &PrincipalId| format!("{kind}:{}", of(*kind, personal).text(name));
    (!touches.is_empty()).then(|| touches.iter().map(told).collect())
}

/// Attributes may hold any JSON: numbers that have no canonical form here become texts.
fn make_plain(value: &mut Value, depth: usize) {
    match value {
        Value::Number(number) if !is_plain(number) => *value = number.to_string().into(),
        Value::Array(_) | Value::Object(_) if depth == 0 => *value = value.to_string().into(),
        Value::Array(items) => {
            for item in items {
                make_plain(item, depth - 1);
            }
        }
        Value::Object(members) => {
            for (_, member) in members {
                make_plain(member, depth - 1);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
