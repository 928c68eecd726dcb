//! What the others do who share this state: looked at, as nobody tells.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::desk::{Desk, DeskError};
use super::kept::trigger_of;
use crate::store::{OpenRun, StoreError, TicksSeen};

/// How often it is looked what others have done.
const LOOK: Duration = Duration::from_secs(5);

/// After so many looks what was asked of this process is renewed, and what nobody asks for is forgotten.
const RENEWAL: u32 = 2;
const LOOKS: u32 = 120;

/// How long times of schedules are kept, so that no replica takes one again that was late to hear of it.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// Looks for as long as `seen` is heard.
pub(super) async fn look(desk: Arc<Desk>, seen: mpsc::Sender<TicksSeen>) {
    for round in 0_u32.. {
        if round > 0 {
            tokio::time::sleep(LOOK).await;
        }
        if let Err(error) = take_over(&desk, round.is_multiple_of(RENEWAL)).await {
            tracing::warn!(%error, "what was asked of others could not be looked at; trying again in 5 s");
        }
        match desk.store().ticks_seen().await {
            Ok(ticks) => {
                if seen.send(ticks).await.is_err() {
                    return;
                }
            }
            Err(error) => tracing::warn!(%error, "what others have done could not be looked at; trying again in 5 s"),
        }
        if round % LOOKS == LOOKS - 1
            && let Err(error) = desk.store().prune_ticks(desk.now() - KEPT).await
        {
            tracing::warn!(%error, "old times of schedules were not forgotten");
        }
    }
}

/// Asks for what was asked of a process that is no more.
pub(super) async fn take_over(desk: &Desk, renew: bool) -> Result<(), StoreError> {
    let store = desk.store();
    if renew {
        store.renew_asked(desk.id()).await?;
    }
    for row in store.claim_asked(desk.id()).await? {
        let begun = store.run(&row.id).await?;
        let answered = begun.as_ref().is_some_and(|run| run.status.has_answered());
        let trigger = trigger_of(&row, begun.is_some()).filter(|_| !answered);
        let asked = trigger.map(|trigger| desk.ask(trigger, Instant::now()));
        match asked {
            Some(Ok(_)) => tracing::info!(sync = row.sync, run = row.id, "a run that was asked of another process"),
            // It begins nothing more: another does.
            Some(Err(DeskError::Stopping)) => return store.release_asked(desk.id()).await,
            Some(Err(DeskError::NoSuchSync(_))) | None => desk.let_go(&[row.id]).await,
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
