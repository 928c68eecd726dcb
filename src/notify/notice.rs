use chrono::{DateTime, Utc};

use super::{Event, next, words};
use crate::principal::shown;

/// The longest title, in characters.
const TITLE: usize = 160;

/// The longest line, in characters.
const LINE: usize = 600;

/// So many reasons are told one by one.
const REASONS: usize = 10;

/// What a person can do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    pub text: String,
    /// What to type.
    pub command: Option<String>,
}

/// An event in words: first what happened, then why, then what to do next. Every part is one line, and harmless to a
/// terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `[prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %)`.
    pub title: String,
    pub first: String,
    pub why: Vec<String>,
    /// What the plan holds.
    pub plan: Option<String>,
    pub next: Vec<NextStep>,
    /// Where it was: environment, run, time.
    pub place: String,
    /// The address of the report.
    pub report: Option<String>,
}

impl Notice {
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let line = |text: &str| shown(text.trim(), LINE);
        let environment = event.run.environment.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let before = environment.map(|name| format!("[{}] ", shown(name, 40))).unwrap_or_default();
        let title = format!("{before}{}: {}", event.run.sync, words::title(event));
        let mut why: Vec<_> = words::why(event).iter().take(REASONS).map(|text| line(text)).collect();
        let more = words::why(event).len().saturating_sub(why.len());
        if more > 0 {
            why.push(format!("and {more} more"));
        }
        let steps = next::steps(event).into_iter();
        let place = environment.map(|name| format!("environment {}, ", shown(name, 40))).unwrap_or_default();
        Self {
            title: shown(&title, TITLE),
            first: line(&words::first(event)),
            why,
            plan: event.summary.as_ref().and_then(words::plan).map(|text| line(&text)),
            next: steps.map(|NextStep { text, command }| NextStep { text: line(&text), command }).collect(),
            place: format!("{place}run {}, {}", shown(&event.run.id, 100), time(event.run.ended)),
            report: event.run.report.as_deref().map(|address| shown(address.trim(), LINE)),
        }
    }

    /// The whole as text of several lines.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { title: _, first, why, plan, next, place, report } = self;
        let mut lines = vec![first.clone()];
        if !why.is_empty() {
            lines.extend([String::new(), "Why".into()]);
            lines.extend(why.iter().map(|line| format!("  - {line}")));
        }
        if let Some(plan) = plan {
            lines.extend([String::new(), "The plan".into(), format!("  - {plan}")]);
        }
        lines.extend([String::new(), "What to do next".into()]);
        for NextStep { text, command } in next {
            lines.push(format!("  - {text}"));
            lines.extend(command.iter().map(|command| format!("      {command}")));
        }
        lines.extend([String::new(), format!("Where: {place}")]);
        lines.extend(report.iter().map(|address| format!("The report: {address}")));
        lines.join("\n") + "\n"
    }
}

/// `2026-01-02 03:04 UTC`.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
