//! Their JSON, read with patience: the objects that are answered, and what a list is wrapped in, are published nowhere.

use compact_str::{CompactString, ToCompactString};
use serde_json::{Map, Value};

use crate::connector::ConnectorError;
use crate::http::Answer;
use crate::principal::shown;

/// Members that are answered and never sent: ids, times, and who made it.
const READ_ONLY: [&str; 7] = ["id", "createTime", "updateTime", "createdAt", "updatedAt", "creator", "password"];

/// A user or a group as answered, unknown members included.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row(Map<String, Value>);

impl Row {
    pub(super) fn read(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self(members)),
            _ => None,
        }
    }

    /// Its id, an integer or a text of digits.
    pub(super) fn id(&self) -> Option<CompactString> {
        identity(self.0.get("id")?)
    }

    /// A text that is not empty.
    pub(super) fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// True or false, also where that is written 1 or 0.
    pub(super) fn flag(&self, member: &str) -> Option<bool> {
        match self.0.get(member)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_i64() != Some(0)),
            _ => None,
        }
    }

    /// The ids of its groups: integers, or objects with an `id`. None where it does not tell.
    pub(super) fn groups(&self) -> Option<Vec<CompactString>> {
        let items = self.0.get("groups")?.as_array()?;
        items.iter().map(|item| identity(item.get("id").unwrap_or(item))).collect()
    }

    /// A list of texts, or of objects with a `name`; what is neither is passed over.
    pub(super) fn texts(&self, member: &str) -> Vec<&str> {
        let items = self.0.get(member).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.get("name").unwrap_or(item).as_str()).collect()
    }

    /// What a whole record is sent back as: what may be sent, unknown members included, and nothing that is null.
    pub(super) fn sendable(&self) -> Map<String, Value> {
        let kept = self.0.iter().filter(|(name, value)| !READ_ONLY.contains(&name.as_str()) && !value.is_null());
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// An id in the form that is compared.
fn identity(value: &Value) -> Option<CompactString> {
    match value {
        Value::Number(number) => number.as_u64().map(|id| id.to_compact_string()),
        Value::String(text) => text.parse::<u64>().ok().map(|id| id.to_compact_string()),
        _ => None,
    }
}

/// An id in the form that is sent: the vendor's page says integers.
pub(super) fn number(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| id.into(), Value::from)
}

/// A part of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    /// How many there are in all, where that is said.
    pub(super) total: Option<usize>,
}

impl Page {
    /// Reads `[…]`, `{"data": […], "total": 2}`, `{"items": […]}` and the like.
    ///
    /// # Errors
    /// A sentence, when it is no list of objects.
    pub(super) fn read(body: Value) -> Result<Self, String> {
        let (items, total) = match body {
            Value::Array(items) => (Some(items), None),
            Value::Object(mut members) => {
                let total = ["total", "totalCount"].iter().find_map(|name| members.get(*name)?.as_u64());
                let wrapped = ["data", "items", "results", "rows"].iter().find_map(|name| members.remove(*name));
                match wrapped {
                    Some(Value::Array(items)) => (Some(items), total),
                    _ => (None, None),
                }
            }
            _ => (None, None),
        };
        let items = items.ok_or("the answer is no list: expected an array, or an object with `data` or `items`")?;
        let read = |(at, item)| Row::read(item).ok_or_else(|| format!("item {} of the list is no object", at + 1));
        let rows = items.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { rows, total: total.and_then(|total| usize::try_from(total).ok()) })
    }
}

/// The error with the server's own words, where it gives some in JSON: `message`, `error`, and `errors` by member. No
/// error body is published.
pub(super) fn explained(mut error: ConnectorError, answer: &Answer) -> ConnectorError {
    if let Some(words) = words(&answer.body) {
        error.why = format!("the answer is {}: {words}", answer.status);
    }
    error
}

fn words(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let message = ["message", "error", "detail"].iter().find_map(|name| body.get(*name)?.as_str());
    let by_member = body.get("errors").and_then(Value::as_object).into_iter().flatten();
    let by_member = by_member.map(|(member, words)| {
        let words = match words {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        format!("{member}: {words}")
    });
    let parts: Vec<String> = message.map(str::to_owned).into_iter().chain(by_member).collect();
    (!parts.is_empty()).then(|| shown(&parts.join("; "), 300))
}
