//! What a verification found, in words.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::bundle::Verdict;
use super::fault::Fault;
use super::tally::{Broken, Signer, Tally, Trust};
use crate::principal::{neutral, shown};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const STOP: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
/// A time is 24 characters; a trail may say anything.
const LONGEST_TIME: usize = 40;

/// A verdict for a person. Colours are in it.
#[must_use]
pub fn verdict_text(verdict: &Verdict) -> String {
    let mut out = String::new();
    match verdict {
        Ok(tally) => {
            let records = count(tally.size - tally.absent, "record is", "records are");
            let _ =
                writeln!(out, "{GOOD}The audit trail is whole:{GOOD:#} all {records} as they were written and signed.");
            told(&mut out, tally);
        }
        Err(broken) => {
            let Broken { tally, faults, unlisted } = broken.as_ref();
            let many = count(faults.len() as u64 + unlisted, "fault", "faults");
            let first = faults.first().and_then(|fault| place(fault).map(|place| format!(", the first at {place}")));
            let _ = writeln!(out, "{STOP}The audit trail is broken:{STOP:#} {many}{}.", first.unwrap_or_default());
            listed(&mut out, faults);
            if *unlisted > 0 {
                let _ = writeln!(out, "  … and {unlisted} more");
            }
            told(&mut out, tally);
        }
    }
    out
}

fn told(out: &mut String, tally: &Tally) {
    let Tally { origin, size, root, first, last, checkpoints, proven, covered, signed: _, absent, purged, signers } =
        tally;
    let mut line = |label: &str, text: &str| _ = writeln!(out, "  {FAINT}{label:<12}{FAINT:#} {text}");
    if let Some(origin) = origin {
        line("log", &neutral(origin));
    }
    line("size", &size.to_string());
    line("root", &root.map_or_else(|| "unknown".into(), |root| root.to_string()));
    if let (Some(first), Some(last)) = (first, last) {
        line("time", &format!("{} to {}", shown(first, LONGEST_TIME), shown(last, LONGEST_TIME)));
    }
    line(
        "checkpoints",
        &format!(
            "{proven} of {checkpoints} signed and fitting, the last over {}",
            count(*covered, "record", "records")
        ),
    );
    if *absent > 0 {
        let purges: Vec<_> = purged.iter().map(|(from, to)| format!("seq {from} to {to}")).collect();
        let of = if purges.is_empty() {
            String::new()
        } else {
            format!(", purged as the trail itself says: {}", purges.join(", "))
        };
        line(
            "not here",
            &format!(
                "{}, by {} alone{of}",
                count(*absent, "record", "records"),
                if *absent == 1 { "its hash" } else { "their hashes" }
            ),
        );
    }
    for Signer { key, trust, checkpoints } in signers {
        let how = match trust {
            Trust::Given => String::new(),
            Trust::Beside => format!(
                " {WARN}(the key came with the trail: compare it with what the operator told you by another way){WARN:#}"
            ),
            Trust::Rotated => " (it follows by a signed record of the trail)".into(),
        };
        line(
            "signed by",
            &format!("{}, {}{how}", neutral(&key.short()), count(*checkpoints, "checkpoint", "checkpoints")),
        );
    }
}

/// Each with its place; what to do once for those that follow each other.
fn listed(out: &mut String, faults: &[Fault]) {
    for (at, fault) in faults.iter().enumerate() {
        let place = place(fault).map(|place| format!("{place} · ")).unwrap_or_default();
        let _ = writeln!(out, "  {STOP}{}{STOP:#} · {place}{}", fault.code(), neutral(&fault.to_string()));
        if faults.get(at + 1).is_none_or(|next| next.hint() != fault.hint()) {
            let _ = writeln!(out, "    {FAINT}do: {}{FAINT:#}", fault.hint());
        }
    }
}

fn place(fault: &Fault) -> Option<String> {
    let line = fault.line().map(|line| format!("line {line}"));
    let seq = fault.seq().map(|seq| format!("seq {seq}"));
    match (line, seq) {
        (Some(line), Some(seq)) => Some(format!("{line} ({seq})")),
        (line, seq) => line.or(seq),
    }
}

fn count(value: u64, one: &str, many: &str) -> String {
    format!("{value} {}", if value == 1 { one } else { many })
}
