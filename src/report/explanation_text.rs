//! An explanation for a person at a terminal: each step one sentence, and below it the values, label by label.

use std::fmt::Write;

use serde_json::Value;

use super::explanation::{
    Basis, DecideStep, Effect, Explanation, Fate, Found, GuardStep, MatchStep, MergeStep, Shown, Step,
};
use super::explanation_words::wanted;
use super::ink::{FAINT, GOOD, STOP, TITLE, WARN, column, count, ink, number};
use super::text_changes;
use crate::guard::{LimitState, State, Verdict};
use crate::mapping::rules::{Answer, Evaluation};
use crate::plan::{Change, Held};
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
    let Explanation { sync, asked, basis, steps, plan: _, conclusion, nearest: _ } = explanation;
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
        Step::Rules(step) if !matches!(step.fate, Fate::Inside { .. }) => WARN,
        Step::Merge(MergeStep { whole: None, .. }) | Step::Decide(DecideStep::Held { .. }) | Step::Lint(_) => WARN,
        Step::Guard(GuardStep { verdict: Verdict::Refused, .. }) => STOP,
        Step::Guard(step) if !step.held.is_empty() => WARN,
        _ => plain,
    }
}

fn values(out: &mut String, step: &Step, explanation: &Explanation) {
    match step {
        Step::Read(step) => {
            lines(out, "missing proof", STOP, &step.missing);
            if let Found::Record(shown) = &step.found {
                principal(out, shown);
            }
        }
        Step::Merge(step) => {
            for finding in &step.findings {
                line(out, finding.code.word(), &neutral(&finding.reason));
            }
        }
        Step::Rules(step) => rules(out, &step.answer),
        Step::Desired(step) => {
            principal(out, &step.principal);
            bent(out, &step.bent);
        }
        Step::Lint(finding) => line(out, "read at", &neutral(&finding.origin)),
        Step::Match(step) => matched(out, step),
        Step::Decide(DecideStep::Change { change, left_out, .. }) => {
            places(out, change, explanation);
            let mut details = String::new();
            text_changes::details(&mut details, change, &explanation.plan.names);
            for detail in details.lines() {
                let _ = writeln!(out, "{:6}{detail}", "");
            }
            lines(out, "left out", WARN, left_out);
        }
        Step::Decide(DecideStep::Held { item, missing }) => {
            lines(out, "missing proof", STOP, missing);
            line(out, "do", &ink(FAINT, item.code.advice()));
        }
        Step::Decide(DecideStep::Passed { left_out, .. }) => {
            lines(out, "left out", WARN, left_out);
        }
        Step::Decide(DecideStep::Retained(_)) => {}
        Step::Guard(step) => guard(out, step),
    }
}

fn line(out: &mut String, label: &str, value: &str) {
    let _ = writeln!(out, "{:12}{}{value}", "", column(FAINT, &shown(label, 40), LABEL));
}

/// Where it was read, if no step before says so.
fn places(out: &mut String, change: &Change, explanation: &Explanation) {
    let detail = change.detail();
    if let (Some(origin), Basis::Saved { .. }) = (&change.origin, &explanation.basis) {
        line(out, "read at", &neutral(&origin.to_string()));
    }
    if let Some(origin) = &detail.last_origin {
        let time = detail.last_seen.as_deref().map(|time| format!(", {time}")).unwrap_or_default();
        line(out, "last read at", &neutral(&format!("{origin}{time}")));
    }
}

/// One line for each text, all under one label.
fn lines(out: &mut String, label: &str, style: anstyle::Style, texts: &[String]) {
    for text in texts {
        line(out, label, &ink(style, &neutral(text)));
    }
}

/// The order in which a person looks at members; attributes come after them.
const MEMBERS: [&str; 8] = ["name", "displayName", "mail", "description", "id", "active", "visibility", "groupNames"];

fn principal(out: &mut String, shown: &Shown) {
    let Shown { name: _, origin: _, values, password } = shown;
    for member in MEMBERS {
        if let Some(value) = values.get(member) {
            line(out, member, &plain(value));
        }
    }
    for (name, value) in values.get("attributes").and_then(Value::as_object).into_iter().flatten() {
        line(out, name, &plain(value));
    }
    if *password {
        line(out, "password", &ink(FAINT, "there is one"));
    }
}

/// Values that the target cannot hold as the rules gave them.
fn bent(out: &mut String, bent: &[(String, Value, Value)]) {
    let lost: Vec<_> = bent.iter().filter(|(_, _, to)| to.is_null()).map(|(field, ..)| shown(field, 60)).collect();
    if !lost.is_empty() {
        let fields = listed(&lost);
        line(out, "dropped", &ink(WARN, &format!("{fields}: the target has no place for that")));
    }
    for (field, from, to) in bent.iter().filter(|(_, _, to)| !to.is_null()) {
        line(out, field, &ink(WARN, &format!("the target cannot hold {}, and gets {}", plain(from), plain(to))));
    }
}

fn rules(out: &mut String, answer: &Answer) {
    let Answer { when, pattern, name, grants, set, nested } = answer;
    if let Some(when) = when {
        evaluation(out, "when", "", when);
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
            Some(given) => evaluation(out, "set", "name: ", given),
            None => line(out, name.by, &format!("{} becomes {to}", shown(&name.from, WIDEST))),
        }
    }
    for grant in grants {
        let groups = grant.groups.iter().map(|group| shown(group, 60)).collect::<Vec<_>>().join(", ");
        let is = if grant.held { ink(GOOD, "granted") } else { ink(WARN, "not granted") };
        line(out, "grant", &format!("{groups} {} {is}", ink(FAINT, "→")));
        if let Some(when) = &grant.when {
            evaluation(out, "grant if", "", when);
        }
    }
    for given in set {
        evaluation(out, "set", &format!("{}: ", shown(&given.field, 80)), &given.evaluation);
    }
    if !nested.is_empty() {
        let groups: Vec<Value> = nested.iter().map(|group| group.as_str().into()).collect();
        line(out, "flatten", &format!("is put into {} too", plain(&groups.into())));
    }
}

/// The expression, what it gave, where it is written, and what it looked at.
fn evaluation(out: &mut String, label: &str, what: &str, evaluation: &Evaluation) {
    let Evaluation { expression, place, value, error, variables } = evaluation;
    let is = match (error, value) {
        (Some(error), _) => ink(STOP, &neutral(error)),
        (None, Value::Bool(true)) => ink(GOOD, "true"),
        (None, Value::Bool(false)) => ink(WARN, "false"),
        (None, value) => plain(value),
    };
    // The way in the configuration is told by the label already.
    let place = place.rsplit_once(" (").map_or(place.as_str(), |(_, place)| place.trim_end_matches(')'));
    let place = ink(FAINT, &format!("· {}", neutral(place)));
    line(out, label, &format!("{what}{} {} {is} {place}", shown(expression, WIDEST), ink(FAINT, "→")));
    for (name, value) in variables {
        line(out, "", &format!("{} {}", ink(FAINT, &format!("{} =", shown(name, 40))), plain(value)));
    }
}

fn matched(out: &mut String, step: &MatchStep) {
    if let Some(id) = &step.recorded_id {
        line(out, "recorded id", &shown(id, WIDEST));
    }
    if let Some(current) = &step.current {
        let mut current = current.clone();
        // In a target an empty value and none are the same.
        if let Some(members) = current.values.as_object_mut() {
            members.retain(|_, value| !value.as_str().is_some_and(str::is_empty));
        }
        principal(out, &current);
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
            (Some(value), Some(limit)) => format!("{} (limit {}) · ", number(*value), number(*limit)),
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
            let items: Vec<_> = items.iter().map(plain).collect();
            listed(&items)
        }
        Value::Null => ink(FAINT, "(nothing)"),
        Value::String(text) if text.is_empty() => ink(FAINT, "(empty)"),
        Value::String(text) => shown(text, WIDEST),
        other => shown(&other.to_string(), WIDEST),
    }
}

/// The first few, and how many more.
fn listed(items: &[String]) -> String {
    let told = items.iter().take(ITEMS).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = items.len().saturating_sub(ITEMS);
    if more > 0 { format!("{told} and {} more", count(more)) } else { told }
}
