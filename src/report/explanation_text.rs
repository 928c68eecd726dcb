//! An explanation for a person at a terminal: each step one sentence, and below it the values, label by label.

use std::fmt::Write;

use serde_json::Value;

use super::explanation::{
    Basis, DecideStep, Effect, Explanation, Fate, Found, GuardStep, MatchStep, MergeStep, RulesStep, Shown, Step,
};
use super::explanation_words::wanted;
use super::ink::{FAINT, GOOD, STOP, TITLE, WARN, column, count, ink, number};
use super::text_changes;
use crate::guard::{LimitState, State, Verdict};
use crate::mapping::rules::{Answer, Evaluation};
use crate::plan::Held;
use crate::principal::{neutral, shown};

/// Where sentences begin, and where labels do.
const SENTENCE: usize = 10;
const LABEL: usize = 16;
/// How many items of a list are shown, and how wide a value may be, in characters.
const ITEMS: usize = 8;
const WIDEST: usize = 160;

/// An explanation with colours.
#[must_use]
pub fn explanation_text(explanation: &Explanation) -> String {
    let Explanation { sync, asked, basis, steps, plan: _, conclusion } = explanation;
    let mut out = String::new();
    let who = shown(&asked.to_string(), WIDEST);
    let _ = write!(out, "{} {} {}", ink(TITLE, &who), ink(FAINT, "in"), ink(TITLE, &neutral(sync)));
    let _ = match basis {
        Basis::Live => writeln!(out),
        Basis::Saved { id, created } => {
            let told =
                format!("from plan {id} of {}; what was read and mapped is not in it", super::document::time(*created));
            writeln!(out, " {}", ink(FAINT, &told))
        }
    };
    let mut before = "";
    for step in steps {
        let word = if step.word() == before { "" } else { step.word() };
        before = step.word();
        let sentence = neutral(&step.sentence()).into_owned();
        let _ = writeln!(out, "  {}{}", column(TITLE, word, SENTENCE), ink(style(step), &sentence));
        values(&mut out, step, explanation);
    }
    let style = match conclusion.effect {
        Effect::Change | Effect::Nothing => GOOD,
        Effect::Held => WARN,
        Effect::Refused | Effect::Unknown => STOP,
    };
    let _ = writeln!(out, "  {}{}", column(style, "so", SENTENCE), ink(TITLE, &neutral(&conclusion.sentence)));
    out
}

/// What goes wrong stands out; the rest is plain.
fn style(step: &Step) -> anstyle::Style {
    let plain = anstyle::Style::new();
    match step {
        Step::Read(step) if matches!(step.found, Found::Aside(_)) => WARN,
        Step::Rules(RulesStep { fate: Fate::Aside(_) | Fate::Outside, .. }) => WARN,
        Step::Merge(MergeStep { whole: None, .. }) | Step::Decide(DecideStep::Held(_)) | Step::Lint(_) => WARN,
        Step::Guard(GuardStep { verdict: Verdict::Refused, .. }) => STOP,
        Step::Guard(step) if !step.held.is_empty() => WARN,
        _ => plain,
    }
}

fn values(out: &mut String, step: &Step, explanation: &Explanation) {
    match step {
        Step::Read(step) => {
            for missing in &step.missing {
                line(out, "missing proof", &ink(STOP, &neutral(missing)));
            }
            if let Found::Record(shown) = &step.found {
                principal(out, shown);
            }
        }
        Step::Merge(step) => {
            step.findings.iter().for_each(|finding| line(out, finding.code.word(), &neutral(&finding.reason)))
        }
        Step::Rules(step) => rules(out, &step.answer),
        Step::Desired(step) => {
            principal(out, &step.principal);
            for (field, from, to) in &step.bent {
                let to = if to.is_null() { "left out".to_owned() } else { format!("becomes {}", plain(to)) };
                line(out, field, &ink(WARN, &format!("{} {to}: the target cannot hold it", plain(from))));
            }
        }
        Step::Lint(finding) => line(out, "read at", &neutral(&finding.origin)),
        Step::Match(step) => matched(out, step),
        Step::Decide(DecideStep::Change { change, .. }) => {
            text_changes::details(out, change, &explanation.plan.names);
        }
        Step::Decide(DecideStep::Held(item)) => line(out, "do", &ink(FAINT, item.code.advice())),
        Step::Decide(DecideStep::Retained(_) | DecideStep::Passed { .. }) => {}
        Step::Guard(step) => guard(out, step),
    }
}

fn line(out: &mut String, label: &str, value: &str) {
    let _ = writeln!(out, "{:12}{}{value}", "", column(FAINT, &shown(label, 40), LABEL));
}

fn principal(out: &mut String, shown: &Shown) {
    let Shown { name: _, origin: _, values, password } = shown;
    for (member, value) in values.as_object().into_iter().flatten() {
        match (member.as_str(), value) {
            // What kind it is was asked.
            ("principalTypeEnum", _) => {}
            ("attributes", Value::Object(attributes)) => {
                attributes.iter().for_each(|(name, value)| line(out, name, &plain(value)));
            }
            _ => line(out, member, &plain(value)),
        }
    }
    if *password {
        line(out, "password", &ink(FAINT, "there is one"));
    }
}

fn rules(out: &mut String, answer: &Answer) {
    let Answer { when, pattern, name, grants, set, nested } = answer;
    if let Some(when) = when {
        evaluation(out, "when", when);
    }
    if let Some(pattern) = pattern {
        let hit = pattern
            .pattern
            .as_deref()
            .map_or_else(|| "no pattern matches its name".into(), |text| format!("{text} matches its name"));
        line(out, pattern.list, &neutral(&hit));
    }
    if let Some(name) = name {
        let to = name.to.as_deref().map_or_else(|| "nothing".into(), |to| shown(to, WIDEST));
        match &name.evaluation {
            Some(given) => evaluation(out, name.by, given),
            None => line(out, name.by, &format!("{} becomes {to}", shown(&name.from, WIDEST))),
        }
    }
    for grant in grants {
        let groups = grant.groups.iter().map(|group| shown(group, 60)).collect::<Vec<_>>().join(", ");
        let is = if grant.held { groups } else { format!("{groups}: {}", ink(FAINT, "not granted")) };
        line(out, "grant", &is);
        if let Some(when) = &grant.when {
            evaluation(out, "  when", when);
        }
    }
    for given in set {
        evaluation(out, &format!("set.{}", given.field), &given.evaluation);
    }
    if !nested.is_empty() {
        let groups: Vec<Value> = nested.iter().map(|group| group.as_str().into()).collect();
        line(out, "flatten", &format!("is put into {} too", plain(&groups.into())));
    }
}

/// The expression, what it gave, what it looked at, and where it is written.
fn evaluation(out: &mut String, label: &str, evaluation: &Evaluation) {
    let Evaluation { expression, place, value, error, variables } = evaluation;
    let is = match (error, value) {
        (Some(error), _) => ink(STOP, &neutral(error)),
        (None, Value::Bool(true)) => ink(GOOD, "true"),
        (None, Value::Bool(false)) => ink(WARN, "false"),
        (None, value) => plain(value),
    };
    line(out, label, &format!("{} {} {is}", shown(expression, WIDEST), ink(FAINT, "→")));
    for (name, value) in variables {
        line(out, "", &format!("{} {}", ink(FAINT, &format!("{} =", shown(name, 40))), plain(value)));
    }
    line(out, "", &ink(FAINT, &neutral(place)));
}

fn matched(out: &mut String, step: &MatchStep) {
    if let Some(id) = &step.recorded_id {
        line(out, "recorded id", &shown(id, WIDEST));
    }
    if let Some(current) = &step.current {
        principal(out, current);
    }
}

fn guard(out: &mut String, step: &GuardStep) {
    for LimitState { name, of, rule, limit, value, state, message, lifted, .. } in &step.limits {
        let (mark, style) = match (state, lifted) {
            (_, Some(_)) => ("lifted", WARN),
            (State::Tripped, None) => ("TRIPPED", STOP),
            (State::Held, None) => ("HELD", WARN),
            (State::Ok | State::Off, None) => ("ok", GOOD),
        };
        let of = of.as_deref().map(|of| format!("{} · ", neutral(of))).unwrap_or_default();
        let numbers = match (value, limit) {
            (Some(value), Some(limit)) => format!("{} of {} · ", number(*value), number(*limit)),
            (Some(value), None) => format!("{} · ", number(*value)),
            (None, _) => String::new(),
        };
        line(out, name.text(), &format!("{} {of}{numbers}{}", ink(style, mark), ink(FAINT, rule)));
        if let (Some(message), State::Tripped) = (message, state) {
            line(out, "", &ink(style, &neutral(message)));
        }
    }
    for Held { wanted: what, code, reason, .. } in &step.held {
        line(out, "held", &ink(WARN, &neutral(&format!("{}: {reason}", wanted(what)))));
        line(out, "", &ink(FAINT, &format!("do: {}", code.advice())));
    }
}

/// A value on one line: lists without brackets, long ones cut.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => ink(FAINT, "(none)"),
        Value::Array(items) => {
            let told: Vec<_> = items.iter().take(ITEMS).map(plain).collect();
            let more = items.len().saturating_sub(ITEMS);
            let more = if more > 0 { format!(" and {} more", count(more)) } else { String::new() };
            format!("{}{more}", told.join(", "))
        }
        Value::Null => ink(FAINT, "(nothing)"),
        Value::String(text) if text.is_empty() => ink(FAINT, "(empty)"),
        Value::String(text) => shown(text, WIDEST),
        other => shown(&other.to_string(), WIDEST),
    }
}
