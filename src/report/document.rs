use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::change_document::ChangeDocument;
use super::report::{Facts, Phase, Report, SourceFacts, TargetFacts, Verification};
use crate::apply::Remark;
use crate::connector::{Outcome, Rejected};
use crate::plan::{Adoption, Held, Plan, Retained};
use crate::principal::hex;

/// The schema name of plans.
pub(super) const PLAN: &str = "rollcall.plan/v1";
/// The schema name of reports.
pub(super) const REPORT: &str = "rollcall.report/v1";

/// Writes the plan of a report as one line of JSON, `rollcall.plan/v1`.
///
/// # Errors
/// When `out` cannot be written.
pub fn plan_json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    write(out, &Document { report, schema: PLAN, digest: Some(&report.digest) })
}

/// Writes a report as one line of JSON: the plan, and what became of it, `rollcall.report/v1`.
///
/// # Errors
/// When `out` cannot be written.
pub fn report_json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    write(out, &Document { report, schema: REPORT, digest: Some(&report.digest) })
}

fn write(out: &mut impl Write, document: &Document<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    out.write_all(b"\n")
}

impl Report {
    /// Works out the digest of the plan: last of all, once everything that it covers stands.
    #[must_use]
    pub fn seal(mut self) -> Self {
        self.digest = digest(&self).unwrap_or_default();
        self
    }
}

/// SHA-256 of the plan's JSON without `id`, `digest`, `created`, `requestedBy` and the sources' times: what two plans
/// of the same inputs have in common.
fn digest(report: &Report) -> io::Result<String> {
    struct Sink(Sha256);
    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut sink = io::BufWriter::with_capacity(1 << 16, Sink(Sha256::new()));
    serde_json::to_writer(&mut sink, &Document { report, schema: PLAN, digest: None })?;
    let sink = sink.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(hex("sha256:", &sink.0.finalize()))
}

/// A plan or report as JSON; without a digest, the part that the digest covers.
struct Document<'a> {
    report: &'a Report,
    schema: &'static str,
    digest: Option<&'a str>,
}

impl Document<'_> {
    fn outcomes(&self) -> &[Outcome] {
        if self.tells_outcomes() { self.report.outcomes() } else { &[] }
    }

    fn tells_outcomes(&self) -> bool {
        self.schema == REPORT
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report { facts, plan, rejected, lint, limits, verdict, forecast, phase, digest: _, trail } = self.report;
        let Facts {
            id,
            sync,
            created,
            tool,
            environment,
            config_digest,
            requested_by,
            overrides: _,
            undoes: _,
            only: _,
            apply_changes: _,
            remove_deleted: _,
            needs_person: _,
            sources,
            target,
        } = facts;
        let timeless = self.digest.is_none();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", self.schema)?;
        if let Some(digest) = &self.digest {
            map.serialize_entry("id", id)?;
            map.serialize_entry("digest", digest)?;
        }
        map.serialize_entry("sync", sync)?;
        if !timeless {
            map.serialize_entry("created", &time(*created))?;
        }
        map.serialize_entry("tool", tool)?;
        map.serialize_entry("environment", environment)?;
        map.serialize_entry("configDigest", config_digest)?;
        if !timeless {
            map.serialize_entry("requestedBy", requested_by)?;
        }
        asked(&mut map, facts)?;
        let source = |source: &SourceFacts| self::source(source, *created, timeless);
        map.serialize_entry("sources", &sources.iter().map(source).collect::<Vec<_>>())?;
        map.serialize_entry("target", &self::target(target))?;
        map.serialize_entry("summary", &self.report.summary())?;
        map.serialize_entry("changes", &Changes { plan, outcomes: self.outcomes() })?;
        map.serialize_entry("retained", &plan.retained.iter().map(retained).collect::<Vec<_>>())?;
        map.serialize_entry("held", &plan.held.iter().map(held).collect::<Vec<_>>())?;
        map.serialize_entry("rejected", &rejected.iter().map(self::rejected).collect::<Vec<_>>())?;
        map.serialize_entry("lint", lint)?;
        map.serialize_entry("adopted", &plan.adopted.iter().map(adopted).collect::<Vec<_>>())?;
        map.serialize_entry("notes", &plan.notes)?;
        map.serialize_entry("guard", &json!({ "verdict": verdict, "limits": limits }))?;
        map.serialize_entry("forecast", &json!({ "calls": forecast.calls, "seconds": forecast.seconds }))?;
        if let Some((applied, verification)) = applied(plan, phase).filter(|_| self.tells_outcomes()) {
            map.serialize_entry("applied", &applied)?;
            map.serialize_entry("verification", &verification)?;
        }
        if let Some(trail) = trail.as_ref().filter(|_| self.tells_outcomes()) {
            map.serialize_entry("auditTrail", trail)?;
        }
        map.end()
    }
}

/// What was asked for, and under which rules.
fn asked<M: SerializeMap>(map: &mut M, facts: &Facts) -> Result<(), M::Error> {
    let Facts { overrides, undoes, only, apply_changes, remove_deleted, needs_person, .. } = facts;
    map.serialize_entry("overrides", overrides)?;
    if let Some(run) = undoes {
        map.serialize_entry("undoes", run)?;
    }
    map.serialize_entry("only", only)?;
    map.serialize_entry("applyChanges", apply_changes)?;
    map.serialize_entry("removeDeleted", remove_deleted)?;
    map.serialize_entry("needsPerson", needs_person)
}

struct Changes<'a> {
    plan: &'a Plan,
    outcomes: &'a [Outcome],
}

impl Serialize for Changes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.plan.changes.len()))?;
        for (at, change) in self.plan.changes.iter().enumerate() {
            list.serialize_element(&ChangeDocument::new(change, &self.plan.names, self.outcomes.get(at)))?;
        }
        list.end()
    }
}

pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn source(source: &SourceFacts, now: DateTime<Utc>, timeless: bool) -> Value {
    let SourceFacts { name, kind, users, groups, coverage, read_started, read_finished, data_time, digest } = source;
    let mut document = json!({
        "name": name, "kind": kind, "users": users, "groups": groups, "complete": coverage.is_whole(),
        "proofs": coverage.proofs, "missing": coverage.missing, "digest": digest,
    });
    if let (false, Value::Object(members)) = (timeless, &mut document) {
        members.insert("readStarted".into(), time(*read_started).into());
        members.insert("readFinished".into(), time(*read_finished).into());
        let age = data_time.map(|data_time| (now - data_time).num_seconds().max(0));
        members.insert("dataAge".into(), age.into());
    }
    document
}

fn target(target: &TargetFacts) -> Value {
    let TargetFacts { name, kind, users, groups, coverage, digest } = target;
    json!({
        "name": name, "kind": kind, "users": users, "groups": groups, "complete": coverage.is_whole(),
        "proofs": coverage.proofs, "digest": digest,
    })
}

pub(super) fn retained(item: &Retained) -> Value {
    let Retained { kind, name, reason } = item;
    json!({ "kind": kind, "name": name, "reason": reason })
}

pub(super) fn held(item: &Held) -> Value {
    let Held { kind, name, wanted, code, reason } = item;
    json!({
        "kind": kind, "name": name, "wanted": wanted.word(), "group": wanted.group(), "reasonCode": code,
        "reason": reason, "advice": code.advice(),
    })
}

fn rejected(item: &Rejected) -> Value {
    let Rejected { kind, name, origin, reason } = item;
    json!({ "kind": kind, "name": name, "origin": origin, "reason": reason })
}

fn adopted(item: &Adoption) -> Value {
    let Adoption { kind, name, source_id, first } = item;
    json!({ "kind": kind, "name": name, "sourceId": source_id, "first": first })
}

/// What an apply took, and what the target showed afterwards.
fn applied(plan: &Plan, phase: &Phase) -> Option<(Value, Option<Value>)> {
    let Phase::Applied { started, finished, outcomes: _, remarks, calls, verification } = phase else { return None };
    let remarks: Vec<Value> = remarks.iter().filter_map(|remark| remarked(plan, remark)).collect();
    let seconds = (*finished - *started).as_seconds_f64();
    let applied = json!({
        "started": time(*started), "finished": time(*finished), "calls": calls, "seconds": seconds, "remarks": remarks,
    });
    Some((applied, verification.as_deref().map(verified)))
}

fn remarked(plan: &Plan, remark: &Remark) -> Option<Value> {
    let Remark { at, text } = remark;
    let change = plan.changes.get(*at)?;
    Some(json!({ "kind": change.kind(), "name": change.name(), "text": text }))
}

fn verified(verification: &Verification) -> Value {
    let Verification { finished, remaining, digest, error } = verification;
    json!({
        "finished": time(*finished), "remaining": remaining, "targetDigest": digest,
        "error": error.as_ref().map(ToString::to_string),
    })
}
