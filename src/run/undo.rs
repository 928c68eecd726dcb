//! Taking a past run back, on the target as it is now.

use super::aftermath::Aftermath;
use super::evidence::{Standing, evidence, spending};
use super::judge::judge;
use super::pipeline::{Planned, facts, nobody, planned, target_facts};
use super::recall::recall;
use super::recover::recover;
use super::{Ask, Job, RunError};
use crate::connector::read_whole;
use crate::guard::{Readings, review};
use crate::plan::{Deed, undo as take_back};
use crate::report::{LoadError, PastRun};
use crate::store::Store;

/// Works out what takes `past` back, and takes that through the guard. No source is read: what is to be put back is in
/// the journal. Writes nothing to the target.
///
/// # Errors
/// When the report was changed, is of another sync or target, or the target cannot be read.
pub async fn undo(job: &Job<'_>, ask: &Ask<'_>, store: &Store, past: PastRun) -> Result<Planned, RunError> {
    let of_another = |what: String| RunError::Past(LoadError::Report(what));
    if past.sync() != job.sync.name {
        return Err(of_another(format!("it is of sync `{}`", past.sync())));
    }
    let id = past.id().to_owned();
    let (report, done) = past.into_report().map_err(RunError::Past)?;
    if report.facts.target.name != job.sync.target {
        return Err(of_another(format!("it is of target `{}`", report.facts.target.name)));
    }
    recover(job, ask, store).await?;
    recall(job, store).await?;
    let current = read_whole(job.target.as_ref(), ask.progress).await?;
    let ledger = store.ledger(&job.sync.name, &job.to.place).await?;
    nobody(job, &current, &ledger)?;
    let standing = Standing::new(&store.history(&job.sync.name).await?, job);
    let (policy, can) = (job.policy(ask, None), job.target.capabilities());
    let deeds: Vec<Deed<'_>> =
        report.plan.changes.iter().zip(done).map(|(change, done)| Deed { change, done }).collect();
    let mut plan = take_back(&deeds, &report.plan.names, &current, &policy, can, &ledger);
    judge(&mut plan, job.target.as_ref());
    let spent = spending(job, store, policy.now).await?;
    let evidence = evidence(job, ask, &current.set, Readings::Told(&[]), standing, spent);
    let reviewed = review(plan, &job.sync.limits, &evidence);
    let mut facts =
        facts(job, ask, policy.remove_deleted, standing.needs_person(), Vec::new(), target_facts(job, &current));
    facts.undoes = Some(id);
    // Nothing else is settled: what is remembered of others is none of its business.
    Ok(planned(facts, reviewed, (Vec::new(), Vec::new()), can, Aftermath::default()))
}
