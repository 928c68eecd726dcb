//! Attributes of several values, such as `emails`: which of them is ours, and how it is changed without touching the
//! others. Pure.

use serde_json::{Map, Value, json};

use super::wire::{flag, member, text, value_of};

/// Which value is kept equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice<'a> {
    /// Of this type: `work`.
    pub(super) of_type: &'a str,
    /// The service holds one value, whatever its type.
    pub(super) single: bool,
}

impl Choice<'_> {
    /// The place of our value: one of our type, of these the primary one; else one that says no type; else a primary one
    /// that is not said to be a private one. An address that is said to be private is never ours.
    pub(super) fn pick(self, items: &[Value]) -> Option<usize> {
        let best = |fits: &dyn Fn(&Value) -> bool| {
            let all = || items.iter().enumerate().filter(|(_, item)| value_of(item).is_some() && fits(item));
            all().find(|(_, item)| is_primary(item)).or_else(|| all().next()).map(|(at, _)| at)
        };
        let is_ours = |item: &Value| type_of(item).is_some_and(|kind| kind.eq_ignore_ascii_case(self.of_type));
        let is_private = |item: &Value| type_of(item).is_some_and(|kind| kind.eq_ignore_ascii_case("home"));
        best(&is_ours)
            .or_else(|| best(&|item| type_of(item).is_none()))
            .or_else(|| best(&|item| is_primary(item) && !is_private(item)))
            .or_else(|| if self.single { best(&|_| true) } else { None })
    }

    /// Our value.
    pub(super) fn value(self, items: &[Value]) -> Option<compact_str::CompactString> {
        value_of(&items[self.pick(items)?])
    }

    /// Whether a path that names our type means our value and no other.
    pub(super) fn is_named_by_type(self, items: &[Value]) -> bool {
        let of_type = |item: &&Value| type_of(item).is_some_and(|kind| kind.eq_ignore_ascii_case(self.of_type));
        let mut found = items.iter().enumerate().filter(|(_, item)| of_type(item));
        found.next().map(|(at, _)| at) == self.pick(items) && found.next().is_none()
    }

    /// A value of ours for somebody who has none.
    pub(super) fn new_value(self, items: &[Value], wanted: &str) -> Value {
        let primary = !items.iter().any(is_primary);
        json!({ "value": wanted, "type": self.of_type, "primary": primary })
    }

    /// All values with ours set, or without it.
    pub(super) fn merged(self, items: &[Value], wanted: Option<&str>) -> Vec<Value> {
        let mut all: Vec<Value> = items.iter().map(whole).collect();
        match (self.pick(items), wanted) {
            (Some(at), Some(wanted)) => all[at]["value"] = wanted.into(),
            (Some(at), None) => drop(all.remove(at)),
            (None, Some(wanted)) => all.push(self.new_value(items, wanted)),
            (None, None) => {}
        }
        all
    }
}

/// A value as an object, with booleans that are some: some services show plain texts, and take none.
fn whole(item: &Value) -> Value {
    let Value::Object(map) = item else { return json!({ "value": item }) };
    let mut map: Map<String, Value> = map.clone();
    for (_, value) in map.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("primary")) {
        *value = flag(value).unwrap_or(false).into();
    }
    Value::Object(map)
}

fn type_of(item: &Value) -> Option<compact_str::CompactString> {
    text(member(item.as_object()?, "type")?)
}

fn is_primary(item: &Value) -> bool {
    item.as_object().and_then(|map| member(map, "primary")).and_then(flag) == Some(true)
}
