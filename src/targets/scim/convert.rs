//! Resources become principals, and principals what a service can hold. Pure.

use compact_str::CompactString;
use serde_json::Value;

use super::fields::{self, Place};
use super::kept::Values;
use super::typed::Choice;
use super::wire::Resource;
use crate::plan::{Action, Change, Field};
use crate::principal::{Attributes, Kind, Principal};

/// A user as it was listed.
#[derive(Debug)]
pub(super) struct UserRow {
    pub(super) id: CompactString,
    /// Without groups.
    pub(super) principal: Principal,
    /// Ids of groups that the user says to be in.
    pub(super) groups: Vec<CompactString>,
}

/// A group as it was listed.
#[derive(Debug)]
pub(super) struct GroupRow {
    pub(super) id: CompactString,
    pub(super) name: CompactString,
    /// Ids of members; none where it does not tell.
    pub(super) members: Option<Vec<CompactString>>,
    pub(super) version: Option<CompactString>,
}

/// # Errors
/// Half a sentence: what the resource lacks.
pub(super) fn user(resource: &Resource, choice: Choice<'_>) -> Result<UserRow, String> {
    let id = resource.id().ok_or("has no `id`")?;
    let name = resource.name(Kind::User).ok_or("has no `userName`: name it there, or list its id under `ignore`")?;
    let mut principal = Principal::new(Kind::User, name);
    principal.id = Some(id.clone());
    // Some show it only once it was set: that says nothing.
    principal.active = resource.active();
    let mut attributes = Attributes::new();
    for (field, place) in fields::all() {
        let Some(value) = place.read(resource, choice) else { continue };
        set(&mut principal, &mut attributes, &field, value);
    }
    principal.attributes = Some(Box::new(attributes));
    Ok(UserRow { id, principal, groups: resource.groups() })
}

/// # Errors
/// Half a sentence: what the resource lacks.
pub(super) fn group(resource: &Resource) -> Result<GroupRow, String> {
    let id = resource.id().ok_or("has no `id`")?;
    let name =
        resource.name(Kind::Group).ok_or("has no `displayName`: name it there, or list its id under `ignore`")?;
    Ok(GroupRow { id, name, members: resource.members(), version: resource.version() })
}

/// A group as a principal.
pub(super) fn group_principal(row: &GroupRow) -> Principal {
    let mut principal = Principal::new(Kind::Group, row.name.clone());
    principal.id = Some(row.id.clone());
    principal.set_groups(Vec::new());
    principal
}

/// Sets a value of a user; none takes it away.
pub(super) fn replace(principal: &mut Principal, field: &Field, value: Option<CompactString>) {
    let mut attributes = principal.attributes.take().unwrap_or_default();
    match (field, value) {
        (Field::DisplayName, None) => principal.display_name = None,
        (Field::Mail, None) => principal.mail = None,
        (Field::Attribute(name), None) => attributes.remove(name),
        (field, Some(value)) => set(principal, &mut attributes, field, value),
        _ => {}
    }
    principal.attributes = Some(attributes);
}

fn set(principal: &mut Principal, attributes: &mut Attributes, field: &Field, value: CompactString) {
    match field {
        Field::DisplayName => principal.display_name = Some(value),
        Field::Mail => principal.mail = Some(value),
        Field::Attribute(name) => attributes.insert(name.clone(), Value::from(value.as_str())),
        Field::Description | Field::Visibility | Field::Active => {}
    }
}

/// What a service can hold of a desired principal, attributes it does not know apart: texts, and of a group its name.
pub(super) fn bend(principal: &mut Principal) {
    principal.description = None;
    principal.visibility = None;
    if principal.kind == Kind::Group {
        principal.display_name = None;
        principal.mail = None;
        principal.active = None;
    }
    if let Some(attributes) = &mut principal.attributes {
        attributes.retain(|_, value| {
            match value {
                Value::Number(_) | Value::Bool(_) => *value = Value::from(value.to_string()),
                Value::String(_) | Value::Null => {}
                // An empty list clears; a list or an object is no text.
                Value::Array(_) | Value::Object(_) => return is_empty(value),
            }
            true
        });
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// What is wanted of a user.
#[derive(Debug, Default, Clone)]
pub(super) struct Wish {
    pub(super) values: Values,
    pub(super) user_name: Option<CompactString>,
    pub(super) active: Option<bool>,
}

impl Wish {
    /// Of a change of somebody who is there.
    pub(super) fn of(change: &Change) -> Self {
        let values = change.detail().fields.iter().filter(|change| Place::of(&change.field).is_some());
        Self {
            values: values.map(|change| (change.field.clone(), text(&change.to))).collect(),
            user_name: change.detail().new_name.clone(),
            active: match change.action() {
                Action::Enable => Some(true),
                Action::Disable => Some(false),
                _ => None,
            },
        }
    }

    /// Of somebody new.
    pub(super) fn new(after: &Principal) -> Self {
        let own = [(Field::DisplayName, &after.display_name), (Field::Mail, &after.mail)];
        let own = own.into_iter().filter_map(|(field, value)| Some((field, Some(value.clone()?))));
        let attributes = after.attributes.iter().flat_map(|attributes| attributes.iter());
        let attributes = attributes.map(|(name, value)| (Field::Attribute(name.clone()), text(value)));
        let values = own.chain(attributes).filter(|(_, value)| value.as_ref().is_some_and(|value| !value.is_empty()));
        Self { values: values.collect(), user_name: None, active: Some(after.is_active()) }
    }
}

fn text(value: &Value) -> Option<CompactString> {
    value.as_str().filter(|text| !text.is_empty()).map(CompactString::from)
}
