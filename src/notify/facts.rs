//! What a report tells of an apply that did not do everything.

use super::{Failure, Partial, Trouble};
use crate::connector::{FailureClass, Outcome};
use crate::report::{OutcomeCounts, Phase, Report};

/// Every change failed for one and the same reason: exit 1.
pub(super) fn failed(report: &Report) -> Option<Trouble> {
    let error = report.failure()?;
    let several = report.outcomes().len() > 1;
    let why = if several {
        error.to_string()
    } else {
        // What failed with one change may name the one whom it was about.
        "the one change of the plan failed".into()
    };
    Some(Trouble::Failed(Failure {
        class: Some(error.class),
        of: format!("target {}", report.facts.target.name),
        why,
        hint: error.hint.clone().filter(|_| several),
        untouched: false,
    }))
}

/// Some changes failed, or the target does not show what it took.
pub(super) fn partial(report: &Report) -> Option<Trouble> {
    let Phase::Applied { outcomes, verification, .. } = &report.phase else { return None };
    let differing = match verification {
        None => Some(0),
        Some(found) if found.error.is_some() => None,
        Some(found) => Some(found.remaining),
    };
    let OutcomeCounts { done, failed, set_aside, not_tried } = report.outcome_counts()?;
    let target = report.facts.target.name.clone();
    let mut partial = Partial { target, done, failed, set_aside, not_tried, classes: Vec::new(), differing };
    for outcome in outcomes {
        if let Outcome::Failed(error) = outcome {
            count(&mut partial.classes, error.class);
        }
    }
    (partial.failed + partial.not_tried > 0 || differing != Some(0)).then_some(Trouble::Partial(partial))
}

fn count(classes: &mut Vec<(FailureClass, usize)>, class: FailureClass) {
    match classes.iter_mut().find(|(known, _)| *known == class) {
        Some((_, number)) => *number += 1,
        None => classes.push((class, 1)),
    }
}

/// Removals were withheld for want of proof.
pub(super) fn unproven(report: &Report) -> Option<Trouble> {
    if !report.is_unproven() {
        return None;
    }
    let sources = report.facts.sources.iter().filter(|source| !source.coverage.is_whole());
    let missing = sources.map(|source| match source.coverage.missing.as_slice() {
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
            format!("source {}: {first}{more}", source.name)
        }
        [] => format!("source {}", source.name),
    });
    Some(Trouble::Unproven(missing.collect()))
}
