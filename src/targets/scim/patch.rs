//! Operations of a PATCH (RFC 7644, 3.5.2): one for each value, always with a path, in lower case, with booleans that
//! are some. This is the only form that every service was seen to take. Pure.

use serde_json::{Map, Value, json};

use super::config::Clearing;
use super::fields::Place;
use super::typed::Choice;
use super::wire::{PATCH, Resource};

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    word: &'static str,
    path: String,
    value: Option<Value>,
}

/// In which form values are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) choice: Choice<'a>,
    pub(super) clear: Clearing,
    /// Whether a path may hold a filter.
    pub(super) filters: bool,
}

impl Operation {
    pub(super) fn replace(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { word: "replace", path: path.into(), value: Some(value.into()) }
    }

    fn add(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { word: "add", path: path.into(), value: Some(value.into()) }
    }

    /// Members come in one array.
    pub(super) fn add_members<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let members: Vec<Value> = ids.into_iter().map(|id| json!({ "value": id })).collect();
        Self::add("members", members)
    }

    /// A member leaves by a filter of its own: of two ids joined by `or` some services remove one.
    pub(super) fn remove_member(id: &str) -> Self {
        Self { word: "remove", path: format!("members[value eq {}]", quoted(id)), value: None }
    }

    /// The form of those who know no filter in a path. RFC 7644 does not know this one.
    pub(super) fn remove_members<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let members: Vec<Value> = ids.into_iter().map(|id| json!({ "value": id })).collect();
        Self { word: "remove", path: "members".to_owned(), value: Some(members.into()) }
    }

    /// What makes one value of a user equal; nothing where there is nothing to do.
    pub(super) fn of(place: Place, resource: &Resource, wanted: Option<&str>, form: Form<'_>) -> Option<Self> {
        let has = place.read(resource, form.choice);
        if has.as_deref() == wanted {
            return None;
        }
        Some(match (place, wanted) {
            (Place::Typed(name), wanted) => typed(name, resource, wanted, form),
            (place, Some(wanted)) if has.is_some() => Self::replace(place.path(), wanted),
            (place, Some(wanted)) => Self::add(place.path(), wanted),
            (place, None) => cleared(place.path(), form.clear),
        })
    }

    /// Whether its path holds a filter on a value of a user.
    pub(super) fn has_filter(&self) -> bool {
        self.path.contains('[')
    }

    /// Whether it is about an attribute of the extension.
    pub(super) fn is_extension(&self) -> bool {
        self.path.starts_with("urn:")
    }

    /// What it changes, for a person.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    fn json(&self) -> Value {
        let mut map = Map::new();
        map.insert("op".to_owned(), self.word.into());
        map.insert("path".to_owned(), self.path.as_str().into());
        map.extend(self.value.iter().map(|value| ("value".to_owned(), value.clone())));
        Value::Object(map)
    }
}

/// The body of a PATCH.
pub(super) fn body(operations: &[Operation]) -> Value {
    let operations: Vec<Value> = operations.iter().map(Operation::json).collect();
    json!({ "schemas": [PATCH], "Operations": operations })
}

fn typed(name: &str, resource: &Resource, wanted: Option<&str>, form: Form<'_>) -> Operation {
    let Form { choice, clear, filters } = form;
    let items = resource.values(name).unwrap_or_default();
    let by_type = || format!("{name}[type eq {}]", quoted(choice.of_type));
    match wanted {
        Some(wanted) if choice.pick(items).is_none() => Operation::add(name, vec![choice.new_value(items, wanted)]),
        Some(wanted) if filters && choice.is_named_by_type(items) => {
            Operation::replace(format!("{}.value", by_type()), wanted)
        }
        // A list that is empty is no text that is.
        None if items.len() <= 1 && clear == Clearing::Empty => Operation::replace(name, Vec::<Value>::new()),
        None if items.len() <= 1 => cleared(name.to_owned(), clear),
        None if filters && choice.is_named_by_type(items) => Operation { word: "remove", path: by_type(), value: None },
        wanted => Operation::replace(name, choice.merged(items, wanted)),
    }
}

fn cleared(path: String, clear: Clearing) -> Operation {
    match clear {
        Clearing::Remove => Operation { word: "remove", path, value: None },
        Clearing::Empty => Operation::replace(path, ""),
        Clearing::Null => Operation::replace(path, Value::Null),
    }
}

/// A text as a literal of a filter: in quotation marks, escaped as in JSON (RFC 7644, 3.4.2.2).
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
