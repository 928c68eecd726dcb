//! Who moved since the last apply, the source or the target: what is remembered is asked for those who change alone.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::witness::Witness;
use super::{Job, RunError};
use crate::guard::{Evidence, leading};
use crate::plan::{
    Action, Applied, Change, Current, Drift, Ledger, Memories, Passed, Plan, Scribe, settle as settle_plan, weigh,
};
use crate::principal::{CaseRules, Kind};
use crate::store::Store;

/// Says of every change who moved.
pub(super) async fn tell(plan: &mut Plan, job: &Job<'_>, store: &Store, ledger: &Ledger) -> Result<(), RunError> {
    let rules = job.target.capabilities().rules;
    let is_told = |change: &&Change| !matches!(change.action(), Action::Delete | Action::Strip);
    let keys =
        plan.changes.iter().filter(is_told).map(|change| (change.kind(), rules.key(change.kind(), change.name())));
    // Who is in nobody's care has nothing to be remembered.
    let keys = keys.filter(|(kind, key)| ledger.owned(*kind, key).is_some()).collect();
    let known = recall(job, store, keys).await?;
    weigh(plan, rules, &known);
    Ok(())
}

/// Does with it what `drift` of the sync says.
pub(super) fn settle(
    plan: &mut Plan,
    job: &Job<'_>,
    policy: Drift,
    evidence: &Evidence<'_>,
    witness: &mut dyn Witness,
) {
    let can = job.target.capabilities();
    let leads = match policy {
        Drift::Keep => leading(plan, &job.sync.limits, evidence),
        Drift::Repair | Drift::Report => FxHashSet::default(),
    };
    let kept = settle_plan(plan, policy, can, &|group| leads.contains(&group));
    witness.drifted(plan);
    for id in kept.iter().filter(|_| policy == Drift::Keep) {
        if let Some(record) = evidence.current.get(id.kind, &can.rules.key(id.kind, &id.name)) {
            witness.passed(record, Passed::Kept);
        }
    }
}

/// What is remembered of them.
pub(super) async fn recall(job: &Job<'_>, store: &Store, of: Vec<(Kind, CompactString)>) -> Result<Memories, RunError> {
    let rules = job.target.capabilities().rules;
    let mut known = Memories::default();
    let mut keys: FxHashMap<Kind, Vec<CompactString>> = FxHashMap::default();
    for (kind, key) in of {
        keys.entry(kind).or_default().push(key);
    }
    for (kind, keys) in keys {
        for (key, bytes) in store.applied(&job.sync.name, &job.to.place, kind, &keys).await? {
            known.extend(Applied::read(&bytes, rules).map(|applied| ((kind, key), applied)));
        }
    }
    Ok(known)
}

/// What is to be remembered of those whom this sync takes into its care as they are.
pub(super) fn as_found(plan: &Plan, current: &Current, rules: CaseRules) -> Memories {
    let mut scribe = Scribe::new(current.set.names(), rules);
    let taken = plan.adopted.iter().filter(|adopted| adopted.first);
    let records = taken.filter_map(|adopted| current.set.get(adopted.kind, &rules.key(adopted.kind, &adopted.name)));
    records.map(|record| ((record.kind(), record.key().into()), scribe.of(&record.principal))).collect()
}
