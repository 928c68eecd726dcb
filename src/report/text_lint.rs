//! What a person should know of the records, in a text report: by code, a few of each.

use std::fmt::Write;

use super::ink::{FAINT, TITLE, WARN, column, count, counted, ink};
use crate::mapping::{Finding, LintCode};
use crate::principal::{neutral, shown};

/// How many findings of one code are shown.
const MOST: usize = 5;

pub(super) fn lint(out: &mut String, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", ink(TITLE, &format!("Lint: {}", counted(findings.len(), "finding", "findings"))));
    for code in LintCode::ALL {
        let found: Vec<&Finding> = findings.iter().filter(|finding| finding.code == code).collect();
        let Some(first) = found.first() else { continue };
        let what = format!("{} · {} · {}", code.word(), first.severity.word(), count(found.len()));
        let _ = writeln!(out, "  {}", ink(WARN, &what));
        for Finding { severity: _, code: _, kind, name, origin, reason } in found.iter().take(MOST) {
            let name = if name.is_empty() { "(no name)".into() } else { shown(name, 200) };
            let name = column(TITLE, &format!("{kind} {name}"), 34);
            let place = if origin.is_empty() { String::new() } else { format!("{}: ", neutral(origin)) };
            let _ = writeln!(out, "    {name} {}", ink(FAINT, &format!("{place}{}", neutral(reason))));
        }
        if let Some(rest) = found.len().checked_sub(MOST).filter(|rest| *rest > 0) {
            let _ = writeln!(out, "    {}", ink(FAINT, &format!("… and {} more (all in --format json)", count(rest))));
        }
    }
}
