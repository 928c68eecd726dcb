//! `plan`, and what it shares with `apply`: each sync in turn, written down as a run.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use tracing::Instrument;

use super::args::{Format, PlanArguments};
use super::session::{now, requested_by, run_id};
use super::{output, progress};
use crate::config::{Settings, SyncSettings};
use crate::connector::Stop;
use crate::daemon::run_span;
use crate::principal::PrincipalId;
use crate::report::{Detail, LoadError, Report, SavedPlan, diff_text, load_plan, plan_json, report_json, text};
use crate::run::{Ask, Conducted, Deed, Exit, Order, RunError, conduct};
use crate::store::Store;

/// Plans the syncs that were named, or all.
pub(super) async fn run(settings: &Settings, arguments: &PlanArguments, detail: Detail) -> Result<Exit, anyhow::Error> {
    let Some(syncs) = named(settings, &arguments.syncs) else { return Ok(Exit::Usage) };
    if arguments.out.is_some() && syncs.len() != 1 {
        output::error("--out takes the plan of one sync", Some("name the sync: rollcall plan SYNC --out FILE"));
        return Ok(Exit::Usage);
    }
    let mut only = Vec::new();
    for text in &arguments.only {
        match PrincipalId::parse(text) {
            Ok(id) => only.push(id),
            Err(why) => {
                output::error(&format!("--only: {why}"), None);
                return Ok(Exit::Usage);
            }
        }
    }
    let store = super::session::store(settings).await.map_err(RunError::from);
    let store = match store {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error, None)),
    };
    let mut exit = Exit::Done;
    for sync in syncs {
        exit = exit.worse(match one(settings, sync, &store, arguments, only.clone()).await? {
            Ok((report, exit)) => {
                show(&report, arguments.format, detail)?;
                exit
            }
            Err(exit) => exit,
        });
    }
    store.close().await;
    Ok(exit)
}

/// Plans one sync and writes the run down. The exit code alone where it failed: why was said.
pub(super) async fn one(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    arguments: &PlanArguments,
    only: Vec<PrincipalId>,
) -> Result<Result<(Report, Exit), Exit>, anyhow::Error> {
    let progress = progress::progress();
    let ask = Ask {
        id: run_id(),
        requested_by: requested_by(),
        unattended: false,
        remove_deleted: arguments.remove_deleted.then_some(true),
        only,
        overrides: Vec::new(),
        given: None,
        clock: &now,
        progress: progress.as_ref(),
        stop: Stop::default(),
        lock: None,
    };
    let deed = Deed::Plan { detailed: arguments.detailed_exitcode };
    let span = run_span(&ask.id, &sync.name);
    let ended = told(conduct(Order { settings, sync, store, deed }, ask).instrument(span).await, &sync.name);
    if let (Some(path), Ok((report, _))) = (&arguments.out, &ended) {
        save(path, report)?;
    }
    Ok(ended)
}

/// Says what went wrong with a run. Its report and exit code, or the exit code alone where there is none to show.
pub(super) fn told(ended: Conducted, sync: &str) -> Result<(Report, Exit), Exit> {
    let Conducted { exit, report, error, declined: _, stopped: _, unwritten, warnings, calls: _ } = ended;
    if let Some(error) = &error {
        failed(error, Some(sync));
    }
    if let Some(error) = unwritten {
        output::warning(&format!("the run could not be written down: {error}"), error.hint());
    }
    for warning in warnings {
        output::warning(&warning.to_string(), warning.error.hint.as_deref());
    }
    match (report, error) {
        (Some(report), None) => Ok((report, exit)),
        _ => Err(exit),
    }
}

/// The syncs of that name, in the order given; all of them where none is named. Nothing where one is unknown: it was
/// said.
pub(super) fn named<'a>(settings: &'a Settings, names: &[String]) -> Option<Vec<&'a SyncSettings>> {
    if settings.syncs.is_empty() {
        output::error("the configuration has no sync", Some("add one under `syncs:`"));
        return None;
    }
    if names.is_empty() {
        return Some(settings.syncs.values().collect());
    }
    let mut found = Vec::new();
    for name in names {
        let Some(sync) = settings.syncs.get(name) else {
            let known: Vec<_> = settings.syncs.keys().map(String::as_str).collect();
            output::error(
                &format!("no sync is named `{name}`"),
                Some(&format!("the configuration has {}", known.join(", "))),
            );
            return None;
        };
        found.push(sync);
    }
    Some(found)
}

/// Prints a report on stdout.
pub(super) fn show(report: &Report, format: Format, detail: Detail) -> io::Result<()> {
    match format {
        Format::Text => output::data(&text(report, detail)),
        Format::Diff => output::data(&diff_text(report)),
        Format::Json if report.outcomes().is_empty() && !report.is_applied() => {
            output::raw(|mut out| plan_json(&mut out, report))
        }
        Format::Json => output::raw(|mut out| report_json(&mut out, report)),
    }
}

/// Prints why a run gave no report.
pub(super) fn failed(error: &RunError, sync: Option<&str>) -> Exit {
    let what = sync.map(|sync| format!("sync `{sync}`: ")).unwrap_or_default();
    output::error(&format!("{what}{error}"), error.hint().as_deref());
    Exit::of_error(error)
}

/// Reads a saved plan.
pub(super) fn read_plan(path: &Path) -> Result<SavedPlan, RunError> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| LoadError::Shape(format!("cannot read {}: {error}", path.display())))?;
    Ok(load_plan(&text)?)
}

/// Writes the plan to a file of its owner's, in one step; into what is no file, such as a pipe, as it is.
fn save(path: &Path, report: &Report) -> Result<(), anyhow::Error> {
    use anyhow::Context;
    let is_other = fs::metadata(path).is_ok_and(|found| !found.is_file());
    let write = || if is_other { write_into(path, report) } else { replace(path, report) };
    write().with_context(|| format!("cannot write the plan to {}", path.display()))
}

fn write_into(path: &Path, report: &Report) -> io::Result<()> {
    let mut out = io::BufWriter::new(OpenOptions::new().write(true).open(path)?);
    plan_json(&mut out, report)?;
    out.flush()
}

fn replace(path: &Path, report: &Report) -> io::Result<()> {
    // What a link points to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    // A name that nobody can lay something under beforehand.
    name.push(format!(".{}.new", super::session::run_id()));
    let aside = path.with_file_name(name);
    let written = write_aside(&aside, report).and_then(|()| fs::rename(&aside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn write_aside(aside: &Path, report: &Report) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = io::BufWriter::new(options.open(aside)?);
    plan_json(&mut out, report)?;
    out.flush()?;
    out.get_ref().sync_all()
}
