//! The lists of a text report: changes, held, retained, set aside, adopted, notes.

use std::fmt::Write;

use super::field_diff::value_lines;
use super::ink::{ADD, CHANGE, FAINT, REMOVE, STOP, TITLE, WARN, column, count, ink};
use super::report::Report;
use super::text::{Detail, title};
use crate::connector::Outcome;
use crate::plan::{Action, Cause, Change, FieldChange, Wanted};
use crate::principal::{GroupNames, Kind, neutral, shown};

const NAME_WIDTH: usize = 34;

pub(super) fn changes(out: &mut String, report: &Report, detail: Detail) {
    for kind in Kind::ALL {
        let numbered = report.plan.changes.iter().enumerate().filter(|(_, change)| change.kind() == kind);
        let total = numbered.clone().count();
        if total == 0 {
            continue;
        }
        let _ = writeln!(out, "\n{}", ink(TITLE, title(kind)));
        // A failure of everything is told once, at the end.
        let outcomes = if report.failure().is_some() { &[] } else { report.outcomes() };
        for (at, change) in numbered.take(detail.most()) {
            one(out, change, &report.plan.names, outcomes.get(at));
        }
        more(out, total, detail);
    }
}

/// The changes that were not done, with the reason.
pub(super) fn unfinished(out: &mut String, report: &Report, detail: Detail) {
    let open = report.plan.changes.iter().zip(report.outcomes());
    let open = open.filter(|(_, outcome)| !matches!(outcome, Outcome::Done)).filter(|_| report.failure().is_none());
    for (change, outcome) in open.take(detail.most()) {
        one(out, change, &report.plan.names, Some(outcome));
    }
}

fn more(out: &mut String, total: usize, detail: Detail) {
    if let Some(rest) = total.checked_sub(detail.most()).filter(|rest| *rest > 0) {
        let _ = writeln!(
            out,
            "  {}",
            ink(FAINT, &format!("… and {} more: -v shows all, so does --format json", count(rest)))
        );
    }
}

fn one(out: &mut String, change: &Change, names: &GroupNames, outcome: Option<&Outcome>) {
    let (sign, style) = match change.action() {
        Action::Create | Action::Enable => ("+", ADD),
        Action::Update | Action::Rename => ("~", CHANGE),
        Action::Disable | Action::Strip | Action::Delete => ("-", REMOVE),
    };
    let verb = column(style, &format!("{sign} {}", change.action().word()), 10);
    let place = match (&change.origin, change.action().removes()) {
        (Some(origin), _) => neutral(&origin.to_string()).into_owned(),
        (None, true) => change.reason.sentence().into(),
        (None, false) => String::new(),
    };
    let name = column(TITLE, &shown(change.name(), 200), NAME_WIDTH);
    let _ = writeln!(out, "  {verb}{name} {}", ink(FAINT, &place));
    if change.action() == Action::Create {
        created(out, change);
    }
    details(out, change, names);
    fate(out, outcome);
}

/// What is done to it, value by value and group by group.
pub(super) fn details(out: &mut String, change: &Change, names: &GroupNames) {
    if change.detail().cause.is_of_target() {
        let _ = writeln!(out, "      {}", ink(WARN, moved(change)));
    }
    for FieldChange { field, from, to, cause } in &change.detail().fields {
        let _ = writeln!(out, "      {}{}", neutral(&field.text()), since(*cause, "changed"));
        for line in value_lines(from, to) {
            let _ = writeln!(out, "        {line}");
        }
    }
    memberships(out, change, names);
    aftermath(out, change);
}

/// What somebody else did to a principal as a whole.
fn moved(change: &Change) -> &'static str {
    match change.action() {
        Action::Create => "deleted in the target since",
        Action::Enable => "switched off in the target since",
        _ => "switched on in the target since",
    }
}

/// Who moved, where that was the target.
fn since(cause: Cause, verb: &str) -> String {
    match cause {
        Cause::Unknown | Cause::Intended => String::new(),
        Cause::Drift => ink(WARN, &format!("  {verb} in the target since")),
        Cause::Conflict => ink(WARN, &format!("  {verb} in the target and in the source since")),
    }
}

fn created(out: &mut String, change: &Change) {
    let Some(after) = change.after() else { return };
    let display = after.display_name.as_deref().filter(|text| *text != after.name).unwrap_or_default();
    let mail = after.mail.as_deref().unwrap_or_default();
    let parts: Vec<String> =
        [display, mail].iter().filter(|text| !text.is_empty()).map(|text| shown(text, 120)).collect();
    if !parts.is_empty() {
        let _ = writeln!(out, "      {}", parts.join(" · "));
    }
}

fn memberships(out: &mut String, change: &Change, names: &GroupNames) {
    let privileged = if change.privileged { ink(WARN, "  PRIVILEGED") } else { String::new() };
    let cause = |group: &str| names.find(group).map_or(Cause::Unknown, |group| change.cause_of(group));
    for group in names.sorted(change.joins()) {
        let since = since(cause(group), "taken out");
        let _ = writeln!(out, "      {}{privileged}{since}", ink(ADD, &format!("+ joins  {}", shown(group, 200))));
    }
    for group in names.sorted(change.leaves()) {
        let since = since(cause(group), "put in");
        let _ = writeln!(out, "      {}{since}", ink(REMOVE, &format!("- leaves {}", shown(group, 200))));
    }
}

fn aftermath(out: &mut String, change: &Change) {
    let detail = change.detail();
    if let Some(name) = &detail.new_name {
        let _ = writeln!(out, "      new name {}", shown(name, 200));
    }
    if let Some(heir) = &detail.transfer_to {
        let _ = writeln!(out, "      what it owns goes to {} first", shown(heir, 200));
    }
    if !detail.touches.is_empty() {
        let who: Vec<_> = detail.touches.iter().take(5).map(|id| shown(&id.name, 60)).collect();
        let more = detail.touches.len().saturating_sub(who.len());
        let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
        let verb = if change.action() == Action::Delete { "lose" } else { "follow" };
        let line = format!("{} members {verb} it: {}{more}", count(detail.touches.len()), who.join(", "));
        let _ = writeln!(out, "      {}", ink(FAINT, &line));
    }
}

fn fate(out: &mut String, outcome: Option<&Outcome>) {
    let line = match outcome {
        None | Some(Outcome::Done) => return,
        Some(Outcome::Failed(error)) => ink(STOP, &format!("failed: {}", neutral(&error.to_string()))),
        Some(Outcome::SetAside(why)) => ink(WARN, &format!("set aside: {}", neutral(why))),
        Some(Outcome::NotTried(why)) => ink(WARN, &format!("not tried: {}", neutral(why))),
    };
    let _ = writeln!(out, "      {line}");
    if let Some(Outcome::Failed(error)) = outcome
        && let Some(hint) = &error.hint
    {
        let _ = writeln!(out, "      {}", ink(FAINT, &format!("hint: {}", neutral(hint))));
    }
}

pub(super) fn others(out: &mut String, report: &Report, detail: Detail) {
    held(out, report, detail);
    let plan = &report.plan;
    list(
        out,
        "Retained: gone from the source, kept in the target",
        detail,
        plan.retained.iter().map(|item| (format!("{} {}", item.kind, shown(&item.name, 200)), item.reason.clone())),
    );
    list(
        out,
        "Set aside: records that cannot be used; nobody is removed for them",
        detail,
        report.rejected.iter().map(|item| {
            let name = if item.name.is_empty() { "(no name)".into() } else { shown(&item.name, 200) };
            (format!("{} {name}", item.kind), format!("{}: {}", neutral(&item.origin), neutral(&item.reason)))
        }),
    );
    let adopted: Vec<_> = plan.adopted.iter().filter(|item| item.first).collect();
    if !adopted.is_empty() {
        let names: Vec<_> =
            adopted.iter().take(8).map(|item| format!("{} {}", item.kind, shown(&item.name, 60))).collect();
        let more = adopted.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
        let _ = writeln!(out, "\n{} {}{more}", ink(TITLE, "Adopts, matched by name:"), names.join(", "));
    }
    for note in &plan.notes {
        let _ = writeln!(out, "\n{} {}", ink(WARN, "Note:"), neutral(note));
    }
}

fn held(out: &mut String, report: &Report, detail: Detail) {
    let held = &report.plan.held;
    if held.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", ink(TITLE, "Held: wanted, but not done"));
    for item in held.iter().take(detail.most()) {
        let wanted = match &item.wanted {
            Wanted::Action(action) => action.word().to_owned(),
            Wanted::Join(group) => format!("join {}", shown(group, 120)),
            Wanted::Leave(group) => format!("leave {}", shown(group, 120)),
        };
        let name = column(TITLE, &format!("{} {}", item.kind, shown(&item.name, 200)), NAME_WIDTH);
        let _ = writeln!(out, "  {} {name} {wanted}", ink(WARN, "!"));
        let _ = writeln!(out, "      {}", neutral(&item.reason));
        let _ = writeln!(out, "      {}", ink(FAINT, &format!("do: {}", item.code.advice())));
    }
    more(out, held.len(), detail);
}

fn list(out: &mut String, heading: &str, detail: Detail, items: impl ExactSizeIterator<Item = (String, String)>) {
    let total = items.len();
    if total == 0 {
        return;
    }
    let _ = writeln!(out, "\n{}", ink(TITLE, heading));
    for (name, why) in items.take(detail.most()) {
        let _ = writeln!(out, "  · {} {}", column(TITLE, &name, NAME_WIDTH), ink(FAINT, &why));
    }
    more(out, total, detail);
}
