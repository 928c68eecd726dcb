//! `runs`: what happened, the newest first.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::{Format, ReportArguments, RunsArguments, TellFormat};
use super::output;
use super::sync::failed;
use crate::config::Settings;
use crate::plan::Action;
use crate::principal::{Kind, neutral, shown};
use crate::report::{Detail, RequestedBy, RunSummary, Via, count as number, reload_report};
use crate::run::{Exit, RunError};
use crate::store::{DocumentKind, RunRow, RunStatus, Store, instant};

/// The most characters of a reason, and of the names of those who asked.
const LONGEST_WHY: usize = 300;
const LONGEST_NAME: usize = 40;

pub(super) async fn run(settings: &Settings, arguments: &RunsArguments) -> Result<Exit, anyhow::Error> {
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let found = listed(&store, arguments).await;
    store.close().await;
    let rows = match found {
        Ok(rows) => rows,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    match arguments.format {
        TellFormat::Json => output::raw(|out| {
            rows.iter().try_for_each(|row| {
                serde_json::to_writer(&mut *out, &document(row))?;
                out.write_all(b"\n")
            })
        })?,
        TellFormat::Text if rows.is_empty() => {
            let is_asked = arguments.sync.is_some() || !arguments.statuses.is_empty();
            let none =
                if is_asked { "No such run is known." } else { "No run is known. `rollcall plan` makes the first." };
            output::data(&format!("{none}\n"))?;
        }
        TellFormat::Text => output::data(&table(&rows))?,
    }
    Ok(Exit::Done)
}

/// `report`: a past run's report again.
pub(super) async fn report(
    settings: &Settings,
    arguments: &ReportArguments,
    detail: Detail,
) -> Result<Exit, anyhow::Error> {
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let found = store.document(&arguments.run, DocumentKind::Report).await;
    let known = store.run(&arguments.run).await;
    store.close().await;
    let text = match found {
        Ok(Some(text)) => text,
        Ok(None) => {
            let run = &arguments.run;
            match known {
                Ok(Some(row)) => {
                    let why = row.error.unwrap_or_else(|| format!("it is {}", row.status.word()));
                    output::error(&format!("run `{run}` left no report: {why}"), None);
                }
                _ => output::error(&format!("no run is known as `{run}`"), Some("`rollcall runs` lists them")),
            }
            return Ok(Exit::Error);
        }
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    match arguments.format {
        // To the letter: it may be compared with what was printed then.
        Format::Json => output::raw(|out| out.write_all(text.as_bytes()))?,
        format => match reload_report(&text) {
            Ok(report) => super::sync::show(&report, format, detail)?,
            Err(error) => return Ok(failed(&RunError::Past(error), None)),
        },
    }
    Ok(Exit::Done)
}

async fn listed(store: &Store, arguments: &RunsArguments) -> Result<Vec<RunRow>, crate::store::StoreError> {
    // A status may only show once it was looked at.
    let most = if arguments.statuses.is_empty() { arguments.limit } else { usize::MAX };
    let mut rows = store.runs(arguments.sync.as_deref(), most).await?;
    for row in &mut rows {
        row.status = status(store, row).await;
    }
    let statuses = &arguments.statuses;
    rows.retain(|row| statuses.is_empty() || statuses.iter().any(|status| status.0 == row.status));
    rows.truncate(arguments.limit);
    Ok(rows)
}

/// An apply without an end that does not hold its target is not running any more.
async fn status(store: &Store, row: &RunRow) -> RunStatus {
    let (RunStatus::Running, "apply" | "undo", Some(place)) = (row.status, row.command.as_str(), &row.place) else {
        return row.status;
    };
    let target = row.target.as_deref().unwrap_or_default();
    if store.lock(target, place).await.is_ok() { RunStatus::Interrupted } else { row.status }
}

fn document(row: &RunRow) -> Value {
    let RunRow {
        id,
        sync,
        command,
        target,
        place: _,
        requested_by,
        started,
        finished,
        status,
        exit_code,
        plan_digest,
        summary,
        error,
    } = row;
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": id, "sync": sync, "command": command, "target": target, "requestedBy": parsed(requested_by),
        "started": started, "finished": finished, "status": status, "exitCode": exit_code, "planDigest": plan_digest,
        "summary": summary.as_deref().map(parsed), "error": error,
    })
}

/// Columns as wide as what stands in them.
fn table(rows: &[RunRow]) -> String {
    let head = ["RUN", "SYNC", "COMMAND", "STARTED", "TOOK", "STATUS", "CHANGES", "BY"].map(String::from);
    let cells: Vec<[String; 8]> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..8).map(width).collect();
    let mut out = String::new();
    let whys = std::iter::once(None).chain(rows.iter().map(|row| row.error.as_deref()));
    for (row, why) in cells.iter().zip(whys) {
        let line: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(out, "{}", line.join("  ").trim_end());
        if let Some(why) = why {
            let _ = writeln!(out, "  {}", shown(why, LONGEST_WHY));
        }
    }
    out
}

fn cells(row: &RunRow) -> [String; 8] {
    let started = instant(&row.started);
    let when = started.map_or_else(|| row.started.clone(), |time| time.format("%Y-%m-%d %H:%M:%SZ").to_string());
    let finished = row.finished.as_deref().and_then(instant).filter(|_| row.status != RunStatus::Interrupted);
    let took = started.zip(finished).map_or_else(|| "-".into(), |(begin, end)| seconds((end - begin).as_seconds_f64()));
    let by = serde_json::from_str(&row.requested_by).map_or_else(|_| "-".into(), |by| by_whom(&by));
    let summary = row.summary.as_deref().and_then(|text| serde_json::from_str::<RunSummary>(text).ok());
    let refused = row.status == RunStatus::Refused;
    let changes = summary.map_or_else(|| "-".into(), |summary| changes(&summary, refused));
    let name = neutral(&row.sync).into_owned();
    [row.id.clone(), name, row.command.clone(), when, took, row.status.word().into(), changes, by]
}

fn seconds(seconds: f64) -> String {
    if seconds < 60.0 { format!("{seconds:.1}s") } else { format!("{:.1}min", seconds / 60.0) }
}

/// A person and where; of the daemon's runs the way they were asked for, and by whose token.
fn by_whom(by: &RequestedBy) -> String {
    match by.via {
        Via::Cli => neutral(&format!("{}@{}", by.who, by.host)).into_owned(),
        Via::Schedule => "schedule".into(),
        Via::Webhook => "webhook".into(),
        Via::Api => shown(&by.who, LONGEST_NAME),
    }
}

/// `+` made, `~` changed, `-` removed; of users and groups together. Of an apply in part, how much of that was done.
fn changes(summary: &RunSummary, refused: bool) -> String {
    let RunSummary { planned, outcomes } = summary;
    let count = |actions: &[Action]| -> usize {
        Kind::ALL.into_iter().flat_map(|kind| actions.iter().map(move |action| planned.of(kind).action(*action))).sum()
    };
    let made = count(&[Action::Create]);
    let changed = count(&[Action::Update, Action::Rename, Action::Enable]);
    let removed = count(&[Action::Delete, Action::Disable, Action::Strip]);
    match outcomes {
        _ if made + changed + removed == 0 => "none".into(),
        _ if refused => format!("0 of {}", number(made + changed + removed)),
        Some(outcomes) if outcomes.done < outcomes.all() => {
            format!("{} of {}", number(outcomes.done), number(outcomes.all()))
        }
        _ => format!("+{made} ~{changed} -{removed}"),
    }
}
