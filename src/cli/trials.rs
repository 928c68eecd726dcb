//! The tests of rules that stand in the configuration, run by `check`.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::config::Settings;
use crate::mapping::trial::Verdict;
use crate::principal::{CaseRules, neutral};

/// A test and what became of its record.
pub(super) struct Tried<'a> {
    sync: &'a str,
    name: Option<&'a str>,
    place: &'a str,
    verdict: Verdict,
}

/// Runs every test of every sync. No source or target is asked.
pub(super) fn run(settings: &Settings) -> Vec<Tried<'_>> {
    let mut tried = Vec::new();
    for sync in settings.syncs.values().filter(|sync| !sync.trials.is_empty()) {
        let target = settings.targets.get(&sync.target).and_then(|target| target.build().ok());
        let case = target.map_or(CaseRules::EXACT, |target| target.capabilities().rules);
        tried.extend(sync.trials.iter().map(|trial| Tried {
            sync: &sync.name,
            name: trial.name.as_deref(),
            place: &trial.place,
            verdict: trial.run(&sync.rules, case),
        }));
    }
    tried
}

impl Tried<'_> {
    pub(super) fn passed(&self) -> bool {
        self.verdict.passed
    }

    pub(super) fn document(&self) -> Value {
        let Self { sync, name, place, verdict } = self;
        let Verdict { record, expected, actual, differences, passed } = verdict;
        let differences: Vec<_> = differences
            .iter()
            .map(|(member, expected, actual)| json!({ "member": member, "expected": expected, "actual": actual }))
            .collect();
        json!({
            "sync": sync, "name": name, "place": place, "ok": passed, "record": record,
            "expected": expected, "actual": actual, "differences": differences
        })
    }
}

/// How many passed, and each that failed: its record, what was expected, what came.
pub(super) fn text(tried: &[Tried<'_>]) -> String {
    let (good, bad) = (anstyle::AnsiColor::Green.on_default().bold(), anstyle::AnsiColor::Red.on_default().bold());
    let mut out = String::new();
    let passed = tried.iter().filter(|tried| tried.passed()).count();
    if passed > 0 {
        let _ = writeln!(out, "{good}ok{good:#}    {passed} test{} of rules", if passed == 1 { "" } else { "s" });
    }
    for Tried { name, place, verdict, .. } in tried.iter().filter(|tried| !tried.passed()) {
        let name = name.map(|name| format!(" \"{}\"", neutral(name))).unwrap_or_default();
        let _ = writeln!(out, "{bad}error{bad:#} test{name} failed: {place}");
        let _ = writeln!(out, "      record    {}", shown(&verdict.record));
        let _ = writeln!(out, "      expected  {}", shown(&verdict.expected));
        let _ = writeln!(out, "      actual    {}", shown(&verdict.actual));
        if !verdict.differences.is_empty() {
            out.push_str(&table(&verdict.differences));
        }
    }
    out
}

/// The members that differ, side by side.
fn table(differences: &[(String, Value, Value)]) -> String {
    let head = ["member".to_owned(), "expected".to_owned(), "actual".to_owned()];
    let rows = differences
        .iter()
        .map(|(member, expected, actual)| [neutral(member).into_owned(), shown(expected), shown(actual)]);
    let rows: Vec<[String; 3]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    rows.iter().fold(String::new(), |mut out, [member, expected, actual]| {
        let _ = writeln!(out, "        {member:first$}  {expected:second$}  {actual}");
        out
    })
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    neutral(&text).into_owned()
}
