//! The attributes that the product holds, bent to the form it holds them in. To bend twice is to bend once.

use std::net::IpAddr;

use serde_json::Value;

use crate::plan::{Field, Privilege, Taken, When};
use crate::principal::{Kind, Principal};

pub(super) const PHONE: &str = "phone";
pub(super) const ADDRESSES: &str = "ipWhitelist";
pub(super) const TAGS: &str = "clientTags";
pub(super) const SEES_MASKED: &str = "canViewMaskedData";

/// The members of a user that are ours to set by `attributes` (vendor's page "Users").
pub(super) const ATTRIBUTES: Taken = Taken::Only { users: &[PHONE, ADDRESSES, TAGS, SEES_MASKED], groups: &[] };

/// What is masked is personal data of clients, and an address off the safelist keeps somebody out: both are rights.
pub(super) const PRIVILEGES: &[Privilege] = &[
    Privilege { kind: Kind::User, attribute: SEES_MASKED, when: When::True, administrates: false },
    Privilege { kind: Kind::User, attribute: ADDRESSES, when: When::Changes, administrates: false },
];

/// Bends every attribute of a desired user.
pub(super) fn bend(principal: &mut Principal) {
    if let Some(attributes) = &mut principal.attributes {
        attributes.retain(|name, value| {
            *value = bent(name, value);
            true
        });
    }
}

/// One value as the product holds it; one that it cannot hold stays as it is.
pub(super) fn bent(name: &str, value: &Value) -> Value {
    match name {
        PHONE => single(value).map_or_else(|| value.clone(), Value::from),
        ADDRESSES => list(value, |text| text.parse::<IpAddr>().map_or(text.to_owned(), |address| address.to_string())),
        TAGS => list(value, str::to_owned),
        SEES_MASKED => flag(value).map_or_else(|| value.clone(), Value::from),
        _ => value.clone(),
    }
}

/// Why the product cannot hold a value; none where it can.
pub(super) fn refuses(field: &Field, value: &Value) -> Option<String> {
    let Field::Attribute(name) = field else { return None };
    let expected = match name.as_str() {
        PHONE if !matches!(value, Value::Null | Value::String(_)) => "one text",
        SEES_MASKED if !matches!(value, Value::Null | Value::Bool(_)) => "true or false",
        ADDRESSES | TAGS if !matches!(value, Value::Null | Value::Array(_)) => "a list of texts",
        _ => return None,
    };
    Some(format!("`attributes.{name}` is no value that B2CORE holds: expected {expected}"))
}

/// One text: a directory gives a list of one for it, and a number is written out.
fn single(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Array(items) if items.len() <= 1 => items.first().map_or(Some(String::new()), single),
        other => word(other).map(|text| text.trim().to_owned()),
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        other => match single(other)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" | "" => Some(false),
            _ => None,
        },
    }
}

/// Sorted, none twice: their order says nothing. A text is cut at `,` and `;`, as a column of a table holds several.
fn list(value: &Value, spell: impl Fn(&str) -> String) -> Value {
    let texts: Option<Vec<String>> = match value {
        Value::Null => Some(Vec::new()),
        Value::String(text) => Some(text.split([',', ';']).map(str::to_owned).collect()),
        Value::Array(items) => items.iter().map(word).collect(),
        _ => None,
    };
    let Some(texts) = texts else { return value.clone() };
    let mut texts: Vec<String> =
        texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).map(spell).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.into()
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
