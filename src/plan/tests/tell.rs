//! A plan in lines, by names alone: how groups were numbered does not show.

use std::fmt::Write;

use serde::Serialize;

use crate::plan::{Cause, Change, Plan, Wanted};
use crate::principal::{GroupNames, Principal, PrincipalView, neutral};

pub(crate) fn lines(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = plan.changes.iter().map(|change| line(change, &plan.names)).collect();
    lines.extend(
        plan.retained.iter().map(|item| format!("retain {} {}: {}", item.kind, neutral(&item.name), item.reason)),
    );
    lines.extend(plan.held.iter().map(|item| {
        let wanted = match &item.wanted {
            Wanted::Action(action) => action.word().to_owned(),
            Wanted::Join(group) => format!("join {group}"),
            Wanted::Leave(group) => format!("leave {group}"),
        };
        format!("hold {} {}: {wanted} ({})", item.kind, neutral(&item.name), word(&item.code))
    }));
    lines.extend(plan.adopted.iter().map(|item| {
        let id = item.source_id.as_ref().map(|id| format!(" #{id}")).unwrap_or_default();
        format!("adopt {} {}{id}{}", item.kind, neutral(&item.name), if item.first { "" } else { " again" })
    }));
    lines.extend(plan.notes.iter().map(|note| format!("note {note}")));
    lines
}

/// `update user bob (changed) displayName: null -> "Bob" +x -y`
pub(crate) fn line(change: &Change, names: &GroupNames) -> String {
    let detail = change.detail();
    let (action, kind, name) = (change.action().word(), change.kind(), neutral(change.name()));
    let mut out = format!("{action} {kind} {name} ({})", word(&change.reason));
    if let Some(name) = &detail.new_name {
        let _ = write!(out, " -> {}", neutral(name));
    }
    out.push_str(&cause(detail.cause));
    for field in &detail.fields {
        let _ = write!(out, " {}: {} -> {}{}", field.field.text(), field.from, field.to, cause(field.cause));
    }
    let cause_of = |group: &str| names.find(group).map_or_else(String::new, |group| cause(change.cause_of(group)));
    for group in names.sorted(change.joins()) {
        let _ = write!(out, " +{}{}", neutral(group), cause_of(group));
    }
    for group in names.sorted(change.leaves()) {
        let _ = write!(out, " -{}{}", neutral(group), cause_of(group));
    }
    if let Some(heir) = &detail.transfer_to {
        let _ = write!(out, " to {heir}");
    }
    if !detail.touches.is_empty() {
        let touched: Vec<String> = detail.touches.iter().map(ToString::to_string).collect();
        let _ = write!(out, " touches {}", touched.join(" "));
    }
    out
}

/// Who moved, where something is remembered.
fn cause(cause: Cause) -> String {
    if cause == Cause::Unknown { String::new() } else { format!(" [{}]", cause.word()) }
}

/// A principal as JSON.
pub(crate) fn json(principal: &Principal, names: &GroupNames) -> String {
    serde_json::to_string(&PrincipalView::new(principal, names)).unwrap()
}

fn word(code: &impl Serialize) -> String {
    serde_json::to_value(code).unwrap().as_str().unwrap().to_owned()
}
