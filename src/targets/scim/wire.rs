//! Their JSON, read with all tolerance: names of members in any case, numbers for texts, texts for booleans, resources
//! that lack what the RFC wants.

use compact_str::CompactString;
use serde_json::{Map, Value};

/// Core schema of users (RFC 7643, 4.1).
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Core schema of groups (RFC 7643, 4.2).
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// Extension of users (RFC 7643, 4.3).
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The body of a PATCH (RFC 7644, 3.5.2).
pub(super) const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A resource, kept whole: what is not understood survives a PUT.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Resource {
    pub(super) raw: Map<String, Value>,
}

impl Resource {
    /// Nothing where it is no object.
    pub(super) fn read(value: Value) -> Option<Self> {
        match value {
            Value::Object(raw) => Some(Self { raw }),
            _ => None,
        }
    }

    /// An opaque word, whatever its type.
    pub(super) fn id(&self) -> Option<CompactString> {
        text(member(&self.raw, "id")?)
    }

    /// The text of an attribute; nothing where it is empty.
    pub(super) fn text(&self, name: &str) -> Option<CompactString> {
        text(member(&self.raw, name)?)
    }

    /// What a person calls it.
    pub(super) fn name(&self, kind: crate::principal::Kind) -> Option<CompactString> {
        self.text(match kind {
            crate::principal::Kind::User => "userName",
            crate::principal::Kind::Group => "displayName",
        })
    }

    pub(super) fn active(&self) -> Option<bool> {
        flag(member(&self.raw, "active")?)
    }

    /// The version, for `If-Match` (RFC 7644, 3.14).
    pub(super) fn version(&self) -> Option<CompactString> {
        text(member(member(&self.raw, "meta")?.as_object()?, "version")?)
    }

    /// The values of an attribute; nothing where it is not there.
    pub(super) fn values(&self, name: &str) -> Option<&[Value]> {
        match member(&self.raw, name)? {
            Value::Array(items) => Some(items),
            Value::Null => None,
            one => Some(std::slice::from_ref(one)),
        }
    }

    /// The ids of the members of a group; nothing where it does not tell.
    pub(super) fn members(&self) -> Option<Vec<CompactString>> {
        Some(self.values("members")?.iter().filter_map(value_of).collect())
    }

    /// The ids of the groups that a user says to be in.
    pub(super) fn groups(&self) -> Vec<CompactString> {
        self.values("groups").unwrap_or_default().iter().filter_map(value_of).collect()
    }
}

/// A page of a list (RFC 7644, 3.4.2; RFC 9865).
#[derive(Debug, Default, PartialEq)]
pub(super) struct ListPage {
    pub(super) rows: Vec<Value>,
    pub(super) total: Option<usize>,
    pub(super) next: Option<String>,
}

impl ListPage {
    /// # Errors
    /// A sentence, when it is no list.
    pub(super) fn read(value: Value) -> Result<Self, String> {
        let Value::Object(mut raw) = value else { return Err("the answer is no list of resources".into()) };
        let total = member(&raw, "totalResults").and_then(number);
        let next = member(&raw, "nextCursor").and_then(text).map(String::from);
        let key = raw.keys().find(|key| key.eq_ignore_ascii_case("Resources")).cloned();
        let rows = match key.and_then(|key| raw.remove(&key)) {
            Some(Value::Array(rows)) => rows,
            // RFC 7644, 3.4.2: it may be left out where there are none.
            None | Some(Value::Null) if total.is_some() => Vec::new(),
            _ => return Err("the answer is no list of resources: it holds no `Resources`".into()),
        };
        Ok(Self { rows, total, next })
    }
}

/// What an error says (RFC 7644, 3.12).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) detail: String,
    pub(super) kind: Option<String>,
}

impl Failure {
    /// Nothing where there is no JSON with words in it.
    pub(super) fn read(body: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(body).ok()?;
        let raw = value.as_object()?;
        let kind = member(raw, "scimType").and_then(text).map(String::from);
        let words = ["detail", "message", "description", "error"].iter().find_map(|name| text(member(raw, name)?));
        let words = words.map(String::from).or_else(|| kind.clone())?;
        Some(Self { detail: words, kind })
    }
}

/// A member of an object, whatever the case of its name (RFC 7643, 2.1).
pub(super) fn member<'map>(map: &'map Map<String, Value>, name: &str) -> Option<&'map Value> {
    map.get(name).or_else(|| map.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// The same, to be changed; made where it is not there.
pub(super) fn member_mut<'map>(map: &'map mut Map<String, Value>, name: &str) -> &'map mut Value {
    let known = map.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
    map.entry(known.unwrap_or_else(|| name.to_owned())).or_insert(Value::Null)
}

/// Takes a member away, whatever the case of its name.
pub(super) fn remove(map: &mut Map<String, Value>, name: &str) {
    map.retain(|known, _| !known.eq_ignore_ascii_case(name));
}

/// A text, or a number as one; nothing where it is empty.
pub(super) fn text(value: &Value) -> Option<CompactString> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// A boolean, or a text that says one.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn number(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    usize::try_from(number).ok()
}

/// The `value` of one of several values; a plain text is one.
pub(super) fn value_of(item: &Value) -> Option<CompactString> {
    match item {
        Value::Object(map) => text(member(map, "value")?),
        plain => text(plain),
    }
}
