//! The attributes of RFC 7643: what they are called, what they hold, and how a value that was sent is read.

use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::error::{INVALID_VALUE, refused};

/// Core schema of users (RFC 7643, 4.1).
pub(super) const USER_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Core schema of groups (RFC 7643, 4.2).
pub(super) const GROUP_URN: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// Extension of users (RFC 7643, 4.3).
pub(super) const ENTERPRISE_URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

impl Kind {
    /// The name of the resource type.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// Where its resources are.
    pub(super) const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    pub(super) const fn urn(self) -> &'static str {
        match self {
            Self::User => USER_URN,
            Self::Group => GROUP_URN,
        }
    }

    /// What people call a resource of it by.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }

    pub(super) const fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
        }
    }
}

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Flag,
    Complex,
}

/// An attribute, or a sub-attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) many: bool,
    pub(super) exact: bool,
    pub(super) parts: &'static [Attribute],
}

const fn text(name: &'static str) -> Attribute {
    Attribute { name, holds: Holds::Text, many: false, exact: false, parts: &[] }
}

const fn exact(name: &'static str) -> Attribute {
    Attribute { exact: true, ..text(name) }
}

const fn flag(name: &'static str) -> Attribute {
    Attribute { holds: Holds::Flag, ..text(name) }
}

const fn complex(name: &'static str, parts: &'static [Attribute]) -> Attribute {
    Attribute { holds: Holds::Complex, parts, ..text(name) }
}

const fn many(name: &'static str, parts: &'static [Attribute]) -> Attribute {
    Attribute { many: true, ..complex(name, parts) }
}

const PLURAL: &[Attribute] = &[text("value"), text("display"), text("type"), flag("primary")];

const USER: &[Attribute] = &[
    exact("externalId"),
    text("userName"),
    complex(
        "name",
        &[
            text("formatted"),
            text("familyName"),
            text("givenName"),
            text("middleName"),
            text("honorificPrefix"),
            text("honorificSuffix"),
        ],
    ),
    text("displayName"),
    text("nickName"),
    exact("profileUrl"),
    text("title"),
    text("userType"),
    text("preferredLanguage"),
    text("locale"),
    text("timezone"),
    flag("active"),
    exact("password"),
    many("emails", PLURAL),
    many("phoneNumbers", PLURAL),
    many("ims", PLURAL),
    many("photos", PLURAL),
    many(
        "addresses",
        &[
            text("formatted"),
            text("streetAddress"),
            text("locality"),
            text("region"),
            text("postalCode"),
            text("country"),
            text("type"),
            flag("primary"),
        ],
    ),
    many("entitlements", PLURAL),
    many("roles", PLURAL),
    many("x509Certificates", PLURAL),
    complex(
        ENTERPRISE_URN,
        &[
            text("employeeNumber"),
            text("costCenter"),
            text("organization"),
            text("division"),
            text("department"),
            complex("manager", &[exact("value"), exact("$ref"), text("displayName")]),
        ],
    ),
];

const GROUP: &[Attribute] = &[
    exact("externalId"),
    text("displayName"),
    many("members", &[exact("value"), exact("$ref"), text("display"), text("type")]),
];

/// The attribute of this name, whatever its case (RFC 7643, 2.1).
pub(super) fn find<'list>(attributes: &'list [Attribute], name: &str) -> Option<&'list Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// A value as it is stored; nothing where it means that there is none: `null`, or no values.
pub(super) fn read(attribute: &Attribute, value: Value, lenient: bool) -> Result<Option<Value>, Failure> {
    if value.is_null() {
        return Ok(None);
    }
    if !attribute.many {
        return read_one(attribute, value, lenient).map(Some);
    }
    let items = match value {
        Value::Array(items) => items,
        single => vec![single],
    };
    let items: Result<Vec<_>, _> = items.into_iter().map(|item| read_one(attribute, item, lenient)).collect();
    let items = items?;
    Ok((!items.is_empty()).then_some(Value::Array(items)))
}

fn read_one(attribute: &Attribute, value: Value, lenient: bool) -> Result<Value, Failure> {
    let wrong = |wanted: &str| refused(INVALID_VALUE, format!("{} must be {wanted}", attribute.name));
    match (attribute.holds, value) {
        (Holds::Text, Value::String(text)) => Ok(Value::String(text)),
        (Holds::Text, _) => Err(wrong("a string")),
        (Holds::Flag, Value::Bool(flag)) => Ok(Value::Bool(flag)),
        (Holds::Flag, Value::String(text)) if lenient => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(wrong("a boolean")),
        },
        (Holds::Flag, _) => Err(wrong("a boolean")),
        (Holds::Complex, Value::Object(members)) => {
            let mut read_members = Map::new();
            for (name, value) in members {
                let Some(part) = find(attribute.parts, &name) else { continue };
                if let Some(value) = read(part, value, lenient)? {
                    read_members.insert(part.name.to_owned(), value);
                }
            }
            Ok(Value::Object(read_members))
        }
        (Holds::Complex, _) => Err(wrong("an object")),
    }
}
