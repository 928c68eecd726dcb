//! Reading the sources of a sync, all at once.

use futures_util::future::join_all;

use super::{Ask, Feed, Job, RunError};
use crate::connector::Memory;
use crate::mapping::{Measure, Sifted, merge, sift};
use crate::principal::CaseRules;
use crate::report::SourceFacts;
use crate::store::Store;

/// One source as it was read.
pub(super) struct SourceRead {
    pub(super) sifted: Sifted,
    pub(super) facts: SourceFacts,
    /// Of its sentinels, those that the reading lacks.
    pub(super) missing_sentinels: Vec<String>,
    /// What the source wants to keep of it.
    pub(super) memory: Option<Memory>,
}

/// Reads every source beside the others. Of several failures the first in the order of `from` is told.
pub(super) async fn sources(job: &Job<'_>, ask: &Ask<'_>, store: &Store) -> Result<Vec<SourceRead>, RunError> {
    let rules = job.target.capabilities().rules;
    let readings = join_all(job.from.iter().map(|feed| one(job, feed, rules, ask, store))).await;
    readings.into_iter().collect()
}

/// One reading of all, as the sync merges them.
pub(super) fn together(job: &Job<'_>, readings: Vec<(String, Sifted)>) -> Sifted {
    merge(readings, job.sync.merge, job.target.capabilities().rules)
}

async fn one(
    job: &Job<'_>,
    feed: &Feed<'_>,
    rules: CaseRules,
    ask: &Ask<'_>,
    store: &Store,
) -> Result<SourceRead, RunError> {
    let Feed { settings, source } = feed;
    let progress = ask.progress.beside();
    let started = (ask.clock)();
    let memory = if source.remembers() { store.memory(&job.sync.name, &settings.name).await? } else { None };
    let read = source.read_on(memory, started, progress.as_ref()).await;
    let mut reading = read.map_err(|error| RunError::Source { name: settings.name.clone(), error })?;
    let (finished, data_time, memory) = ((ask.clock)(), reading.data_time, reading.memory.take());
    let (sifted, measure) = sift(reading, rules, &settings.expect.sentinels);
    let Measure { users, groups, digest, missing_sentinels } = measure;
    let facts = SourceFacts {
        name: settings.name.clone(),
        kind: settings.kind.to_owned(),
        users,
        groups,
        coverage: sifted.coverage().clone(),
        read_started: started,
        read_finished: finished,
        data_time,
        digest,
    };
    Ok(SourceRead { sifted, facts, missing_sentinels, memory })
}
