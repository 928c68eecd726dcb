use std::fmt::Write;

use super::ink::{FAINT, GOOD, STOP, TITLE, WARN, column, count, counted, ink};
use super::report::{Phase, Report, SourceFacts, TrailFacts};
use super::shortfall::OutcomeCounts;
use super::{text_changes, text_guard, text_lint};
use crate::guard::Verdict;
use crate::plan::{Action, Forecast};
use crate::principal::{Kind, neutral, shown};

/// How much a text report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The first five hundred items of each list.
    Usual,
    /// Every item.
    Everything,
}

impl Detail {
    /// How many items of a list are shown.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Usual => 500,
            Self::Everything => usize::MAX,
        }
    }
}

/// Whom a head names; of more of them the rest is counted.
const MOST_NAMED: usize = 3;

/// A report for a person at a terminal, with colours.
#[must_use]
pub fn text(report: &Report, detail: Detail) -> String {
    let mut out = String::new();
    head(&mut out, report);
    readings(&mut out, report);
    text_changes::changes(&mut out, report, detail);
    text_changes::others(&mut out, report, detail);
    text_lint::lint(&mut out, &report.lint);
    summary(&mut out, report);
    text_guard::guard(&mut out, report);
    end(&mut out, report);
    out
}

fn head(out: &mut String, report: &Report) {
    let facts = &report.facts;
    let what = match &report.phase {
        Phase::Planned => "Plan",
        Phase::Applied { .. } => "Applied",
    };
    let environment = facts.environment.as_ref().map(|name| format!(" · {}", shown(name, 40))).unwrap_or_default();
    // What an undo removes is no leaver.
    let removal = if facts.remove_deleted || facts.undoes.is_some() { "" } else { " · removeDeleted is false" };
    let only = only(report, |only| format!(" · only {only}"));
    let undoes = facts.undoes.as_ref().map(|run| format!(" · takes back run {}", shown(run, 60))).unwrap_or_default();
    let _ = writeln!(out, "{} {}{environment}{only}{undoes}{removal}", ink(TITLE, what), ink(TITLE, &facts.sync));
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || ":._@+-".contains(c);
    let name = shown(name, 200);
    if name.chars().all(plain) { name } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

/// Whom the run was about, where that is not everybody: the first three, and how many more.
fn only(report: &Report, say: impl Fn(&str) -> String) -> String {
    let only = &report.facts.only;
    let named: Vec<_> = only.iter().take(MOST_NAMED).map(|name| shown(name, 60)).collect();
    let more = only.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
    if only.is_empty() { String::new() } else { say(&format!("{}{more}", named.join(", "))) }
}

fn readings(out: &mut String, report: &Report) {
    let facts = &report.facts;
    for source in &facts.sources {
        let whole = if source.coverage.is_whole() { ink(GOOD, "whole") } else { ink(STOP, "NOT PROVEN WHOLE") };
        let title = format!("{} ({})", source.name, source.kind);
        let _ = writeln!(
            out,
            "  from {} {}  {whole}{}",
            column(FAINT, &title, 28),
            people(source.users, source.groups),
            age(source, report)
        );
        for missing in &source.coverage.missing {
            let _ = writeln!(out, "       {} {}", ink(STOP, "missing proof:"), neutral(missing));
        }
    }
    let target = &facts.target;
    let title = format!("{} ({})", target.name, target.kind);
    let _ = writeln!(
        out,
        "  to   {} {}  {}",
        column(FAINT, &title, 28),
        people(target.users, target.groups),
        ink(GOOD, "whole")
    );
}

fn people(users: usize, groups: usize) -> String {
    format!("{:>16}, {:<14}", counted(users, "user", "users"), counted(groups, "group", "groups"))
}

fn age(source: &SourceFacts, report: &Report) -> String {
    let Some(data_time) = source.data_time else { return String::new() };
    let seconds = (report.facts.created - data_time).num_seconds().max(0).unsigned_abs();
    let age = match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    ink(FAINT, &format!(", changed {age} ago"))
}

fn summary(out: &mut String, report: &Report) {
    let summary = report.summary();
    let (users, groups) = (summary.users, summary.groups);
    let mut rows: Vec<(&str, [usize; 2])> = Action::ALL
        .into_iter()
        .map(|action| (action.word(), [users.action(action), groups.action(action)]))
        .filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .collect();
    let rest = [
        ("join", [users.memberships.add, groups.memberships.add]),
        ("leave", [users.memberships.remove, groups.memberships.remove]),
        ("retained", [users.retain, groups.retain]),
        ("held", [users.held, groups.held]),
        ("set aside", [users.rejected, groups.rejected]),
        ("drift", [users.drift, groups.drift]),
    ];
    rows.extend(rest.into_iter().filter(|(_, counts)| counts.iter().any(|count| *count > 0)));
    rows.push(("unchanged", [users.unchanged, groups.unchanged]));
    let _ = writeln!(out, "\n{}{:>16}{:>12}", column(TITLE, "Summary", 12), "users", "groups");
    for (name, counts) in rows {
        let _ = writeln!(out, "  {name:<10}{:>16}{:>12}", count(counts[0]), count(counts[1]));
    }
}

fn end(out: &mut String, report: &Report) {
    let short: String = report.digest.chars().take(7 + 16).collect();
    let _ = writeln!(out);
    match &report.phase {
        Phase::Planned => planned(out, report),
        Phase::Applied { .. } => applied(out, report),
    }
    let _ = writeln!(out, "{}", ink(FAINT, &format!("plan {} · {short}", report.facts.id)));
    if let Some(TrailFacts { origin: _, size, root, checkpoint }) = &report.trail {
        let signed = if checkpoint.is_some() { "signed" } else { "not signed" };
        let line = format!("audit trail: {size} entries, root {root}, {signed}");
        let _ = writeln!(out, "{}", ink(FAINT, &line));
    }
}

fn planned(out: &mut String, report: &Report) {
    let changes = report.plan.changes.len();
    let sync = &report.facts.sync;
    let line = match (report.verdict, changes) {
        (Verdict::Refused, _) => ink(STOP, "Refused: nothing may be written. See what tripped above."),
        (_, 0) => nothing(report),
        (_, _) => {
            let forecast = report.forecast;
            let cost = if forecast.calls > 0 { format!(", about {} calls", forecast.calls) } else { String::new() };
            let changes = counted(changes, "change", "changes");
            let next = match &report.facts.undoes {
                None => {
                    let only = report.facts.only.iter().flat_map(|name| [" --only ".to_owned(), quoted(name)]);
                    format!("rollcall apply {sync}{}", only.collect::<String>())
                }
                Some(_) => "the same with --yes".to_owned(),
            };
            format!("{} Nothing was written{cost}. Next: {next}", ink(WARN, &format!("{changes} planned.")))
        }
    };
    let _ = writeln!(out, "{line}");
    if report.facts.needs_person && changes > 0 {
        let why =
            "A person must apply it: the first apply of a sync, or the first after its rules were changed, is by hand.";
        let _ = writeln!(out, "{}", ink(FAINT, why));
    }
}

/// Why there was nothing to do: all is as it should be, or what is left is held.
fn nothing(report: &Report) -> String {
    if report.plan.held.is_empty() {
        let why = match report.facts.undoes {
            None if report.facts.only.is_empty() => "The target is as the source wants it.",
            None => "These are in the target as the source wants them; nobody else was looked at.",
            Some(_) => "Nothing of the run is left to take back.",
        };
        return format!("{} {why}", ink(GOOD, "Nothing to do."));
    }
    let held = counted(report.plan.held.len(), "item is", "items are");
    format!("{} {held} held: see above.", ink(WARN, "Nothing can be done now."))
}

fn applied(out: &mut String, report: &Report) {
    let OutcomeCounts { done, failed, set_aside: aside, not_tried: left } = report.outcome_counts().unwrap_or_default();
    let mut parts = vec![ink(GOOD, &format!("{} done", count(done)))];
    for (number, word, style) in [(failed, "failed", STOP), (aside, "set aside", WARN), (left, "not tried", WARN)] {
        if number > 0 {
            parts.push(ink(style, &format!("{} {word}", count(number))));
        }
    }
    let held = report.plan.held.iter().filter(|held| held.code.by_guard()).count();
    if held > 0 {
        parts.push(ink(WARN, &format!("{} held by the guard", count(held))));
    }
    if report.outcomes().is_empty() {
        let _ = writeln!(out, "{}", nothing(report));
    } else {
        let _ = writeln!(out, "{}.", parts.join(", "));
    }
    if let Some(error) = report.failure() {
        let _ = writeln!(out, "{} {}", ink(STOP, "error:"), neutral(&error.to_string()));
        if let Some(hint) = &error.hint {
            let _ = writeln!(out, "  {}", ink(FAINT, &format!("hint: {}", neutral(hint))));
        }
        return;
    }
    if report.is_stale() {
        let _ = writeln!(
            out,
            "{}",
            ink(STOP, "The plan is stale: every item was changed in the target since. Nothing was written.")
        );
        return;
    }
    took(out, report);
    if let Phase::Applied { verification: Some(verification), .. } = &report.phase {
        let line = match (&verification.error, verification.remaining) {
            (Some(error), _) => ink(WARN, &format!("Not verified: {}", neutral(&error.to_string()))),
            (None, 0) if failed + aside + left > 0 => {
                format!("{} The target was read again and shows what was done.", ink(GOOD, "Verified."))
            }
            (None, 0) => format!("{} The target was read again and is as planned.", ink(GOOD, "Verified.")),
            (None, remaining) => {
                ink(STOP, &format!("Read again: {} still to do.", counted(remaining, "change is", "changes are")))
            }
        };
        let _ = writeln!(out, "{line}");
    }
}

/// What the apply cost beside what was forecast, and what is worth a remark.
fn took(out: &mut String, report: &Report) {
    let Phase::Applied { started, finished, remarks, calls, .. } = &report.phase else { return };
    for remark in remarks.iter().take(REMARKS) {
        let Some(change) = report.plan.changes.get(remark.at) else { continue };
        let who = format!("{} {}", change.kind().word(), neutral(change.name()));
        let _ = writeln!(out, "{} {who}: {}", ink(WARN, "note:"), neutral(&remark.text));
    }
    if remarks.len() > REMARKS {
        let _ =
            writeln!(out, "{}", ink(FAINT, &format!("… {} more notes in the JSON report", remarks.len() - REMARKS)));
    }
    if *calls > 0 {
        let seconds = (*finished - *started).as_seconds_f64();
        let Forecast { calls: expected, seconds: at_most } = report.forecast;
        let line = format!(
            "{} in {seconds:.1} s; forecast were {} in {at_most} s",
            counted(usize::try_from(*calls).unwrap_or(usize::MAX), "call", "calls"),
            count(usize::try_from(expected).unwrap_or(usize::MAX)),
        );
        let _ = writeln!(out, "{}", ink(FAINT, &line));
    }
}

/// So many remarks are shown to a person; a report in JSON has all.
const REMARKS: usize = 20;

/// Only what became of a plan that was shown before.
#[must_use]
pub fn outcome_text(report: &Report, detail: Detail) -> String {
    let mut out = String::new();
    text_changes::unfinished(&mut out, report, detail);
    end(&mut out, report);
    out
}

/// The word for a kind at the head of a list.
pub(super) fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "Groups",
        Kind::User => "Users",
    }
}
