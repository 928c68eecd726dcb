//! A plan that was saved, on the target as it is now.

use super::aftermath::Aftermath;
use super::evidence::{evidence, spending};
use super::judge::judge;
use super::pipeline::{Planned, planned, remembered};
use super::recall::recall;
use super::recover::recover;
use super::{Ask, Job, RunError, drift};
use crate::connector::read_whole;
use crate::guard::{LimitState, Readings, review};
use crate::plan::{Change, bases, recheck};
use crate::principal::Principal;
use crate::report::{LoadError, SavedPlan};
use crate::store::Store;

/// Takes a saved plan through the guard again: its readings count as they were measured, the target as it is now.
///
/// # Errors
/// When the plan was changed, was made under another configuration, or the target cannot be read.
pub async fn plan_from_file(
    job: &Job<'_>,
    ask: &mut Ask<'_>,
    store: &Store,
    saved: SavedPlan,
) -> Result<Planned, RunError> {
    if saved.config_digest != job.settings.digest {
        return Err(RunError::Stale("the configuration was changed since".into()));
    }
    if saved.sync != job.sync.name {
        return Err(RunError::Load(LoadError::Shape(format!("it was made for sync `{}`", saved.sync))));
    }
    // A limit is lifted by the person who applies, not by a file.
    if !saved.overrides.is_empty() {
        let why = "it carries overrides: give them to `apply` instead";
        return Err(RunError::Load(LoadError::Shape(why.into())));
    }
    recover(job, ask, store).await?;
    recall(job, store).await?;
    let current = read_whole(job.target.as_ref(), ask.progress).await?;
    let mut report = saved.into_report(current.set.names().clone())?;
    let sources: Vec<&str> = report.facts.sources.iter().map(|source| source.name.as_str()).collect();
    if sources != job.sync.sources || report.facts.target.name != job.sync.target {
        return Err(RunError::Load(LoadError::Shape("its sources or its target are not those of the sync".into())));
    }
    let can = job.target.capabilities();
    let (ledger, standing, policy) = remembered(job, ask, store, report.facts.remove_deleted).await?;
    let mut plan = std::sync::Arc::unwrap_or_clone(report.plan);
    recheck(&mut plan, &policy, can, &ledger);
    // A plan does not tell who is wanted again: its changes do.
    let is_back = |change: &&Change| !change.action().removes() && change.after().is_some_and(Principal::is_active);
    let known = |change: &&Change| ledger.leaver(change.kind(), &can.rules.key(change.kind(), change.name())).is_some();
    let back = plan.changes.iter().filter(is_back).filter(known).map(Change::id);
    plan.back = back.map(|id| (id.kind, id.name)).collect();
    judge(&mut plan, job.target.as_ref());
    let unchanged = plan.bases;
    plan.bases = bases(&current.set, &policy, can, &ledger);
    plan.bases.users.unchanged = unchanged.users.unchanged;
    plan.bases.groups.unchanged = unchanged.groups.unchanged;
    let told: Vec<LimitState> = report.limits.into_iter().filter(|limit| limit.name.is_of_source()).collect();
    let spent = spending(job, store, policy.now).await?;
    let evidence = evidence(job, ask, &current.set, Readings::Told(&told), standing, spent);
    let reviewed = review(plan, &job.sync.limits, &evidence);
    report.facts.id.clone_from(&ask.id);
    report.facts.requested_by = ask.requested_by.clone();
    report.facts.overrides.clone_from(&ask.overrides);
    let listed = (report.rejected, report.lint);
    let adopted = drift::as_found(&reviewed.plan(), &current, can.rules);
    let after = Aftermath { adopted, ..Aftermath::new(ledger, &current, can, Vec::new()) };
    Ok(planned(report.facts, reviewed, listed, can, after))
}
