use std::fmt;
use std::ops::Deref;

use serde_json::Value;

/// A plan or report as JSON, told in short lines for comparing.
pub(crate) struct Document(Value);

impl Document {
    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}")))
    }

    /// `create user:ada`, in the order of the plan.
    pub(crate) fn changes(&self) -> Vec<String> {
        self.each("changes", |change| format!("{} {}", text(change, "action"), id(change)))
    }

    /// `done user:ada`, in the order of the plan.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.each("changes", |change| format!("{} {}", text(change, "outcome"), id(change)))
    }

    /// `user:ada join staff: privileged`.
    pub(crate) fn held(&self) -> Vec<String> {
        self.each("held", |held| {
            let group = held["group"].as_str().map(|group| format!(" {group}")).unwrap_or_default();
            format!("{} {}{group}: {}", id(held), text(held, "wanted"), text(held, "reasonCode"))
        })
    }

    /// `user:ada`, of the list `retained`, `rejected` or `adopted`.
    pub(crate) fn names(&self, list: &str) -> Vec<String> {
        self.each(list, id)
    }

    /// The change of one principal, such as `user:ada`.
    #[track_caller]
    pub(crate) fn change(&self, principal: &str) -> &Value {
        let mut changes = self.0["changes"].as_array().unwrap().iter();
        changes.find(|change| id(change) == principal).unwrap_or_else(|| panic!("no change of {principal} in {self}"))
    }

    /// A limit of the guard, measured of `of` where it is measured more than once.
    #[track_caller]
    pub(crate) fn limit(&self, name: &str, of: &str) -> &Value {
        let mut limits = self.0["guard"]["limits"].as_array().unwrap().iter();
        let found = limits.find(|limit| limit["name"] == name && (of.is_empty() || limit["of"] == of));
        found.unwrap_or_else(|| panic!("no limit {name} of {of} in {self}"))
    }

    fn each(&self, list: &str, tell: impl Fn(&Value) -> String) -> Vec<String> {
        self.0[list].as_array().unwrap().iter().map(tell).collect()
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn id(value: &Value) -> String {
    format!("{}:{}", text(value, "kind"), text(value, "name"))
}

impl Deref for Document {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl fmt::Display for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:#}", self.0)
    }
}
