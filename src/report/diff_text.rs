use std::fmt::Write;

use super::field_diff::{plain, unified};
use super::ink::{ADD, CHANGE, FAINT, REMOVE, ink};
use super::report::Report;
use crate::plan::Change;
use crate::principal::{GroupNames, Principal, PrincipalView, neutral};

/// A plan as a unified diff of principals, one member a line: for people and tools that read patches.
#[must_use]
pub fn diff_text(report: &Report) -> String {
    let mut out = String::new();
    for change in &report.plan.changes {
        one(&mut out, change, &report.plan.names);
    }
    for item in &report.plan.held {
        let group = item.wanted.group().map(|group| format!(" {}", neutral(group))).unwrap_or_default();
        let line = format!(
            "# held: {} {}: {}{group}: {}",
            item.kind,
            neutral(&item.name),
            item.wanted.word(),
            neutral(&item.reason)
        );
        let _ = writeln!(out, "{}", ink(FAINT, &line));
    }
    out
}

fn one(out: &mut String, change: &Change, names: &GroupNames) {
    let from = change.before().map(|before| lines(before, names)).unwrap_or_default();
    let to = change.after().map(|after| lines(after, names)).unwrap_or_default();
    let title = |there: bool, principal: &str| {
        if there { format!("{}:{principal}", change.kind()) } else { "/dev/null".into() }
    };
    let old = title(change.before().is_some(), &neutral(change.name()));
    let new = title(change.after().is_some(), &neutral(change.after().map_or("", |after| &after.name)));
    for line in unified(&from, &to, &old, &new).lines() {
        let line = match line.as_bytes().first() {
            Some(b'+') => ink(ADD, line),
            Some(b'-') => ink(REMOVE, line),
            Some(b'@') => ink(CHANGE, line),
            _ => line.to_owned(),
        };
        let _ = writeln!(out, "{line}");
    }
}

/// One member a line; a group a line of its own.
fn lines(principal: &Principal, names: &GroupNames) -> String {
    let document = serde_json::to_value(PrincipalView::new(principal, names)).unwrap_or_default();
    let mut out = String::new();
    for (member, value) in document.as_object().into_iter().flatten() {
        match value.as_array() {
            Some(items) => {
                for item in items {
                    let _ = writeln!(out, "{member}: {}", plain(item));
                }
            }
            None => {
                let _ = writeln!(out, "{member}: {}", plain(value));
            }
        }
    }
    out
}
