//! The same from a plan that was saved: what was decided, and what the guard said.

use super::conclude::{ASIDE, conclusion, guard, limit_of};
use super::decided::Decided;
use crate::config::nearby;
use crate::mapping::Severity;
use crate::plan::Passed;
use crate::principal::{CaseRules, GroupNames, Kind, PrincipalId};
use crate::report::{Basis, Conclusion, Effect, Explanation, LoadError, Report, SavedPlan, Step};

/// How many names that are about the same are told.
const NEAR: usize = 5;

/// Tells what a saved plan has of one principal; `rules` say how its target compares names.
///
/// # Errors
/// When the plan was changed after it was written.
pub fn explain_saved(saved: SavedPlan, asked: &PrincipalId, rules: CaseRules) -> Result<Explanation, LoadError> {
    let report = saved.into_report(GroupNames::new())?;
    let key = rules.key(asked.kind, &asked.name);
    let is_meant = |kind: Kind, name: &str| kind == asked.kind && rules.key(kind, name) == key;
    let left = Decided::of(&report.plan, is_meant);
    // What the guard held is its own step; what it was held of is no longer in the plan.
    let mut decided = Decided::of(&report.plan, is_meant);
    decided.held.retain(|item| limit_of(item.code).is_none());
    let mut steps = Vec::new();
    for finding in report.lint.iter().filter(|finding| is_meant(finding.kind, &finding.name)) {
        steps.push(Step::Lint(finding.clone()));
    }
    let is_aside = report
        .lint
        .iter()
        .any(|finding| finding.severity == Severity::SetAside && is_meant(finding.kind, &finding.name));
    let nothing = if is_aside { ASIDE } else { Passed::Unchanged.sentence() };
    let missing: Vec<String> =
        report.facts.sources.iter().flat_map(|source| source.coverage.missing.iter().cloned()).collect();
    steps.extend(decided.steps(&[], &missing).into_iter().map(Step::Decide));
    steps.extend(guard(&report, &decided, &left).map(Step::Guard));
    let nearest = if steps.is_empty() { nearest(&report, asked) } else { Vec::new() };
    let conclusion =
        if steps.is_empty() { absent(asked) } else { conclusion(&report, &decided, &left, Some(nothing.to_owned())) };
    Ok(Explanation {
        sync: report.facts.sync.clone(),
        asked: asked.clone(),
        basis: Basis::Saved { id: report.facts.id.clone(), created: report.facts.created },
        steps,
        plan: std::sync::Arc::clone(&report.plan),
        conclusion,
        nearest,
    })
}

/// A plan lists nobody who is as the source wants.
fn absent(asked: &PrincipalId) -> Conclusion {
    let name = &asked.name;
    let sentence = format!("the plan has nothing of `{name}`: it was as the source wants it, or nobody was called so");
    Conclusion { effect: Effect::Unknown, sentence }
}

/// Names in the plan that are about the same.
fn nearest(report: &Report, asked: &PrincipalId) -> Vec<String> {
    let plan = &report.plan;
    let changes = plan.changes.iter().map(|change| (change.kind(), change.name()));
    let held = plan.held.iter().map(|item| (item.kind, item.name.as_str()));
    let retained = plan.retained.iter().map(|item| (item.kind, item.name.as_str()));
    let lint = report.lint.iter().map(|finding| (finding.kind, finding.name.as_str()));
    let all = changes.chain(held).chain(retained).chain(lint);
    let names = all.filter(|(kind, _)| *kind == asked.kind).map(|(_, name)| name);
    nearby(&asked.name, names, NEAR).into_iter().map(String::from).collect()
}
