//! An explanation as one line of JSON, `rollcall.explain/v1`.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::change_document::ChangeDocument;
use super::document::{held, retained, time};
use super::explanation::{
    Basis, DecideStep, DesiredStep, Explanation, Fate, Found, GuardStep, MatchStep, MergeStep, ReadStep, RulesStep,
    Shown, Step,
};
use crate::principal::GroupNames;

/// The schema name of explanations.
const EXPLAIN: &str = "rollcall.explain/v1";

/// Writes an explanation as one line of JSON.
///
/// # Errors
/// When `out` cannot be written.
pub fn explanation_json(out: &mut impl Write, explanation: &Explanation) -> io::Result<()> {
    let Explanation { sync, asked, basis, steps, plan, conclusion, nearest } = explanation;
    let basis = match basis {
        Basis::Live => json!({ "live": true }),
        Basis::Saved { id, created } => json!({ "live": false, "plan": id, "created": time(*created) }),
    };
    let steps: Vec<Value> = steps.iter().map(|step| document(step, &plan.names)).collect();
    let document = json!({
        "schema": EXPLAIN, "sync": sync, "kind": asked.kind, "name": asked.name, "basis": basis, "steps": steps,
        "effect": conclusion.effect.word(), "conclusion": conclusion.sentence, "nearest": nearest,
    });
    writeln!(out, "{document}")
}

fn document(step: &Step, names: &GroupNames) -> Value {
    let mut members = Map::new();
    members.insert("step".into(), step.word().into());
    members.insert("sentence".into(), step.sentence().into());
    let more = match step {
        Step::Read(step) => read(step),
        Step::Merge(step) => merge(step),
        Step::Rules(step) => rules(step),
        Step::Desired(step) => desired(step),
        Step::Lint(finding) => json!({ "finding": finding }),
        Step::Match(step) => matched(step),
        Step::Decide(step) => decided(step, names),
        Step::Guard(step) => guarded(step),
    };
    if let Value::Object(more) = more {
        members.extend(more);
    }
    Value::Object(members)
}

fn shown(shown: &Shown) -> Value {
    let Shown { name, origin, values, password } = shown;
    json!({ "name": name, "origin": origin, "values": values, "password": password })
}

fn read(step: &ReadStep) -> Value {
    let ReadStep { source, missing, found } = step;
    let (record, aside, nearest) = match found {
        Found::Record(record) => (Some(shown(record)), None, None),
        Found::Aside(finding) => (None, Some(finding), None),
        Found::Nowhere { nearest } => (None, None, Some(nearest)),
    };
    json!({
        "source": source, "complete": missing.is_empty(), "missing": missing, "record": record, "setAside": aside,
        "nearest": nearest,
    })
}

fn merge(step: &MergeStep) -> Value {
    let MergeStep { rule, claims, whole, findings } = step;
    let claims: Vec<_> = claims.iter().map(|(source, origin)| json!({ "source": source, "origin": origin })).collect();
    json!({ "merge": rule, "sources": claims, "record": whole.as_ref().map(shown), "findings": findings })
}

fn rules(step: &RulesStep) -> Value {
    let RulesStep { name, answer, fate } = step;
    let (word, new_name, aside) = match fate {
        Fate::Inside { name } => ("in-scope", Some(name), None),
        Fate::Outside => ("out-of-scope", None, None),
        Fate::Aside(finding) => ("set-aside", None, Some(finding)),
    };
    json!({ "name": name, "fate": word, "newName": new_name, "setAside": aside, "rules": answer })
}

fn desired(step: &DesiredStep) -> Value {
    let DesiredStep { principal, bent } = step;
    let bent: Vec<_> = bent.iter().map(|(field, from, to)| json!({ "field": field, "from": from, "to": to })).collect();
    json!({ "principal": shown(principal), "bent": bent })
}

fn matched(step: &MatchStep) -> Value {
    let MatchStep { case, desired, current, owner, other_owner, recorded_id } = step;
    json!({
        "match": case.word(), "name": desired, "target": current.as_ref().map(shown), "owner": owner,
        "otherOwner": other_owner, "recordedId": recorded_id,
    })
}

fn decided(step: &DecideStep, names: &GroupNames) -> Value {
    match step {
        DecideStep::Change { change, adopts, left_out } => {
            let change = serde_json::to_value(ChangeDocument::new(change, names, None)).unwrap_or_default();
            json!({ "decision": "change", "change": change, "adopts": adopts, "leftOut": left_out })
        }
        DecideStep::Held { item, missing } => {
            json!({ "decision": "held", "held": held(item), "missing": missing })
        }
        DecideStep::Retained(item) => json!({ "decision": "retained", "retained": retained(item) }),
        DecideStep::Passed { name, why, adopts, left_out } => {
            json!({ "decision": "nothing", "name": name, "reasonCode": why, "adopts": adopts, "leftOut": left_out })
        }
    }
}

fn guarded(step: &GuardStep) -> Value {
    let GuardStep { verdict, limits, held: items, needs_person } = step;
    let items: Vec<_> = items.iter().map(held).collect();
    json!({ "verdict": verdict, "limits": limits, "held": items, "needsPerson": needs_person })
}
