//! The guard's limits in a text report: each with its value and head-room, or OFF.

use std::fmt::Write;

use super::ink::{FAINT, GOOD, STOP, TITLE, WARN, column, ink, number};
use super::report::Report;
use crate::guard::{LimitState, State, Verdict};
use crate::principal::neutral;

pub(super) fn guard(out: &mut String, report: &Report) {
    let verdict = match report.verdict {
        Verdict::Pass => ink(GOOD, "pass"),
        Verdict::Held => ink(WARN, "some items are held, the rest may go on"),
        Verdict::Refused => ink(STOP, "REFUSED"),
    };
    let heading = column(TITLE, "Guard", 16);
    let _ = writeln!(out, "\n{heading}{:<34}{:>8}{:>8}{:>10}   {verdict}", "", "limit", "value", "head-room");
    for limit in &report.limits {
        line(out, limit);
    }
}

fn line(out: &mut String, limit: &LimitState) {
    let LimitState { name, of, rule, limit, value, headroom, state, message, hint, lifted } = limit;
    let (mark, style) = match (state, lifted) {
        (_, Some(_)) => ("lifted", WARN),
        (State::Ok, None) => ("ok", GOOD),
        (State::Held, None) => ("HELD", WARN),
        (State::Tripped, None) => ("TRIPPED", STOP),
        (State::Off, None) => ("OFF", STOP),
    };
    let shown = |value: &Option<u64>| value.map_or_else(|| "–".into(), number);
    let room = headroom.map_or_else(|| "–".into(), |room| room.to_string());
    let of = of.as_deref().map(neutral).unwrap_or_default();
    let _ = writeln!(
        out,
        "  {:<17}{:<31}{:>8}{:>8}{:>10}   {} {}",
        name.text(),
        of,
        shown(limit),
        shown(value),
        room,
        column(style, mark, 8),
        ink(FAINT, rule),
    );
    if let Some(message) = message {
        let _ = writeln!(out, "      {}", ink(style, &neutral(message)));
    }
    if let (Some(hint), None) = (hint, lifted) {
        let _ = writeln!(out, "      {}", ink(FAINT, &format!("hint: {}", neutral(hint))));
    }
    if let Some(reason) = lifted {
        let _ = writeln!(out, "      {}", ink(WARN, &format!("lifted for this plan: {}", neutral(reason))));
    }
}
