//! Who is on the way out, as a table for a person.

use std::fmt::Write;

use super::ink::{FAINT, REMOVE, TITLE, WARN, column, counted, ink};
use super::leavers::{Departure, Leavers, Next};
use crate::plan::{Leaver, moment};
use crate::principal::{Kind, neutral, shown};

/// The longest name that a column makes room for.
const WIDEST: usize = 40;

/// The leavers of one sync.
#[must_use]
pub fn leavers_text(told: &Leavers) -> String {
    let Leavers { sync, target, leavers } = told;
    if leavers.is_empty() {
        let line = format!("{}: nobody is on the way out of {}.", ink(TITLE, sync), neutral(target));
        return format!("{line}\n");
    }
    let count = |kind: Kind| leavers.iter().filter(|departure| departure.kind == kind).count();
    let (users, groups) = (count(Kind::User), count(Kind::Group));
    let counts = format!("{}, {}", counted(users, "user", "users"), counted(groups, "group", "groups"));
    let mut out = format!("{} · {} · {counts}\n", ink(TITLE, &format!("Leavers of {sync}")), neutral(target));
    let rows: Vec<[String; 5]> = leavers.iter().map(row).collect();
    let width = |at: usize, heading: &str, most: usize| {
        let widest = rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
        widest.min(most).max(heading.len())
    };
    let headings = ["who", "since", "absent", "done", "next"];
    let widths: Vec<usize> = headings.iter().enumerate().map(|(at, word)| width(at, word, WIDEST)).collect();
    let line = |out: &mut String, cells: [String; 5]| {
        let _ = writeln!(out, "  {}", cells.join("  ").trim_end());
    };
    line(&mut out, std::array::from_fn(|at| column(FAINT, headings[at], if at == 4 { 0 } else { widths[at] })));
    for (departure, row) in leavers.iter().zip(&rows) {
        let style = match departure.next {
            Next::Delete { is_due: true, .. } => REMOVE,
            Next::Delete { .. } | Next::First { .. } | Next::Waits | Next::Back => WARN,
            Next::Stays(_) => FAINT,
        };
        let cell = |at: usize| match at {
            0 => column(TITLE, &row[0], widths[0]),
            4 => ink(style, &row[4]),
            _ => format!("{:<width$}", row[at], width = widths[at]),
        };
        line(&mut out, std::array::from_fn(cell));
    }
    out
}

fn row(departure: &Departure) -> [String; 5] {
    let Departure { kind, leaver, needed, next } = departure;
    let Leaver { name, absences, since, disabled, recorded: _ } = leaver;
    let who = format!("{kind} {}", shown(name, 200));
    let (absent, since) = match absences {
        0 => ("–".to_owned(), "–".to_owned()),
        _ => (format!("{} of {needed}", absences.min(needed)), moment(*since)),
    };
    let done = disabled.map_or_else(|| "–".to_owned(), |at| format!("{} {}", deed(leaver), moment(at)));
    [who, since, absent, done, words(leaver, next)]
}

fn deed(leaver: &Leaver) -> &'static str {
    if leaver.is_off() { "disabled" } else { "out of its groups" }
}

fn words(leaver: &Leaver, next: &Next) -> String {
    match next {
        Next::Stays(why) => format!("stays: {}", neutral(why)),
        Next::First { action, readings: 1 } => format!("{} by the next run that misses it", action.word()),
        Next::First { action, readings } => format!("{} after {readings} more readings", action.word()),
        Next::Waits => "was seen again: the wait begins with the next reading that misses it".into(),
        Next::Delete { from, is_due, transfer_to } => {
            let when = if *is_due {
                format!("delete by the next run, due {}", moment(*from))
            } else {
                format!("delete from {} on", moment(*from))
            };
            let heir = transfer_to.as_ref().map(|heir| format!("; what it owns goes to {} first", shown(heir, 200)));
            when + heir.as_deref().unwrap_or_default()
        }
        Next::Back => {
            let groups: Vec<_> = leaver.groups().iter().map(|group| shown(group, 60)).collect();
            format!("is back; held of what it had: {}", groups.join(", "))
        }
    }
}
