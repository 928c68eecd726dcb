//! From what was noted to the explanation.

use super::conclude::{ASIDE, conclusion, guard};
use super::decided::Decided;
use super::trail::{Read, Trail};
use crate::principal::PrincipalId;
use crate::report::{
    Basis, Conclusion, DesiredStep, Effect, Explanation, Fate, Found, ReadStep, Report, RulesStep, Shown, Step,
};
use crate::run::pipeline::plan_before;
use crate::run::{Ask, Job, Planned, RunError};
use crate::store::Store;

/// Makes a plan, looks on, and tells the way of one principal. Nothing is written, and nothing that is remembered moves.
///
/// # Errors
/// As those of a plan.
pub async fn explain(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    asked: &PrincipalId,
) -> Result<Explanation, RunError> {
    let mut trail = Trail::new(job, asked);
    let Planned { report, .. } = plan_before(job, ask, store, &mut trail).await?;
    Ok(told(trail, asked, &report))
}

fn told(mut trail: Trail<'_>, asked: &PrincipalId, report: &Report) -> Explanation {
    let left = Decided::of(&report.plan, |kind, name| trail.is_meant(kind, name));
    let is_known = !trail.people.is_empty()
        || !trail.matches.is_empty()
        || !trail.merges.is_empty()
        || trail.reads.iter().any(|read| !matches!(read.found, Found::Nowhere { .. }));
    let nearest = if is_known { Vec::new() } else { nearest(&trail) };
    let conclusion = if is_known {
        conclusion(report, &trail.decided, &left, noted(&trail))
    } else {
        let sentence = format!("nobody is called `{}`, neither in the sources nor in the target", asked.name);
        Conclusion { effect: Effect::Unknown, sentence }
    };
    let left_out = left_out(&trail, report);
    let mut steps = Vec::new();
    steps.extend(std::mem::take(&mut trail.reads).into_iter().filter_map(|read| read_step(read, report)));
    steps.extend(std::mem::take(&mut trail.merges).into_iter().map(Step::Merge));
    for person in std::mem::take(&mut trail.people) {
        let rules = RulesStep { name: person.record.name, answer: person.answer, fate: person.fate };
        let is_inside = matches!(rules.fate, Fate::Inside { .. });
        if !(rules.answer.is_empty() && is_inside) {
            steps.push(Step::Rules(Box::new(rules)));
        }
        if let Some(principal) = person.desired {
            let bent = person.ruled.map(|ruled| bent(&ruled, &principal)).unwrap_or_default();
            steps.push(Step::Desired(DesiredStep { principal, bent }));
        }
        steps.extend(person.lint.into_iter().map(Step::Lint));
    }
    steps.extend(std::mem::take(&mut trail.matches).into_iter().map(Step::Match));
    steps.extend(trail.decided.steps(&left_out, &trail.missing).into_iter().map(Step::Decide));
    steps.extend(guard(report, &trail.decided, &left).map(Step::Guard));
    Explanation {
        sync: report.facts.sync.clone(),
        asked: asked.clone(),
        basis: Basis::Live,
        steps,
        plan: std::sync::Arc::clone(&report.plan),
        conclusion,
        nearest,
    }
}

fn read_step(read: Read, report: &Report) -> Option<Step> {
    let facts = report.facts.sources.get(read.source)?;
    Some(Step::Read(ReadStep {
        source: facts.name.clone(),
        missing: facts.coverage.missing.clone(),
        found: read.found,
    }))
}

/// What the plan notes on groups that those who are followed are to be in.
fn left_out(trail: &Trail<'_>, report: &Report) -> Vec<String> {
    let desired = trail.people.iter().filter_map(|person| person.desired.as_ref());
    let groups = desired.filter_map(|shown| shown.values["groupNames"].as_array()).flatten();
    let notes = groups.filter_map(serde_json::Value::as_str).flat_map(|group| report.plan.notes_on(group));
    notes.map(String::from).collect()
}

/// The members in which the target cannot hold what the rules gave.
fn bent(ruled: &Shown, held: &Shown) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    // Attributes by name, as members of their own.
    let members = |shown: &Shown| {
        let mut members = shown.values.as_object().cloned().unwrap_or_default();
        if let Some(serde_json::Value::Object(attributes)) = members.remove("attributes") {
            members.extend(attributes.into_iter().map(|(name, value)| (format!("attributes.{name}"), value)));
        }
        members
    };
    let (from, to) = (members(ruled), members(held));
    let differs = |(name, value): &(String, serde_json::Value)| to.get(name) != Some(value);
    let bent = from.into_iter().filter(differs);
    bent.map(|(name, value)| (name.clone(), value, to.get(&name).cloned().unwrap_or_default())).collect()
}

/// Why there is nothing to decide on, where that was clear before the target was looked at.
fn noted(trail: &Trail<'_>) -> Option<String> {
    let outside = trail.people.iter().any(|person| matches!(person.fate, Fate::Outside));
    let aside = trail.people.iter().any(|person| matches!(person.fate, Fate::Aside(_)));
    let unread = trail.reads.iter().any(|read| matches!(read.found, Found::Aside(_)));
    let unmerged = trail.merges.iter().any(|merge| merge.whole.is_none());
    let why = if aside || unread || unmerged {
        ASIDE
    } else if outside {
        "the rules of this sync leave it out, and the target does not have it"
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// Names of the sources and the target that are about the same.
fn nearest(trail: &Trail<'_>) -> Vec<String> {
    let mut near = trail.near_in_target.clone();
    for read in &trail.reads {
        if let Found::Nowhere { nearest } = &read.found {
            near.extend_from_slice(nearest);
        }
    }
    near.sort_unstable();
    near.dedup();
    near
}
