//! What a connector keeps of its target from run to run.

use super::{Job, RunError};
use crate::store::Store;

/// Gives the connector what an earlier run kept. Before anything is read.
pub(super) async fn recall(job: &Job<'_>, store: &Store) -> Result<(), RunError> {
    if let Some(memory) = store.target_memory(&job.to.place).await? {
        job.target.recall(&memory);
    }
    Ok(())
}

/// Writes down what it wants to find again, however the run ended: what was written was written.
pub(super) async fn keep(job: &Job<'_>, store: &Store) -> Result<(), RunError> {
    if let Some(memory) = job.target.memory() {
        store.keep_target_memory(&job.to.place, &memory).await?;
    }
    Ok(())
}
