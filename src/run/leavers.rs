//! Who is on the way out: told from what is remembered, without a look at source or target.

use chrono::{DateTime, Utc};

use super::RunError;
use crate::config::{Settings, SyncSettings};
use crate::plan::Ledger;
use crate::report::{Departure, Leavers};
use crate::store::Store;

/// Who is on the way out of the target of `sync`, and what `now` comes next.
///
/// # Errors
/// When the target cannot be built, or the state fails.
pub async fn leavers(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Leavers, RunError> {
    let missing = || RunError::Build { name: sync.target.clone(), problems: Vec::new() };
    let to = settings.targets.get(&sync.target).ok_or_else(missing)?;
    let target = to.build().map_err(|problems| RunError::Build { name: sync.target.clone(), problems })?;
    let mut ledger = Ledger::default();
    store.leavers(&mut ledger, &sync.name, &to.place).await?;
    let mut policy = sync.policy.clone();
    policy.now = now;
    let can = target.capabilities();
    let leavers = ledger.leavers();
    let leavers =
        leavers.into_iter().map(|(kind, key, leaver)| Departure::new(kind, key, leaver.clone(), &policy, can));
    Ok(Leavers { sync: sync.name.clone(), target: sync.target.clone(), leavers: leavers.collect() })
}
