//! `adopt` and `release`: who is in a sync's care, decided by a person.

use super::args::CareArguments;
use super::session::{now, requested_by, run_id};
use super::sync::{failed, named};
use super::{output, progress};
use crate::config::{Settings, SyncSettings};
use crate::connector::Stop;
use crate::principal::PrincipalId;
use crate::run::{Ask, Care, Cared, Exit, Job, RunError, care};
use crate::store::{RunRecord, RunResult, Store};

pub(super) async fn run(settings: &Settings, arguments: &CareArguments, wanted: Care) -> Result<Exit, anyhow::Error> {
    let asked = match PrincipalId::parse(&arguments.principal) {
        Ok(asked) => asked,
        Err(why) => {
            output::error(&why, Some("write user:NAME or group:NAME"));
            return Ok(Exit::Usage);
        }
    };
    let Some(syncs) = named(settings, std::slice::from_ref(&arguments.sync)) else { return Ok(Exit::Usage) };
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let mut exit = Exit::Done;
    for sync in syncs {
        match one(settings, sync, &store, &asked, wanted).await {
            Ok(cared) => output::note(&told(&asked, &sync.name, wanted, cared)),
            Err(error) => exit = failed(&error, Some(&sync.name)),
        }
    }
    store.close().await;
    Ok(exit)
}

async fn one(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    asked: &PrincipalId,
    wanted: Care,
) -> Result<Cared, RunError> {
    let job = Job::new(settings, sync, store).await?;
    let lock = store.lock(&sync.target, &job.to.place).await?;
    let progress = progress::progress();
    let ask = Ask {
        id: run_id(),
        requested_by: requested_by(),
        unattended: false,
        remove_deleted: None,
        only: vec![asked.clone()],
        overrides: Vec::new(),
        given: None,
        clock: &now,
        progress: progress.as_ref(),
        stop: Stop::default(),
        lock: Some(&lock),
    };
    let record = RunRecord {
        id: &ask.id,
        sync: &sync.name,
        command: if wanted == Care::Adopt { "adopt" } else { "release" },
        target: &sync.target,
        place: &job.to.place,
        requested_by: serde_json::to_string(&ask.requested_by).unwrap_or_default(),
        config_digest: &settings.digest,
        started: now(),
        overrides: None,
    };
    store.begin(&record, &[]).await?;
    let done = care(&job, &ask, store, asked, wanted).await;
    let exit = done.as_ref().map_or_else(Exit::of_error, |_| Exit::Done);
    let error = done.as_ref().err().map(ToString::to_string);
    store.finish(&ask.id, now(), &RunResult { exit_code: exit.code(), error, ..RunResult::default() }, &[]).await?;
    done
}

fn told(asked: &PrincipalId, sync: &str, wanted: Care, cared: Cared) -> String {
    let asked = crate::principal::neutral(&asked.to_string()).into_owned();
    match (wanted, cared) {
        (Care::Adopt, Cared::Changed) => {
            format!("{asked} is in the care of {sync} now: if no source has it, the next run may remove it.")
        }
        (Care::Adopt, Cared::Already) => format!("{asked} is in the care of {sync} already."),
        (Care::Release, Cared::Changed) => format!(
            "{asked} is not in the care of {sync} any more. If a source has it, the next apply matches it again."
        ),
        (Care::Release, Cared::Already) => format!("{asked} is not in the care of {sync}."),
    }
}
