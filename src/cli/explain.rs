//! `explain`: why one principal gets what it gets, live or from a saved plan.

use std::path::Path;

use super::args::{ExplainArguments, TellFormat};
use super::session::{now, requested_by, run_id};
use super::sync::{failed, named, read_plan};
use super::{output, progress};
use crate::config::{Settings, SyncSettings};
use crate::connector::Stop;
use crate::principal::{CaseRules, PrincipalId};
use crate::report::{Effect, Explanation, explanation_json, explanation_text};
use crate::run::{Ask, Exit, Job, RunError, explain, explain_saved};
use crate::store::Store;

/// Explains a principal in the sync that was named, or in all.
pub(super) async fn run(settings: &Settings, arguments: &ExplainArguments) -> Result<Exit, anyhow::Error> {
    let asked = match PrincipalId::parse(&arguments.principal) {
        Ok(asked) => asked,
        Err(why) => {
            output::error(&why, None);
            return Ok(Exit::Usage);
        }
    };
    if let Some(path) = &arguments.plan {
        return saved(settings, arguments, path, &asked);
    }
    let Some(syncs) = named(settings, arguments.sync.as_slice()) else { return Ok(Exit::Usage) };
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let mut exit = Exit::Done;
    let mut told = Vec::new();
    for sync in syncs {
        match one(settings, sync, &store, &asked).await {
            Ok(explanation) => told.push(explanation),
            Err(error) => exit = exit.worse(failed(&error, Some(&sync.name))),
        }
    }
    store.close().await;
    Ok(exit.worse(show(&told, arguments.format)?))
}

/// It is no run: nothing is written down.
async fn one(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    asked: &PrincipalId,
) -> Result<Explanation, RunError> {
    let progress = progress::progress();
    let ask = Ask {
        id: run_id(),
        requested_by: requested_by(),
        unattended: false,
        remove_deleted: None,
        only: Vec::new(),
        overrides: Vec::new(),
        given: None,
        clock: &now,
        progress: progress.as_ref(),
        stop: Stop::default(),
        lock: None,
    };
    explain(&Job::new(settings, sync, store).await?, &ask, store, asked).await
}

fn saved(
    settings: &Settings,
    arguments: &ExplainArguments,
    path: &Path,
    asked: &PrincipalId,
) -> Result<Exit, anyhow::Error> {
    let plan = match read_plan(path) {
        Ok(plan) => plan,
        Err(error) => return Ok(failed(&error, None)),
    };
    if let Some(sync) = arguments.sync.as_ref().filter(|sync| **sync != plan.sync) {
        let hint = format!("it was made for sync `{}`", plan.sync);
        output::error(&format!("the plan is not one of `{sync}`"), Some(&hint));
        return Ok(Exit::Usage);
    }
    // How names are compared is the target's affair; one that the configuration no longer has minds everything.
    let target = settings.syncs.get(&plan.sync).and_then(|sync| settings.targets.get(&sync.target));
    let target = target.and_then(|target| target.build().ok());
    let rules = target.map_or(CaseRules::EXACT, |target| target.capabilities().rules);
    match explain_saved(plan, asked, rules) {
        Ok(explanation) => Ok(show(&[explanation], arguments.format)?),
        Err(error) => Ok(failed(&error.into(), None)),
    }
}

/// One part for each sync. Exit 1 where none of them knows the principal.
fn show(told: &[Explanation], format: TellFormat) -> std::io::Result<Exit> {
    match format {
        TellFormat::Text => {
            let parts: Vec<_> = told.iter().map(explanation_text).collect();
            output::data(&parts.join("\n"))?;
        }
        TellFormat::Json => {
            output::raw(|mut out| told.iter().try_for_each(|explanation| explanation_json(&mut out, explanation)))?;
        }
    }
    let is_unknown = |explanation: &Explanation| explanation.conclusion.effect == Effect::Unknown;
    match told {
        [first, ..] if told.iter().all(is_unknown) => {
            let mut nearest: Vec<_> = told.iter().flat_map(|explanation| &explanation.nearest).collect();
            nearest.sort_unstable();
            nearest.dedup();
            let nearest: Vec<_> = nearest.into_iter().map(|name| format!("`{name}`")).collect();
            let hint = (!nearest.is_empty()).then(|| format!("there is {}", nearest.join(", ")));
            output::error(&format!("nothing is known of `{}`", first.asked), hint.as_deref());
            Ok(Exit::Error)
        }
        _ => Ok(Exit::Done),
    }
}
