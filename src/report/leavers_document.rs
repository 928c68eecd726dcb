//! Who is on the way out, as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::document::time;
use super::leavers::{Departure, Leavers, Next};
use crate::plan::{Leaver, Recorded};

/// Writes the leavers of one sync as one line of JSON, `rollcall.leavers/v1`.
///
/// # Errors
/// When `out` cannot be written.
pub fn leavers_json(out: &mut impl Write, told: &Leavers) -> io::Result<()> {
    let Leavers { sync, target, leavers } = told;
    let leavers: Vec<Value> = leavers.iter().map(departure).collect();
    let document = json!({ "schema": "rollcall.leavers/v1", "sync": sync, "target": target, "leavers": leavers });
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn departure(departure: &Departure) -> Value {
    let Departure { kind, leaver, needed, next } = departure;
    let Leaver { name, absences, since, disabled, recorded } = leaver;
    let done =
        disabled.map(|at| json!({ "action": if leaver.is_off() { "disable" } else { "strip" }, "at": time(at) }));
    let recorded = recorded.as_deref().map(|recorded| {
        let Recorded { off: _, active, stripped: _, groups } = recorded;
        json!({ "active": active, "groupNames": groups })
    });
    json!({
        "kind": kind, "name": name, "since": (*absences > 0).then(|| time(*since)), "absences": absences,
        "absencesNeeded": needed, "done": done, "recorded": recorded, "next": self::next(next),
    })
}

fn next(next: &Next) -> Value {
    match next {
        Next::Stays(why) => json!({ "step": "stays", "reason": why }),
        Next::First { action, readings } => json!({ "step": action.word(), "readings": readings }),
        Next::Waits => json!({ "step": "wait" }),
        Next::Delete { from, is_due, transfer_to } => {
            json!({ "step": "delete", "from": time(*from), "due": is_due, "transferTo": transfer_to })
        }
        Next::Back => json!({ "step": "back" }),
    }
}
