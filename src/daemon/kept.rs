//! What was asked, as it stands in the state: whoever was told that a run comes is answered, also by another process.

use serde::Deserialize;
use serde_json::json;

use super::request::{Cause, Terms, Trigger, new_id};
use crate::principal::PrincipalId;
use crate::store::AskedRow;

/// As it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    /// The id of a call.
    hook: Option<String>,
    /// Who asked over the API.
    caller: Option<String>,
    only: Vec<String>,
    apply_changes: Option<bool>,
    remove_deleted: Option<bool>,
}

/// How a trigger is written down. Times of schedules have rows of their own; what is asked by hand, or with a list, has
/// none: that is done while somebody looks, and not after a restart.
#[must_use]
pub fn row_of(trigger: &Trigger) -> AskedRow {
    let Trigger { id, sync, cause, only, terms, kept: _ } = trigger;
    let Terms { apply_changes, remove_deleted, by_hand: _, given: _ } = terms;
    let (hook, caller) = match cause {
        Cause::Hook(id) => (Some(id), None),
        Cause::Caller(name) => (None, Some(name)),
        Cause::Tick(_) => (None, None),
    };
    let only: Vec<String> = only.iter().map(ToString::to_string).collect();
    let content = json!({
        "hook": hook, "caller": caller, "only": only, "applyChanges": apply_changes, "removeDeleted": remove_deleted,
    });
    AskedRow { id: id.clone(), sync: sync.clone(), content: content.to_string() }
}

/// What a row of another process asks; none where it cannot be read. Its run has an id of its own, as that process may have
/// begun one by the id of the row.
#[must_use]
pub fn trigger_of(row: &AskedRow) -> Option<Trigger> {
    let AskedRow { id, sync, content } = row;
    let Content { hook, caller, only, apply_changes, remove_deleted } = serde_json::from_str(content).ok()?;
    let cause = hook.map(Cause::Hook).or(caller.map(Cause::Caller))?;
    let only: Result<Vec<_>, _> = only.iter().map(|name| PrincipalId::parse(name)).collect();
    let terms = Terms { apply_changes, remove_deleted, by_hand: false, given: None };
    Some(Trigger { id: new_id(), sync: sync.clone(), cause, only: only.ok()?, terms, kept: Some(id.clone()) })
}
