//! Paths to attributes (RFC 7644, 3.5.2): `name.givenName`, `emails[type eq "work"].value`,
//! `urn:…:enterprise:2.0:User:department`.

use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::{ENTERPRISE_URN, GROUP_URN, USER_URN};
use crate::sandbox::scim::error::{INVALID_PATH, refused};
use crate::sandbox::scim::filter::Filter;

/// A path, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    /// Whether the attribute is one of the extension. An extension path without an attribute names it as a whole.
    pub(super) extension: bool,
    /// The attribute as written; empty where the extension as a whole is meant.
    pub(super) attribute: String,
    /// Which of its values.
    pub(super) filter: Option<Filter>,
    /// Which part of it.
    pub(super) part: Option<String>,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// 400 `invalidPath` or `invalidFilter`.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let wrong = || refused(INVALID_PATH, format!("the path {text} cannot be read"));
        let (extension, rest) = schema(text.trim());
        let rest = rest.ok_or_else(wrong)?;
        let (attribute, rest) = name(rest);
        if attribute.is_empty() && (!extension || !rest.is_empty()) {
            return Err(wrong());
        }
        let (filter, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (filter, rest) = inside.rsplit_once(']').ok_or_else(wrong)?;
                (Some(Filter::read(filter)?), rest)
            }
            None => (None, rest),
        };
        let part = match rest.strip_prefix('.') {
            Some(part) => {
                let (part, rest) = name(part);
                if part.is_empty() || !rest.is_empty() {
                    return Err(wrong());
                }
                Some(part.to_owned())
            }
            None if rest.is_empty() => None,
            None => return Err(wrong()),
        };
        Ok(Self { extension, attribute: attribute.to_owned(), filter, part })
    }

    /// The values at this path, whatever its filter.
    pub(super) fn values<'map>(&self, map: &'map Map<String, Value>) -> Vec<&'map Value> {
        let Some(found) = self.root(map).and_then(|map| member(map, &self.attribute)) else {
            let whole = self.attribute.is_empty().then(|| member(map, ENTERPRISE_URN)).flatten();
            return whole.into_iter().collect();
        };
        let all: Vec<&Value> = found.as_array().map_or_else(|| vec![found], |items| items.iter().collect());
        match &self.part {
            None => all,
            Some(part) => {
                let parts = all.into_iter().filter_map(Value::as_object);
                parts.filter_map(|map| member(map, part)).collect()
            }
        }
    }

    /// Takes the values at this path away, whatever its filter.
    pub(super) fn erase(&self, map: &mut Map<String, Value>) {
        if self.attribute.is_empty() {
            map.retain(|name, _| !name.eq_ignore_ascii_case(ENTERPRISE_URN));
            return;
        }
        let root =
            if self.extension { member_mut(map, ENTERPRISE_URN).and_then(Value::as_object_mut) } else { Some(map) };
        let Some(root) = root else { return };
        let Some(part) = &self.part else {
            root.retain(|name, _| !name.eq_ignore_ascii_case(&self.attribute));
            return;
        };
        let strip = |value: &mut Value| {
            if let Some(map) = value.as_object_mut() {
                map.retain(|name, _| !name.eq_ignore_ascii_case(part));
            }
        };
        match member_mut(root, &self.attribute) {
            Some(Value::Array(items)) => items.iter_mut().for_each(strip),
            Some(value) => strip(value),
            None => {}
        }
    }

    fn root<'map>(&self, map: &'map Map<String, Value>) -> Option<&'map Map<String, Value>> {
        if self.extension { member(map, ENTERPRISE_URN).and_then(Value::as_object) } else { Some(map) }
    }
}

/// A member of an object, whatever the case of its name.
pub(super) fn member<'map>(map: &'map Map<String, Value>, name: &str) -> Option<&'map Value> {
    map.get(name).or_else(|| map.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// The same, to be changed.
pub(super) fn member_mut<'map>(map: &'map mut Map<String, Value>, name: &str) -> Option<&'map mut Value> {
    map.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Takes the URN off; whether it is that of the extension, and what follows. No schema of that name: nothing.
fn schema(text: &str) -> (bool, Option<&str>) {
    if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
        return (false, Some(text));
    }
    for urn in [ENTERPRISE_URN, USER_URN, GROUP_URN] {
        if text.get(..urn.len()).is_some_and(|start| start.eq_ignore_ascii_case(urn)) {
            let extension = urn == ENTERPRISE_URN;
            let rest = &text[urn.len()..];
            let rest = if rest.is_empty() { Some(rest) } else { rest.strip_prefix([':', '.']) };
            return (extension, rest);
        }
    }
    (false, None)
}

/// An attribute name (RFC 7643, 2.1) at the start, and what follows.
fn name(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_$".contains(letter)));
    text.split_at(end.unwrap_or(text.len()))
}
