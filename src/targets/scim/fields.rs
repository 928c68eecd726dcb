//! Where a value of a user is kept (RFC 7643, 4.1 and 4.3), and how it is read and set there. Pure.
//!
//! | principal | SCIM |
//! | --- | --- |
//! | `name` | `userName`; of a group `displayName` |
//! | `displayName` | `displayName` |
//! | `mail` | the value of `emails` of type `work` |
//! | `active` | `active` |
//! | `attributes.*` | the table below |

use compact_str::CompactString;
use serde_json::{Map, Value};

use super::typed::Choice;
use super::wire::{ENTERPRISE, Resource, member, member_mut, remove, text};
use crate::plan::Field;

/// Where a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An attribute.
    Plain(&'static str),
    /// A part of an attribute.
    Part(&'static str, &'static str),
    /// An attribute of the enterprise extension.
    Extension(&'static str),
    /// One of the values of an attribute.
    Typed(&'static str),
}

/// The attributes of users, each with its place.
const PLACES: [(&str, Place); 15] = [
    ("costCenter", Place::Extension("costCenter")),
    ("department", Place::Extension("department")),
    ("division", Place::Extension("division")),
    ("employeeNumber", Place::Extension("employeeNumber")),
    ("familyName", Place::Part("name", "familyName")),
    ("formattedName", Place::Part("name", "formatted")),
    ("givenName", Place::Part("name", "givenName")),
    ("locale", Place::Plain("locale")),
    ("nickName", Place::Plain("nickName")),
    ("organization", Place::Extension("organization")),
    ("phone", Place::Typed("phoneNumbers")),
    ("preferredLanguage", Place::Plain("preferredLanguage")),
    ("timezone", Place::Plain("timezone")),
    ("title", Place::Plain("title")),
    ("userType", Place::Plain("userType")),
];

/// Their names.
pub(super) const ATTRIBUTES: &[&str] = &{
    let mut names = [""; PLACES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = PLACES[at].0;
        at += 1;
    }
    names
};

/// Every value of a user that can differ, with its place.
pub(super) fn all() -> impl Iterator<Item = (Field, Place)> {
    let own = [(Field::DisplayName, Place::Plain("displayName")), (Field::Mail, Place::Typed("emails"))];
    own.into_iter().chain(PLACES.iter().map(|(name, place)| (Field::Attribute((*name).into()), *place)))
}

impl Place {
    /// Where a value of a user is; none for what a user has not.
    pub(super) fn of(field: &Field) -> Option<Self> {
        match field {
            Field::DisplayName => Some(Self::Plain("displayName")),
            Field::Mail => Some(Self::Typed("emails")),
            Field::Attribute(name) => PLACES.iter().find(|(known, _)| known == name).map(|(_, place)| *place),
            Field::Description | Field::Visibility | Field::Active => None,
        }
    }

    /// As a path of a PATCH (RFC 7644, 3.5.2). Of several values: all of them.
    pub(super) fn path(self) -> String {
        match self {
            Self::Plain(name) | Self::Typed(name) => name.to_owned(),
            Self::Part(name, part) => format!("{name}.{part}"),
            Self::Extension(name) => format!("{ENTERPRISE}:{name}"),
        }
    }

    /// The value there; nothing where it is empty.
    pub(super) fn read(self, resource: &Resource, choice: Choice<'_>) -> Option<CompactString> {
        let inside = |name: &str, part: &str| text(member(member(&resource.raw, name)?.as_object()?, part)?);
        match self {
            Self::Plain(name) => resource.text(name),
            Self::Part(name, part) => inside(name, part),
            Self::Extension(name) => inside(ENTERPRISE, name),
            Self::Typed(name) => choice.value(resource.values(name)?),
        }
    }

    /// Sets the value there, or takes it away, and leaves all others.
    pub(super) fn write(self, resource: &mut Resource, wanted: Option<&str>, choice: Choice<'_>) {
        match self {
            Self::Plain(name) => set(&mut resource.raw, name, wanted),
            Self::Part(name, part) => inside(&mut resource.raw, name, part, wanted),
            Self::Extension(name) => {
                inside(&mut resource.raw, ENTERPRISE, name, wanted);
                list_extension(&mut resource.raw);
            }
            Self::Typed(name) => {
                let merged = choice.merged(resource.values(name).unwrap_or_default(), wanted);
                if merged.is_empty() {
                    remove(&mut resource.raw, name);
                } else {
                    *member_mut(&mut resource.raw, name) = merged.into();
                }
            }
        }
    }
}

fn set(map: &mut Map<String, Value>, name: &str, wanted: Option<&str>) {
    match wanted {
        Some(wanted) => *member_mut(map, name) = wanted.into(),
        None => remove(map, name),
    }
}

fn inside(map: &mut Map<String, Value>, name: &str, part: &str, wanted: Option<&str>) {
    let parent = member_mut(map, name);
    if !parent.is_object() {
        *parent = Value::Object(Map::new());
    }
    if let Some(parts) = parent.as_object_mut() {
        set(parts, part, wanted);
        if parts.is_empty() {
            remove(map, name);
        }
    }
}

/// `schemas` names the extension where there is one, and only then (RFC 7643, 3).
fn list_extension(map: &mut Map<String, Value>) {
    let has = member(map, ENTERPRISE).is_some();
    let schemas = member_mut(map, "schemas");
    let mut urns: Vec<Value> = schemas.as_array().cloned().unwrap_or_default();
    urns.retain(|urn| has || urn != ENTERPRISE);
    if has && !urns.iter().any(|urn| urn == ENTERPRISE) {
        urns.push(ENTERPRISE.into());
    }
    *schemas = urns.into();
}
