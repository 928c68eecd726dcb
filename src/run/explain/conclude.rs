//! What `apply` would do now, in one sentence.

use super::decided::Decided;
use crate::guard::{GuardName, LimitState, State, Verdict};
use crate::plan::{Action, Change, Held, HoldCode, Wanted};
use crate::principal::GroupNames;
use crate::report::{Conclusion, Effect, GuardStep, Report};

/// Why nothing becomes of a record that is not used.
pub(super) const ASIDE: &str = "its record was set aside, and nobody is removed for that";

/// What the guard makes of what was `decided`; `left` is what it leaves of it. None where there is nothing to guard.
pub(super) fn guard(report: &Report, decided: &Decided, left: &Decided) -> Option<GuardStep> {
    let held: Vec<Held> = left.held.iter().filter(|item| limit_of(item.code).is_some()).cloned().collect();
    if decided.changes.is_empty() && held.is_empty() {
        return None;
    }
    let changes = || decided.changes.iter().chain(&left.changes);
    let is_told = |limit: &&LimitState| {
        let holds = held.iter().any(|item| limit_of(item.code) == Some(limit.name));
        limit.stops() || holds || changes().any(|change| counts(limit, change, &report.plan.names))
    };
    let limits = report.limits.iter().filter(is_told).cloned().collect();
    Some(GuardStep { verdict: report.verdict, limits, held, needs_person: report.facts.needs_person })
}

/// The limit that holds with this code; none where it was held before the guard.
pub(super) fn limit_of(code: HoldCode) -> Option<GuardName> {
    match code {
        HoldCode::Privileged => Some(GuardName::Privileged),
        HoldCode::GroupRemovals => Some(GuardName::GroupRemovals),
        HoldCode::ConfigChange => Some(GuardName::ConfigChange),
        HoldCode::Protected
        | HoldCode::OtherOwner
        | HoldCode::TargetCannot
        | HoldCode::NotAllowed
        | HoldCode::ReusedName
        | HoldCode::AmbiguousMatch
        | HoldCode::UnprovenSource
        | HoldCode::Drift
        | HoldCode::MovedSince => None,
    }
}

/// Whether a change counts in a limit as it was measured: of its kind, or of a group that it leaves.
fn counts(limit: &LimitState, change: &Change, names: &GroupNames) -> bool {
    let is_of = |of: &str| {
        let group = of.strip_prefix("group ");
        of == change.kind().plural() || change.leaves().iter().any(|left| group == Some(names.name(*left)))
    };
    limit.state != State::Off && limit.name.counts(change) && limit.of.as_deref().is_none_or(is_of)
}

/// `nothing` is why there is nothing to decide on, where that was clear before.
pub(super) fn conclusion(report: &Report, decided: &Decided, left: &Decided, nothing: Option<String>) -> Conclusion {
    let stopping = report.limits.iter().filter(|limit| limit.stops());
    let why: Vec<_> = stopping.map(|limit| limit.message.clone().unwrap_or_else(|| limit.rule.clone())).collect();
    if report.verdict == Verdict::Refused && !decided.changes.is_empty() {
        let sentence = format!("nothing would be done: the guard refuses the whole plan, {}", why.join("; "));
        return Conclusion { effect: Effect::Refused, sentence };
    }
    let held: Vec<String> = left.held.iter().map(|item| format!("{} is held: {}", wanted(item), item.reason)).collect();
    if !left.changes.is_empty() {
        let deeds: Vec<_> = left.changes.iter().map(|change| deed(change, &report.plan.names)).collect();
        let mut parts = vec![format!("`apply` would {}", deeds.join(", and "))];
        parts.extend(held);
        parts.extend(report.facts.needs_person.then(|| "a person must apply it".to_owned()));
        return Conclusion { effect: Effect::Change, sentence: parts.join("; ") };
    }
    if !held.is_empty() {
        return Conclusion { effect: Effect::Held, sentence: format!("nothing would be done: {}", held.join("; ")) };
    }
    let retained = left.retained.iter().map(|item| format!("`{}` stays, for {}", item.name, item.reason));
    let passed = decided.passed.iter().map(|(_, why)| why.sentence().to_owned());
    let mut reasons: Vec<String> = retained.chain(passed).collect();
    if reasons.is_empty() {
        reasons.push(nothing.unwrap_or_else(|| "the plan has nothing of it".to_owned()));
    }
    reasons.dedup();
    Conclusion { effect: Effect::Nothing, sentence: format!("nothing would be done: {}", reasons.join("; ")) }
}

fn wanted(item: &Held) -> String {
    match &item.wanted {
        Wanted::Action(action) => format!("to {} it", action.word()),
        Wanted::Join(group) => format!("joining `{group}`"),
        Wanted::Leave(group) => format!("leaving `{group}`"),
    }
}

/// What a change does, after `would`.
fn deed(change: &Change, names: &GroupNames) -> String {
    let who = format!("`{}`", change.name());
    let detail = change.detail();
    let mut parts = match change.action() {
        Action::Create => vec![format!("create {who}")],
        Action::Update => Vec::new(),
        Action::Rename => vec![format!("rename {who} to `{}`", detail.new_name.as_deref().unwrap_or_default())],
        Action::Disable => vec![format!("disable {who}")],
        Action::Enable => vec![format!("enable {who}")],
        Action::Strip => vec![format!("take {who} out of every group")],
        Action::Delete => vec![format!("delete {who}")],
    };
    if !detail.fields.is_empty() {
        let fields: Vec<_> = detail.fields.iter().map(|change| change.field.text()).collect();
        parts.push(format!("set {} of {}", fields.join(", "), pronoun(&parts, &who)));
    }
    let listed = |groups| names.sorted(groups).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if !change.joins().is_empty() {
        parts.push(format!("put {} into {}", pronoun(&parts, &who), listed(change.joins())));
    }
    if !change.leaves().is_empty() {
        parts.push(format!("take {} out of {}", pronoun(&parts, &who), listed(change.leaves())));
    }
    parts.join(" and ")
}

/// Whom a further part is about: named once.
fn pronoun<'a>(before: &[String], who: &'a str) -> &'a str {
    if before.is_empty() { who } else { "it" }
}
