//! One plain sentence for each step of an explanation.

use super::explanation::{
    DecideStep, DesiredStep, Fate, Found, GuardStep, MatchCase, MatchStep, MergeStep, ReadStep, RulesStep, Step,
};
use super::ink::counted;
use crate::guard::Verdict;
use crate::mapping::{Finding, MergeRule};
use crate::plan::{Action, Owner, Wanted};

impl Step {
    /// What the step says, for a person. It may hold directory text.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Read(step) => read(step),
            Self::Merge(step) => merge(step),
            Self::Rules(step) => rules(step),
            Self::Desired(step) => desired(step),
            Self::Lint(Finding { code, reason, .. }) => format!("{}: {reason}", code.word()),
            Self::Match(step) => matched(step),
            Self::Decide(step) => decided(step),
            Self::Guard(step) => guarded(step),
        }
    }
}

fn read(step: &ReadStep) -> String {
    let source = &step.source;
    match &step.found {
        Found::Record(shown) => match &shown.origin {
            Some(origin) => format!("source `{source}` has it at {origin}"),
            None => format!("source `{source}` has it"),
        },
        Found::Aside(finding) => {
            format!("source `{source}` has it at {}, set aside: {}", finding.origin, finding.reason)
        }
        Found::Nowhere { nearest } => {
            let whole = if step.missing.is_empty() { "was read whole" } else { "was not proven whole" };
            let near = if nearest.is_empty() { String::new() } else { format!("; near: {}", nearest.join(", ")) };
            format!("source `{source}` has no such record, and {whole}{near}")
        }
    }
}

fn merge(step: &MergeStep) -> String {
    let rule = match step.rule {
        MergeRule::First => "first",
        MergeRule::Union => "union",
    };
    match (&step.whole, step.claims.as_slice()) {
        (None, _) => "none of its records is used".into(),
        (Some(_), [(source, _)]) => format!("only source `{source}` has a record that can be used"),
        (Some(_), claims) => {
            let first = claims.first().map(|(source, _)| source.as_str()).unwrap_or_default();
            let has = counted(claims.len(), "source has", "sources have");
            let what = if step.rule == MergeRule::First { "gives the whole record" } else { "goes before" };
            format!("{has} it; `{first}` {what} (`merge: {rule}`)")
        }
    }
}

fn rules(step: &RulesStep) -> String {
    match &step.fate {
        Fate::Inside { name } if *name == step.name => "in scope".into(),
        Fate::Inside { name } => format!("in scope, and called `{name}` in the target"),
        Fate::Outside => "left out by the rules of this sync".into(),
        Fate::Aside(finding) => format!("set aside: {}", finding.reason),
    }
}

fn desired(step: &DesiredStep) -> String {
    match step.bent.len() {
        0 => "what the target is to hold".into(),
        _ => "what the target is to hold, as far as it can".into(),
    }
}

fn matched(step: &MatchStep) -> String {
    let name = step.current.as_ref().map(|shown| shown.name.as_str()).unwrap_or_default();
    let what = match step.case {
        MatchCase::New => return "the target has nobody of this name or id".into(),
        MatchCase::ByName => format!("the target has it as `{name}`: the same name"),
        MatchCase::ById => format!("the target has it as `{name}`: the immutable id recorded at an earlier match"),
        MatchCase::Renamed => format!("the target has it as `{name}`: the recorded immutable id, under another name"),
        MatchCase::ReusedName => format!("`{name}` in the target is somebody else: another immutable id is recorded"),
        MatchCase::Ambiguous => "the recorded id and the name point to different accounts of the target".into(),
        MatchCase::Gone => format!("the target has `{name}`, and nobody of the source is called so there"),
    };
    let owner = match (&step.other_owner, step.owner) {
        (Some(sync), _) => format!("; sync `{sync}` owns it"),
        (None, Owner::Created) => "; this sync created it".into(),
        (None, Owner::Adopted) => "; this sync has matched it before".into(),
        (None, Owner::None) => "; it is in no sync's care".into(),
    };
    format!("{what}{owner}")
}

fn decided(step: &DecideStep) -> String {
    match step {
        DecideStep::Change { change, adopts, .. } => {
            let why = change.reason.sentence();
            let adopts = if *adopts { "; it comes into this sync's care" } else { "" };
            let name = change.name();
            match (change.action(), change.detail().new_name.as_deref()) {
                (Action::Rename, Some(to)) => format!("rename `{name}` to `{to}`: {why}{adopts}"),
                (action, _) => format!("{} `{name}`: {why}{adopts}", action.word()),
            }
        }
        DecideStep::Held { item, .. } => {
            format!("to {} `{}` is held: {}", wanted(&item.wanted), item.name, item.reason)
        }
        DecideStep::Retained(item) => format!("`{}` is gone from the source and stays: {}", item.name, item.reason),
        DecideStep::Passed { name, why, adopts, .. } => {
            let adopts = if *adopts { "; it comes into this sync's care" } else { "" };
            format!("nothing of `{name}`: {}{adopts}", why.sentence())
        }
    }
}

/// `delete`, `join Sales`.
pub(super) fn wanted(wanted: &Wanted) -> String {
    match wanted.group() {
        Some(group) => format!("{} `{group}`", wanted.word()),
        None => wanted.word().into(),
    }
}

fn guarded(step: &GuardStep) -> String {
    let verdict = match (step.verdict, step.held.is_empty()) {
        (Verdict::Refused, _) => "the plan is refused: nothing of it may be written",
        (_, false) => "some of it is held, the rest may be written",
        (Verdict::Pass | Verdict::Held, true) => "it may be written",
    };
    let person = if step.needs_person { ", by a person" } else { "" };
    format!("{verdict}{person}")
}
