//! A request below `/api/v1/`, and what its handler answers with.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// What was asked.
#[derive(Debug)]
pub(super) struct Asked {
    /// `User`, as it was written.
    pub(super) section: String,
    /// `listUsers`, as it was written.
    pub(super) endpoint: String,
    pub(super) is_get: bool,
    /// Path and query, key included: only for failures that repeat it.
    pub(super) address: String,
    /// Parameters, the key among them. Of one that comes twice the last counts, as in PHP.
    pub(super) query: BTreeMap<String, String>,
    pub(super) payload: Arc<Payload>,
}

impl Asked {
    /// A parameter that is not blank.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// The names of the parameters besides the key: `group+username`.
    pub(super) fn parameter_names(&self) -> String {
        let names: Vec<&str> = self.query.keys().map(String::as_str).filter(|name| *name != "apikey").collect();
        names.join("+")
    }
}

/// What a success answers with.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) body: Value,
    pub(super) effect: Effect,
}

impl Reply {
    /// A read.
    pub(super) fn read(body: Value) -> Self {
        Self { body, effect: Effect::default() }
    }

    /// A write that changed these.
    pub(super) fn write(body: Value, changes: Changes) -> Self {
        Self { body, effect: Effect::write(changes) }
    }

    /// With a remark for the journal.
    pub(super) fn remarked(mut self, remark: &str) -> Self {
        self.effect.warnings.push(remark.to_owned());
        self
    }
}
