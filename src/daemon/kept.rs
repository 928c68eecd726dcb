//! What was asked, as it stands in the state: whoever was told 202 is answered, also by another process.

use serde::{Deserialize, Serialize};

use super::request::{Cause, Terms, Trigger, new_id};
use crate::principal::PrincipalId;
use crate::store::AskedRow;

/// As it is written down.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    /// The id of a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hook: Option<String>,
    /// Who asked over the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apply_changes: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remove_deleted: Option<bool>,
}

/// How a trigger is written down. Times of schedules have rows of their own, and what is asked by hand, or
/// with a list, has none: whoever asks so waits for it.
#[must_use]
pub fn row_of(trigger: &Trigger) -> AskedRow {
    let Trigger { id, sync, cause, only, terms, kept: _ } = trigger;
    let Terms { apply_changes, remove_deleted, by_hand: _, given: _ } = terms;
    let (apply_changes, remove_deleted) = (*apply_changes, *remove_deleted);
    let (hook, caller) = match cause {
        Cause::Hook(id) => (Some(id.clone()), None),
        Cause::Caller(name) => (None, Some(name.clone())),
        Cause::Tick(_) => (None, None),
    };
    let only = only.iter().map(ToString::to_string).collect();
    let content = Content { hook, caller, only, apply_changes, remove_deleted };
    let content = serde_json::to_string(&content).unwrap_or_default();
    AskedRow { id: id.clone(), sync: sync.clone(), content }
}

/// What a row asks; none where it cannot be read. The run has another id where one by its own had `begun`.
#[must_use]
pub fn trigger_of(row: &AskedRow, begun: bool) -> Option<Trigger> {
    let AskedRow { id, sync, content } = row;
    let Content { hook, caller, only, apply_changes, remove_deleted } = serde_json::from_str(content).ok()?;
    let cause = hook.map(Cause::Hook).or(caller.map(Cause::Caller))?;
    let only: Result<Vec<_>, _> = only.iter().map(|name| PrincipalId::parse(name)).collect();
    let terms = Terms { apply_changes, remove_deleted, by_hand: false, given: None };
    let run = if begun { new_id() } else { id.clone() };
    Some(Trigger { id: run, sync: sync.clone(), cause, only: only.ok()?, terms, kept: Some(id.clone()) })
}
