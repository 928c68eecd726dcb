//! The company in every product, side by side.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::connector::Outcome;
use crate::plan::Wanted;
use crate::principal::{Kind, neutral};
use crate::report::{Phase, Report};

const GOOD: Style = AnsiColor::Green.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
const TITLE: Style = Style::new().bold();

/// One product of the table.
pub(super) struct Row {
    pub(super) target: String,
    users: usize,
    groups: usize,
    memberships: usize,
    updates: usize,
    /// Changes that a second plan still has.
    pub(super) left: usize,
    /// Why something was not taken, and how often.
    held: BTreeMap<String, usize>,
}

impl Row {
    pub(super) fn of(report: &Report) -> Self {
        let summary = report.summary();
        let mut held = BTreeMap::new();
        for item in &report.plan.held {
            let what = match &item.wanted {
                Wanted::Action(action) => format!("{} {}", action.word(), item.kind.word()),
                Wanted::Join(_) if item.kind == Kind::Group => "nest group".to_owned(),
                Wanted::Join(_) => "join group".to_owned(),
                Wanted::Leave(_) => "leave group".to_owned(),
            };
            *held.entry(format!("{what}: {}", item.reason)).or_default() += 1;
        }
        Self {
            target: report.facts.target.name.clone(),
            users: summary.users.create,
            groups: summary.groups.create,
            memberships: summary.users.memberships.add + summary.groups.memberships.add,
            updates: summary.users.update + summary.groups.update,
            left: report.plan.changes.len(),
            held,
        }
    }
}

/// One line of what an apply did.
pub(super) fn applied(report: &Report) -> String {
    let done = report.outcomes().iter().filter(|outcome| matches!(outcome, Outcome::Done)).count();
    let open = report.outcomes().len() - done;
    let verified = match &report.phase {
        Phase::Applied { verification: Some(found), .. } if found.error.is_none() && found.remaining == 0 => "verified",
        _ => "not verified",
    };
    let calls = match &report.phase {
        Phase::Applied { calls, .. } => *calls,
        Phase::Planned => 0,
    };
    let style = if open == 0 { GOOD } else { WARN };
    let not = if open == 0 { String::new() } else { format!(", {open} not") };
    format!(
        "  {:<24}{style}{done:>3} changes done{not}{style:#}, {verified}  {FAINT}{calls} calls, {} were forecast{FAINT:#}\n",
        report.facts.sync, report.forecast.calls,
    )
}

/// One line of what a second plan finds.
pub(super) fn again(report: &Report) -> String {
    let changes = report.plan.changes.len();
    let (style, text) =
        if changes == 0 { (GOOD, "Nothing to do.".to_owned()) } else { (WARN, format!("{changes} changes are left")) };
    format!("  {:<24}{style}{text}{style:#}\n", report.facts.sync)
}

/// The table.
pub(super) fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "  {TITLE}{:<14}{:>8}{:>8}{:>9}{:>13}{:>8}{TITLE:#}\n",
        "", "users", "groups", "updates", "memberships", "to do"
    );
    for Row { target, users, groups, memberships, updates, left, held } in rows {
        let _ = writeln!(out, "  {target:<14}{users:>8}{groups:>8}{updates:>9}{memberships:>13}{left:>8}");
        for (why, count) in held {
            let (what, more) = why.split_once(": ").unwrap_or((why, ""));
            let _ = writeln!(out, "    {WARN}could not {} × {}{WARN:#}", count, neutral(what));
            let _ = writeln!(out, "      {FAINT}{}{FAINT:#}", neutral(more));
        }
    }
    out
}
