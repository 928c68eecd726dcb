//! `leavers`: who is on the way out, since when, what was done, what comes next.

use super::args::{LeaversArguments, TellFormat};
use super::output;
use super::session::now;
use super::sync::{failed, named};
use crate::config::Settings;
use crate::report::{leavers_json, leavers_text};
use crate::run::{Exit, leavers};

/// Tells the leavers of the sync that was named, or of all.
pub(super) async fn run(settings: &Settings, arguments: &LeaversArguments) -> Result<Exit, anyhow::Error> {
    let Some(syncs) = named(settings, arguments.sync.as_slice()) else { return Ok(Exit::Usage) };
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let (mut exit, mut told) = (Exit::Done, Vec::new());
    for sync in syncs {
        match leavers(settings, sync, &store, now()).await {
            Ok(leavers) => told.push(leavers),
            Err(error) => exit = exit.worse(failed(&error, Some(&sync.name))),
        }
    }
    store.close().await;
    match arguments.format {
        TellFormat::Text => output::data(&told.iter().map(leavers_text).collect::<Vec<_>>().join("\n"))?,
        TellFormat::Json => output::raw(|mut out| told.iter().try_for_each(|told| leavers_json(&mut out, told)))?,
    }
    Ok(exit)
}
