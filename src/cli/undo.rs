//! `undo`: a plan that takes a past run back, shown, asked for, and done.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::apply::{Work, overrides};
use super::args::{ApplyArguments, UndoArguments};
use super::output;
use super::sync::failed;
use crate::config::Settings;
use crate::connector::Stop;
use crate::guard::Override;
use crate::report::{Detail, LoadError, PastRun, load_plan, load_report};
use crate::run::{Begins, Exit, RunError};
use crate::store::{ChangeState, DocumentKind, RunStatus, Store, instant};

/// Takes a run back.
pub(super) async fn run(settings: &Settings, arguments: &UndoArguments, detail: Detail) -> Result<Exit, anyhow::Error> {
    let Some(overrides) = overrides(&arguments.overrides, &arguments.reason) else { return Ok(Exit::Usage) };
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let done = taken_back(settings, &store, arguments, overrides, detail).await;
    store.close().await;
    done
}

async fn taken_back(
    settings: &Settings,
    store: &Store,
    arguments: &UndoArguments,
    overrides: Vec<Override>,
    detail: Detail,
) -> Result<Exit, anyhow::Error> {
    let past = match (&arguments.report, &arguments.of) {
        (Some(path), of) => read(path, of.as_deref()).map_err(RunError::Past),
        (None, Some(run)) => kept(store, run).await,
        (None, None) => {
            output::error("which run?", Some("`rollcall runs` lists them: rollcall undo RUN"));
            return Ok(Exit::Usage);
        }
    };
    let past = match past {
        Ok(past) => past,
        Err(error) => return Ok(failed(&error, None)),
    };
    let Some(sync) = settings.syncs.get(past.sync()) else {
        output::error(&format!("the configuration has no sync `{}`", past.sync()), None);
        return Ok(Exit::Usage);
    };
    let (arguments, stop) = (as_apply(arguments), Stop::default());
    let work = Work { settings, sync, store, arguments: &arguments, detail, stop: &stop, hears: true };
    Ok(match work.run(Begins::Past(Box::new(past)), overrides).await? {
        Ok((report, exit)) => {
            work.show(&report)?;
            exit
        }
        Err(exit) => exit,
    })
}

/// The run that has taken this one back: twice would take back what was done since.
async fn taken_back_by(store: &Store, run: &str) -> Result<Option<String>, RunError> {
    let undone = store.runs(None, usize::MAX).await?.into_iter().filter(|row| row.command == "undo");
    for row in undone.filter(|row| row.status == RunStatus::Done) {
        let report = store.document(&row.id, DocumentKind::Report).await?;
        if report.is_some_and(|text| text.contains(&format!("\"undoes\":\"{run}\""))) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// The report of a run that the state keeps.
async fn kept(store: &Store, run: &str) -> Result<PastRun, RunError> {
    let lacks = |what: &str| RunError::Past(LoadError::Report(format!("run `{run}` {what}")));
    let text = store.document(run, DocumentKind::Report).await?;
    if let Some(other) = taken_back_by(store, run).await? {
        return Err(lacks(&format!("was taken back already, by run `{other}`")));
    }
    let rows = store.journal(run).await?;
    // What was so before anything was tried is not this run's to take back.
    let tried: FxHashSet<usize> = rows.iter().filter(|row| row.part.is_empty()).map(|row| row.n).collect();
    if let Some(text) = text {
        let mut past = load_report(&text).map_err(RunError::Past)?;
        past.only(|n| tried.contains(&n));
        return Ok(past);
    }
    let Some(known) = store.run(run).await? else {
        return Err(lacks("is not known: `rollcall runs` lists them"));
    };
    let Some(plan) = store.document(run, DocumentKind::Plan).await? else { return Err(lacks("wrote nothing")) };
    if known.status == RunStatus::Running {
        return Err(lacks("has not ended; if it never will, `rollcall plan` settles what became of it"));
    }
    let plan = load_plan(&plan).map_err(RunError::Past)?;
    let mut done = vec![false; plan.len()];
    for row in rows.into_iter().filter(|row| row.part.is_empty()) {
        if let Some(done) = done.get_mut(row.n) {
            *done = row.state == ChangeState::Done;
        }
    }
    let finished = known.finished.as_deref().and_then(instant).unwrap_or_else(super::session::now);
    Ok(PastRun::interrupted(plan, done, finished))
}

fn as_apply(arguments: &UndoArguments) -> ApplyArguments {
    ApplyArguments {
        syncs: Vec::new(),
        plan: None,
        yes: arguments.yes,
        unattended: false,
        remove_deleted: false,
        overrides: Vec::new(),
        reason: Vec::new(),
        format: arguments.format,
    }
}

/// Of which sync a document is.
#[derive(Deserialize)]
struct Head {
    sync: String,
}

/// The report in a file; of several, such as an apply of many syncs prints, that of `sync`.
fn read(path: &Path, sync: Option<&str>) -> Result<PastRun, LoadError> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| LoadError::Report(format!("cannot read {}: {error}", path.display())))?;
    let mut found: Vec<&RawValue> = Vec::new();
    for document in serde_json::Deserializer::from_str(&text).into_iter() {
        let document: &RawValue = document.map_err(|error| LoadError::Report(error.to_string()))?;
        let head: Head = serde_json::from_str(document.get()).map_err(|error| LoadError::Report(error.to_string()))?;
        if sync.is_none_or(|sync| sync == head.sync) {
            found.push(document);
        }
    }
    match (found.as_slice(), sync) {
        ([report], _) => load_report(report.get()),
        ([], Some(sync)) => Err(LoadError::Report(format!("it holds no report of sync `{sync}`"))),
        ([], None) => Err(LoadError::Report("it holds nothing".into())),
        _ => Err(LoadError::Report("it holds more than one: name the sync".into())),
    }
}
