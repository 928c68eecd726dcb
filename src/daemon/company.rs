//! What the others do who share this state: looked at, as nobody tells.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::desk::Desk;
use crate::store::{OpenRun, StoreError, TicksSeen};

/// How often it is looked what others have done.
const LOOK: Duration = Duration::from_secs(5);

/// After so many looks what nobody asks for is forgotten.
const LOOKS: u32 = 120;

/// How long times of schedules are kept, so that no replica takes one again that was late to hear of it.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// Looks for as long as `seen` is heard.
pub(super) async fn look(desk: Arc<Desk>, seen: mpsc::Sender<TicksSeen>) {
    for round in 1_u32.. {
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
            && let Err(error) = desk.store().prune_ticks(desk.now() - KEPT).await
        {
            tracing::warn!(%error, "old times of schedules were not forgotten");
        }
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
