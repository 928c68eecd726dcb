//! Lists: which part is asked for, and what it is wrapped in.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::b2core::record::User;
use crate::sandbox::b2core::switches::{FilterMatch, ListBody, Switches};

/// The members of a query; those that are unknown are passed over. Brackets of `filter[name]` may be encoded or not.
pub(super) type Asked = HashMap<String, String>;

/// A part of a list: `limit` is the most items of an answer, `offset` how many are passed over from the start (wording
/// of a sibling product; the default and the maximum of `limit` are not published).
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl Page {
    /// # Errors
    /// When a number is none.
    pub(super) fn read(asked: &Asked, switches: &Switches) -> Result<Self, Refusal> {
        let number = |name: &'static str| match asked.get(name) {
            None => Ok(0),
            Some(text) => text.parse::<u32>().map_err(|_| {
                Refusal::member(switches.invalid_status, name, "must be an integer that is not less than 0")
            }),
        };
        let limit = match number("limit")? {
            0 => switches.limit_default,
            given => given.min(switches.limit_maximum),
        };
        let offset = if switches.ignore_offset { 0 } else { number("offset")? };
        Ok(Self { offset: offset as usize, limit: limit as usize })
    }

    /// Cuts this part out of a list, and counts the whole.
    pub(super) fn cut<T>(self, all: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let mut items = Vec::new();
        let mut total = 0;
        for item in all {
            if total >= self.offset && items.len() < self.limit {
                items.push(item);
            }
            total += 1;
        }
        (items, total)
    }
}

/// Wraps a part of a list.
pub(super) fn wrap(items: Vec<Value>, total: usize, switches: &Switches) -> Value {
    match switches.list_body {
        ListBody::Array => Value::Array(items),
        ListBody::Data => json!({ "data": items, "total": total }),
        ListBody::Items => json!({ "items": items }),
    }
}

/// What `filter[name]`, `filter[email]` and `filter[active]` let through.
#[derive(Debug)]
pub(super) struct Filter {
    name: Option<String>,
    email: Option<String>,
    only_active: bool,
    matching: FilterMatch,
}

impl Filter {
    /// `filter[active]=1` asks for the active ones, anything else for all (vendor's page "Users").
    pub(super) fn read(asked: &Asked, switches: &Switches) -> Self {
        let text = |name: &str| asked.get(name).map(|text| text.to_lowercase());
        Self {
            name: text("filter[name]"),
            email: text("filter[email]"),
            only_active: asked.get("filter[active]").is_some_and(|text| text == "1"),
            matching: switches.filter_match,
        }
    }

    /// Whether a user is asked for.
    pub(super) fn passes(&self, user: &User) -> bool {
        let fits = |wanted: &Option<String>, value: &str| match (wanted, self.matching) {
            (None, _) => true,
            (Some(wanted), FilterMatch::Exact) => value.to_lowercase() == *wanted,
            (Some(wanted), FilterMatch::Contains) => value.to_lowercase().contains(wanted),
        };
        (user.active || !self.only_active) && fits(&self.name, &user.name) && fits(&self.email, &user.email)
    }
}
