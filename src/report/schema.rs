use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::report::{RequestedBy, Tool};
use crate::guard::{LimitState, Override, Verdict};
use crate::mapping::{LintCode, Severity};
use crate::plan::{Cause, Summary};

/// The JSON Schema of `rollcall.plan/v1`.
#[must_use]
pub fn plan_schema() -> Value {
    document("rollcall.plan/v1", json!({}))
}

/// The JSON Schema of `rollcall.report/v1`: a plan, and what became of it.
#[must_use]
pub fn report_schema() -> Value {
    let applied = json!({
        "type": "object", "required": ["started", "finished", "calls", "seconds", "remarks"],
        "properties": {
            "started": time(), "finished": time(),
            "calls": { "type": "integer", "description": "requests sent to the target; compare with `forecast.calls`" },
            "seconds": { "type": "number", "description": "compare with `forecast.seconds`" },
            "remarks": { "type": "array", "items": { "type": "object", "required": ["kind", "name", "text"] } },
        },
    });
    let verification = json!({ "type": ["object", "null"], "required": ["finished", "remaining", "targetDigest", "error"], "properties": {
        "finished": time(), "remaining": { "type": "integer", "minimum": 0 }, "targetDigest": { "type": "string" },
        "error": { "type": ["string", "null"] } } });
    let trail = json!({
        "type": "object", "required": ["origin", "size", "root", "checkpoint"],
        "description": "the audit trail once the run was in it: keep it, and nothing can be taken back unseen",
        "properties": {
            "origin": { "type": "string" }, "size": { "type": "integer", "minimum": 0 }, "root": { "type": "string" },
            "checkpoint": { "type": ["string", "null"], "description": "a signed note, C2SP tlog-checkpoint" },
        },
    });
    document("rollcall.report/v1", json!({ "applied": applied, "verification": verification, "auditTrail": trail }))
}

fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn document(name: &str, more: Value) -> Value {
    let mut generator = SchemaGenerator::default();
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let number = json!({ "type": "integer", "minimum": 0 });
    let mut properties = json!({
        "schema": { "const": name }, "id": text, "digest": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" },
        "sync": text, "created": time(), "tool": of::<Tool>(&mut generator), "environment": { "type": ["string", "null"] },
        "configDigest": text, "requestedBy": of::<RequestedBy>(&mut generator),
        "overrides": of::<Vec<Override>>(&mut generator), "only": texts, "applyChanges": { "type": "boolean" },
        "removeDeleted": { "type": "boolean" }, "needsPerson": { "type": "boolean" },
        "sources": { "type": "array", "items": reading(&json!({ "missing": texts, "readStarted": time(), "readFinished": time(), "dataAge": { "type": ["integer", "null"] } })) },
        "target": reading(&json!({})), "summary": of::<Summary>(&mut generator),
        "changes": { "type": "array", "items": change() },
        "retained": { "type": "array", "items": item(&["reason"], &json!({})) },
        "held": { "type": "array", "items": item(&["wanted", "reasonCode", "reason", "advice"], &json!({ "group": { "type": ["string", "null"] } })) },
        "rejected": { "type": "array", "items": item(&["origin", "reason"], &json!({})) },
        "lint": { "type": "array", "items": item(&["origin", "reason"], &json!({
            "severity": { "enum": Severity::ALL.map(Severity::word) }, "code": { "enum": LintCode::ALL.map(LintCode::word) } })) },
        "adopted": { "type": "array", "items": item(&[], &json!({ "sourceId": { "type": ["string", "null"] }, "first": { "type": "boolean" } })) }, "notes": texts,
        "guard": { "type": "object", "required": ["verdict", "limits"], "properties": {
            "verdict": of::<Verdict>(&mut generator), "limits": of::<Vec<LimitState>>(&mut generator) } },
        "forecast": { "type": "object", "required": ["calls", "seconds"], "properties": { "calls": number, "seconds": number } },
    });
    let required: Vec<String> = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    if let (Some(all), Value::Object(more)) = (properties.as_object_mut(), more) {
        all.insert("undoes".into(), json!({ "type": "string", "description": "the run that this one takes back" }));
        all.extend(more);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, "type": "object",
        "required": required, "properties": properties, "$defs": generator.take_definitions(true),
    })
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn reading(more: &Value) -> Value {
    let mut properties = json!({
        "name": { "type": "string" }, "kind": { "type": "string" }, "users": { "type": "integer", "minimum": 0 },
        "groups": { "type": "integer", "minimum": 0 }, "complete": { "type": "boolean" },
        "proofs": { "type": "array", "items": { "type": "string" } }, "digest": { "type": "string" },
    });
    if let (Some(all), Some(more)) = (properties.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
    let required: Vec<String> = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn item(texts: &[&str], more: &Value) -> Value {
    let mut properties = json!({ "kind": kind(), "name": { "type": "string" } });
    for name in texts {
        properties[*name] = json!({ "type": "string" });
    }
    let more = more.as_object().into_iter().flatten();
    more.for_each(|(name, schema)| properties[name] = schema.clone());
    let required: Vec<String> = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn kind() -> Value {
    json!({ "enum": ["user", "group"] })
}

fn change() -> Value {
    let principal = json!({ "type": "object", "required": ["name", "principalTypeEnum"] });
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let cause = json!({ "enum": Cause::ALL.map(Cause::word) });
    let field = json!({ "type": "object", "required": ["field", "from", "to"], "properties": {
        "field": { "type": "string" }, "from": {}, "to": {}, "cause": cause } });
    let groups = json!({ "type": "object", "properties": {
        "add": names, "remove": names, "causes": { "type": "object", "additionalProperties": cause } } });
    json!({
        "type": "object", "required": ["action", "kind", "name", "reasonCode", "reason", "privileged"],
        "properties": {
            "action": { "enum": crate::plan::Action::ALL.map(crate::plan::Action::word) }, "kind": kind(),
            "name": { "type": "string" }, "newName": { "type": "string" }, "reasonCode": { "type": "string" },
            "reason": { "type": "string" }, "origin": { "type": "string" }, "sourceId": { "type": "string" },
            "targetId": { "type": "string" }, "privileged": { "type": "boolean" }, "cause": cause,
            "owner": { "enum": ["created", "adopted", "none"] }, "passwordFromSource": { "type": "boolean" },
            "fields": { "type": "array", "items": field }, "groups": groups,
            "transferTo": { "type": "string" }, "alsoUpdates": names, "lastOrigin": { "type": "string" },
            "lastSeen": { "type": "string" }, "before": principal, "after": principal,
            "outcome": { "enum": ["done", "failed", "set-aside", "not-tried"] }, "error": { "type": "string" },
            "hint": { "type": "string" },
        },
    })
}
