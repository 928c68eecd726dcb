//! Why a run did not do everything, in a sentence, and what became of its changes, in numbers.

use serde::{Deserialize, Serialize};

use super::ink::{count, counted};
use super::report::{Phase, Report};
use crate::connector::Outcome;
use crate::guard::{LimitState, State, Verdict};
use crate::plan::Summary;

/// The counts of a run that are kept with it, without its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// What was planned.
    #[serde(flatten)]
    pub planned: Summary,
    /// What became of that; none for a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<OutcomeCounts>,
}

impl RunSummary {
    #[must_use]
    pub fn of(report: &Report) -> Self {
        Self { planned: report.summary(), outcomes: report.outcome_counts() }
    }
}

/// What became of the changes of an apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeCounts {
    pub done: usize,
    pub failed: usize,
    pub set_aside: usize,
    pub not_tried: usize,
}

impl OutcomeCounts {
    #[must_use]
    pub fn all(&self) -> usize {
        let Self { done, failed, set_aside, not_tried } = self;
        done + failed + set_aside + not_tried
    }
}

impl<'a> FromIterator<&'a Outcome> for OutcomeCounts {
    fn from_iter<I: IntoIterator<Item = &'a Outcome>>(outcomes: I) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            match outcome {
                Outcome::Done => counts.done += 1,
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::SetAside(_) => counts.set_aside += 1,
                Outcome::NotTried(_) => counts.not_tried += 1,
            }
        }
        counts
    }
}

impl Report {
    /// What became of the changes; none for a plan.
    #[must_use]
    pub fn outcome_counts(&self) -> Option<OutcomeCounts> {
        self.is_applied().then(|| self.outcomes().iter().collect())
    }

    /// Why not everything was done that should have been, with the first failure; none where all was. It may name
    /// principals.
    #[must_use]
    pub fn shortfall(&self) -> Option<String> {
        if self.verdict == Verdict::Refused {
            return Some(self.refusal());
        }
        if self.is_unproven() && self.plan.is_empty() {
            return self.withheld();
        }
        let counts = self.outcome_counts()?;
        let OutcomeCounts { done: _, failed, set_aside, not_tried } = counts;
        let mut parts: Vec<String> = [(failed, "failed"), (set_aside, "set aside"), (not_tried, "not tried")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{} {word}", count(number)))
            .collect();
        if !parts.is_empty() {
            let all = counted(counts.all(), "change", "changes");
            let first = self.first_failure().map(|why| format!("; {why}")).unwrap_or_default();
            return Some(format!("of {all} {}{first}", parts.join(", ")));
        }
        if let Phase::Applied { verification: Some(found), .. } = &self.phase {
            if let Some(error) = &found.error {
                parts.push(format!("the target could not be read again: {error}"));
            } else if found.remaining > 0 {
                let changes = counted(found.remaining, "change does", "changes do");
                parts.push(format!("{changes} not show in the target"));
            }
        }
        parts.pop().or_else(|| self.withheld())
    }

    /// How many items a person is to decide on, and why the first.
    fn withheld(&self) -> Option<String> {
        let mut held = self.plan.held.iter().filter(|held| held.code.makes_partial());
        let first = held.next()?;
        let items = counted(1 + held.count(), "item is", "items are");
        Some(format!("{items} held; first {} {}: {}", first.kind, first.name, first.reason))
    }

    /// The name of the first limit that stops the plan, if one does.
    #[must_use]
    pub fn refused_by(&self) -> Option<&'static str> {
        self.tripped().next().map(|limit| limit.name.text())
    }

    fn tripped(&self) -> impl Iterator<Item = &LimitState> {
        self.limits.iter().filter(|limit| limit.state == State::Tripped && limit.lifted.is_none())
    }

    fn refusal(&self) -> String {
        let mut tripped = self.tripped();
        let Some(first) = tripped.next() else { return "the guard refused it".into() };
        let of = first.of.as_ref().map(|of| format!(" ({of})")).unwrap_or_default();
        let more = tripped.count();
        let more =
            if more > 0 { format!("; and by {}", counted(more, "other limit", "other limits")) } else { String::new() };
        let why = first.message.as_deref().unwrap_or(&first.rule);
        format!("the guard refused it by `{}`{of}: {why}{more}", first.name.text())
    }

    /// The failure that all share, or the first of several with the change that it befell.
    fn first_failure(&self) -> Option<String> {
        if let Some(error) = self.failure() {
            return Some(error.to_string());
        }
        let with_changes = self.plan.changes.iter().zip(self.outcomes());
        let mut told = with_changes.filter_map(|(change, outcome)| {
            let why = match outcome {
                Outcome::Failed(error) => error.to_string(),
                Outcome::SetAside(why) => why.clone(),
                Outcome::Done | Outcome::NotTried(_) => return None,
            };
            Some(format!("first {} {} {}: {why}", change.action().word(), change.kind(), change.name()))
        });
        told.next()
    }
}
