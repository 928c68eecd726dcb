//! How a sync fares from run to run: whether it may run by itself, and whom its end is news to.

use chrono::{DateTime, TimeDelta, Utc};

use super::conduct::Conducted;
use super::{Ask, RunError};
use crate::config::{Settings, SyncSettings};
use crate::notify::{Ended, Health, RunFacts, Trouble, Warning, Watch, after_run};
use crate::store::{Store, StoreError};

const LONGEST: TimeDelta = TimeDelta::hours(25);

/// Refuses a run that nobody watches of a sync that keeps failing: refused credentials that are tried on and on lock an
/// account.
///
/// # Errors
/// Until when it may not run by itself, and why.
pub async fn may_run(store: &Store, sync: &SyncSettings, unattended: bool, now: DateTime<Utc>) -> Result<(), RunError> {
    if !unattended {
        return Ok(());
    }
    match read(store, sync).await?.may_run(now) {
        // No pause is longer than a day: one that seems so was counted by a wrong clock.
        Err(paused) if paused.until - now <= LONGEST => Err(RunError::Paused { paused, sync: sync.name.clone() }),
        _ => Ok(()),
    }
}

/// Tells whom the end of an apply concerns, and remembers how the sync fares. The run itself is what it is.
///
/// # Errors
/// When the state fails: then nobody was told.
pub(super) async fn tell(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    ask: &Ask<'_>,
    conducted: &Conducted,
) -> Result<Vec<Warning>, StoreError> {
    let Some(ended) = ended(settings, sync, ask, conducted) else { return Ok(Vec::new()) };
    let before = read(store, sync).await?;
    let (health, warnings) = after_run(&settings.notify, &ended, &before, ask.clock).await;
    if health != before {
        let health = serde_json::to_string(&health).map_err(|error| StoreError::Content(error.to_string()))?;
        store.keep_health(&sync.name, &health).await?;
    }
    for warning in &warnings {
        tracing::warn!(sync = sync.name, %warning, "A notice did not arrive");
    }
    Ok(warnings)
}

/// What cannot be read is not known: the sync may run, and the next trouble is news.
async fn read(store: &Store, sync: &SyncSettings) -> Result<Health, StoreError> {
    let health = store.health(&sync.name).await?;
    Ok(health.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn ended(settings: &Settings, sync: &SyncSettings, ask: &Ask<'_>, conducted: &Conducted) -> Option<Ended> {
    let watch = if ask.unattended { Watch::Nobody } else { Watch::ByHand };
    let Some(error) = &conducted.error else {
        let report = conducted.report.as_ref()?;
        return Some(Ended::of_report(report, &sync.limits, watch, None));
    };
    let run = RunFacts {
        sync: sync.name.clone(),
        environment: settings.environment.clone(),
        id: ask.id.clone(),
        ended: (ask.clock)(),
        report: None,
    };
    Some(Ended::in_trouble(run, watch, Trouble::Failed(error.failure(&sync.target)?)))
}
