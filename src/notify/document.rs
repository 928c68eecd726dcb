//! The body of a webhook: `rollcall.event/v1`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::trouble::class_word;
use super::{About, Breach, Event, Failure, Notice, Partial, Pause, Trouble};
use crate::principal::shown;

/// The longest text of others, in characters.
const TEXT: usize = 600;

/// The event as JSON: `schema`, `id`, `type`, `timestamp` and `data`, as Standard Webhooks advises. Every member is always
/// there; `null` where there is nothing.
pub(super) fn document(event: &Event, notice: &Notice) -> Value {
    let kind = event.kind().word();
    json!({
        "schema": "rollcall.event/v1",
        "id": event.id(),
        "type": format!("sync.{kind}"),
        "timestamp": moment(event.run.ended),
        "data": data(event, notice),
    })
}

/// What `data` holds; a template of a chat sees the same under `event`.
pub(super) fn data(event: &Event, notice: &Notice) -> Value {
    let Event { run, about, summary, verdict, pause } = event;
    let trouble = match about {
        About::Trouble(trouble) => Some(trouble),
        About::Recovery(_) => None,
    };
    let recovery = match about {
        About::Recovery(told) => json!({ "from": told.kind, "since": moment(told.since) }),
        About::Trouble(_) => Value::Null,
    };
    let next = notice.next.iter().map(|step| json!({ "text": step.text, "command": step.command }));
    json!({
        "kind": event.kind(),
        "sync": run.sync,
        "environment": run.environment.as_deref().map(|name| shown(name, TEXT)),
        "run": shown(&run.id, TEXT),
        "title": notice.title,
        "text": notice.text(),
        "verdict": verdict,
        "summary": summary,
        "limits": trouble.map_or_else(Vec::new, limits),
        "unproven": match trouble {
            Some(Trouble::Unproven(missing)) => missing.iter().map(|text| shown(text, TEXT)).collect(),
            _ => Vec::new(),
        },
        "waitsFor": trouble.and_then(waits_for),
        "error": match trouble {
            Some(Trouble::Failed(failure)) => error(failure),
            _ => Value::Null,
        },
        "applied": match trouble {
            Some(Trouble::Partial(partial)) => applied(partial),
            _ => Value::Null,
        },
        "recovered": recovery,
        "pause": pause.as_ref().map(paused),
        "next": next.collect::<Vec<_>>(),
        "report": notice.report,
    })
}

fn limits(trouble: &Trouble) -> Vec<Value> {
    let (Trouble::Refused(breaches) | Trouble::Held(breaches)) = trouble else { return Vec::new() };
    let state = if matches!(trouble, Trouble::Held(_)) { "held" } else { "tripped" };
    let limit = |breach: &Breach| {
        let Breach { name, of, limit, value, base, percent } = breach;
        let of = of.as_deref().map(|of| shown(of, TEXT));
        json!({
            "name": name, "of": of, "state": state, "value": value, "limit": limit, "outOf": base, "percent": percent,
            "text": shown(&breach.sentence(), TEXT),
        })
    };
    breaches.iter().map(limit).collect()
}

fn waits_for(trouble: &Trouble) -> Option<&'static str> {
    match trouble {
        Trouble::FirstRun => Some("first-run"),
        Trouble::Held(_) => Some("decision"),
        Trouble::Approval => Some("approval"),
        _ => None,
    }
}

fn error(failure: &Failure) -> Value {
    let Failure { class, of, why, hint, untouched } = failure;
    json!({
        "class": class_word(*class), "of": shown(of, TEXT), "text": shown(why, TEXT),
        "hint": hint.as_deref().map(|hint| shown(hint, TEXT)), "nothingWritten": untouched,
    })
}

fn applied(partial: &Partial) -> Value {
    let Partial { target: _, done, failed, set_aside, not_tried, classes, differing } = partial;
    let classes: serde_json::Map<_, _> =
        classes.iter().map(|(class, number)| (class_word(Some(*class)).to_owned(), json!(number))).collect();
    json!({
        "done": done, "failed": failed, "setAside": set_aside, "notTried": not_tried, "classes": classes,
        "stillToDo": differing,
    })
}

fn paused(pause: &Pause) -> Value {
    let Pause { until, failures, denied } = pause;
    json!({ "until": moment(*until), "failures": failures, "denied": denied })
}

fn moment(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
