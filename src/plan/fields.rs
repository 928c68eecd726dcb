//! Which values differ, and how a change of values is carried out on a principal.

use compact_str::CompactString;
use serde_json::Value;

use super::{Cause, Field, FieldChange};
use crate::principal::{Principal, Visibility};

/// The managed values of `desired` that `current` does not have. Missing, `null`, `""` and `[]` are the same.
/// `active` is not among them: it has actions of its own.
pub(super) fn changes(desired: &Principal, current: &Principal, create_only: &[Field]) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let mut note = |field: Field, from: Value, to: Value| {
        if !create_only.contains(&field) {
            found.push(FieldChange::new(field, from, to));
        }
    };
    let texts = [
        (Field::DisplayName, &desired.display_name, &current.display_name),
        (Field::Description, &desired.description, &current.description),
        (Field::Mail, &desired.mail, &current.mail),
    ];
    for (field, wanted, has) in texts {
        let Some(wanted) = wanted else { continue };
        if wanted.as_str() != has.as_deref().unwrap_or_default() {
            note(field, text(has.as_ref()), text(Some(wanted)));
        }
    }
    if let Some(wanted) = desired.visibility {
        let has = current.visibility.unwrap_or(Visibility::Default);
        if wanted != has {
            note(Field::Visibility, has.text().into(), wanted.text().into());
        }
    }
    if let Some(wanted) = &desired.attributes {
        for (name, to) in wanted.iter() {
            let from = current.attributes.as_ref().and_then(|has| has.get(name)).unwrap_or(&Value::Null);
            if !same(from, to) {
                note(Field::Attribute(name.clone()), from.clone(), nothing_as_null(to));
            }
        }
    }
    found
}

/// Sets the values of `changes` on `principal`.
pub(super) fn set(principal: &mut Principal, changes: &[FieldChange]) {
    for FieldChange { field, from: _, to, cause: _ } in changes {
        let words = || Some(CompactString::from(to.as_str().unwrap_or_default()));
        match field {
            Field::DisplayName => principal.display_name = words(),
            Field::Description => principal.description = words(),
            Field::Mail => principal.mail = words(),
            Field::Visibility => principal.visibility = to.as_str().and_then(Visibility::parse),
            Field::Active => principal.active = to.as_bool(),
            Field::Attribute(name) => {
                let attributes = principal.attributes.get_or_insert_default();
                if is_nothing(to) {
                    attributes.remove(name);
                } else {
                    attributes.insert(name.clone(), to.clone());
                }
            }
        }
    }
}

/// The value of a field, as [`changes`] tells it; `Null` where there is none.
pub(super) fn value(principal: &Principal, field: &Field) -> Value {
    match field {
        Field::DisplayName => text(principal.display_name.as_ref()),
        Field::Description => text(principal.description.as_ref()),
        Field::Mail => text(principal.mail.as_ref()),
        Field::Visibility => principal.visibility.unwrap_or(Visibility::Default).text().into(),
        Field::Active => principal.is_active().into(),
        Field::Attribute(name) => {
            let value = principal.attributes.as_ref().and_then(|has| has.get(name));
            value.map_or(Value::Null, nothing_as_null)
        }
    }
}

/// Every value that is given, one that clears included.
pub(super) fn given(principal: &Principal) -> Vec<(Field, Value)> {
    let Principal { display_name, description, mail, visibility, active, attributes, .. } = principal;
    let texts = [(Field::DisplayName, display_name), (Field::Description, description), (Field::Mail, mail)];
    let texts = texts.into_iter().filter_map(|(field, value)| Some((field, text(Some(value.as_ref()?)))));
    let visibility = visibility.map(|visibility| (Field::Visibility, visibility.text().into()));
    let active = active.map(|active| (Field::Active, active.into()));
    let attributes = attributes.iter().flat_map(|attributes| attributes.iter());
    let attributes = attributes.map(|(name, value)| (Field::Attribute(name.clone()), nothing_as_null(value)));
    texts.chain(visibility).chain(active).chain(attributes).collect()
}

/// Whether `now` lacks a value that one of `changes` leads to. What is taken away is missing afterwards, and what is
/// missing in a principal is compared with nothing: so the change itself is asked.
pub(super) fn lacks<'a>(changes: impl IntoIterator<Item = &'a FieldChange>, now: &Principal) -> bool {
    changes.into_iter().any(|change| !same(&value(now, &change.field), &change.to))
}

/// Gives `to` the value that `from` has, missing where it is missing there.
pub(super) fn copy(from: &Principal, to: &mut Principal, field: &Field) {
    match field {
        Field::DisplayName => to.display_name.clone_from(&from.display_name),
        Field::Description => to.description.clone_from(&from.description),
        Field::Mail => to.mail.clone_from(&from.mail),
        Field::Visibility => to.visibility = from.visibility,
        Field::Active => to.active = from.active,
        Field::Attribute(name) => {
            let attributes = to.attributes.get_or_insert_default();
            match from.attributes.as_ref().and_then(|has| has.get(name)) {
                Some(value) => attributes.insert(name.clone(), value.clone()),
                None => attributes.remove(name),
            }
            to.attributes.take_if(|attributes| attributes.is_empty() && from.attributes.is_none());
        }
    }
}

/// Whether two values are equal to a target.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    a == b || (is_nothing(a) && is_nothing(b))
}

/// Missing, `null`, `""` and `[]` are the same.
#[must_use]
pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn nothing_as_null(value: &Value) -> Value {
    if is_nothing(value) { Value::Null } else { value.clone() }
}

fn text(value: Option<&CompactString>) -> Value {
    value.filter(|text| !text.is_empty()).map_or(Value::Null, |text| text.as_str().into())
}

impl FieldChange {
    /// One of which nothing is remembered.
    #[must_use]
    pub fn new(field: Field, from: Value, to: Value) -> Self {
        Self { field, from, to, cause: Cause::Unknown }
    }

    /// Whether a value is lost and nothing takes its place.
    #[must_use]
    pub fn clears(&self) -> bool {
        is_nothing(&self.to) && !is_nothing(&self.from)
    }
}
