//! What the others do who share this state: looked at, as nobody tells.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::desk::Desk;
use super::kept::trigger_of;
use crate::store::{ClaimedRow, OpenRun, StoreError, TicksSeen};

/// How often it is looked what others have done.
const LOOK: Duration = Duration::from_secs(5);

/// After so many looks what nobody asks for is forgotten.
const LOOKS: u32 = 120;

/// How long times of schedules are kept, so that no replica takes one again that was late to hear of it.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// How long what was asked of a sync waits for a process that has such a sync.
const ASKED: TimeDelta = TimeDelta::days(30);

/// How often what was asked is renewed, and how soon again where that failed.
const RENEWAL: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(1);

/// A run that so many processes did not bring to its end may be what ends them.
const MOST_TAKEN_OVER: u64 = 10;

/// Looks for as long as `seen` is heard.
pub(super) async fn look(desk: Arc<Desk>, seen: mpsc::Sender<TicksSeen>) {
    for round in 1_u32.. {
        if let Err(error) = take_over(&desk).await {
            tracing::warn!(%error, "what was asked of others could not be looked at; trying again in 5 s");
        }
        tokio::time::sleep(LOOK).await;
        match desk.store().ticks_seen().await {
            Ok(ticks) => {
                if seen.send(ticks).await.is_err() {
                    return;
                }
            }
            Err(error) => tracing::warn!(%error, "what others have done could not be looked at; trying again in 5 s"),
        }
        if round.is_multiple_of(LOOKS)
            && let Err(error) = prune(&desk).await
        {
            tracing::warn!(%error, "old times of schedules were not forgotten");
        }
    }
}

async fn prune(desk: &Desk) -> Result<(), StoreError> {
    desk.store().prune_ticks(desk.now() - KEPT).await?;
    desk.store().prune_asked(desk.now() - ASKED).await
}

/// Keeps what was asked of this process, until it is dropped.
pub(super) async fn renew(desk: Arc<Desk>) {
    let mut pause = RENEWAL;
    loop {
        tokio::time::sleep(pause).await;
        pause = match desk.renew().await {
            Ok(()) => RENEWAL,
            Err(error) => {
                tracing::warn!(%error, "what was asked of this process was not renewed; trying again");
                AGAIN
            }
        };
    }
}

/// Asks here for what was asked of a process that is no more.
pub(super) async fn take_over(desk: &Desk) -> Result<(), StoreError> {
    if desk.is_stopping() {
        return Ok(());
    }
    let syncs: Vec<String> = desk.settings().syncs.keys().cloned().collect();
    for ClaimedRow { row, tries } in desk.store().claim_asked(&syncs, desk.id()).await? {
        if desk.carries(&row.id) {
            desk.store().spare_asked(&row.id, desk.id()).await?;
            continue;
        }
        // A newer release may understand it, or one that has the sync: what is not carried is free in half a minute.
        let Some(trigger) = trigger_of(&row) else {
            tracing::warn!(
                sync = row.sync,
                run = row.id,
                "what was asked of another process cannot be read: it is left"
            );
            desk.store().spare_asked(&row.id, desk.id()).await?;
            continue;
        };
        if tries > MOST_TAKEN_OVER {
            tracing::error!(
                sync = row.sync,
                run = row.id,
                tries,
                "a run is given up: no process brought it to its end"
            );
            desk.let_go(&[row.id]).await;
            continue;
        }
        match desk.ask(trigger, Instant::now()) {
            Ok(asked) => tracing::info!(sync = row.sync, asked = row.id, run = asked.run, "a run is taken over"),
            Err(error) => tracing::info!(sync = row.sync, asked = row.id, %error, "a run is left to others"),
        }
    }
    Ok(())
}

/// What was asked and has not ended is for whoever comes next.
pub(super) async fn hand_over(desk: &Desk) {
    if let Err(error) = desk.store().release_asked(desk.id()).await {
        tracing::debug!(%error, "what was asked and not answered is free in half a minute");
    }
}

/// Runs that never ended. One whose target is held is under way, here or elsewhere.
pub(super) async fn interrupted(desk: &Desk) -> Result<Vec<OpenRun>, StoreError> {
    let (settings, mut found) = (desk.settings(), Vec::new());
    for target in settings.targets.values() {
        let open = desk.store().open_applies(&target.place, "").await?;
        if open.is_empty() {
            continue;
        }
        match desk.store().lock(&target.name, &target.place).await {
            Ok(_lock) => found.extend(open),
            Err(StoreError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
