use rustc_hash::FxHashSet;

use super::stepwise::{self, Done, Remark};
use crate::connector::{ConnectorError, Journal, Outcome, Passwords, Progress, Target, Work, read_whole};
use crate::guard::ApprovedPlan;
use crate::plan::{Batch, Capabilities, Change, Current, Plan, Preconditions, Standing};
use crate::principal::{CaseRules, GroupRef, Kind};

/// What became of a plan.
#[derive(Debug)]
pub struct Executed {
    /// One for each change of the plan, in its order.
    pub outcomes: Vec<Outcome>,
    /// In the order of the changes.
    pub remarks: Vec<Remark>,
}

/// Reads the target again, compares each change with it, and has those carried out that still fit.
///
/// # Errors
/// When the target cannot be read; nothing was written then.
pub async fn execute(
    approved: &ApprovedPlan,
    target: &dyn Target,
    passwords: &Passwords,
    journal: &Journal,
    progress: &dyn Progress,
) -> Result<Executed, ConnectorError> {
    let plan = approved.plan();
    let current = read_whole(target, progress).await?;
    let mut outcomes = stand(plan, &current, target.capabilities());
    let open: Vec<usize> = (0..outcomes.len()).filter(|at| outcomes[*at].is_none()).collect();
    let mut remarks = Vec::new();
    if !open.is_empty() {
        let changes: Vec<&Change> = open.iter().map(|at| &plan.changes[*at]).collect();
        let journal = journal.of(&open);
        let work = Work { changes: &changes, names: &plan.names, current: &current, passwords, progress, journal };
        let done = carry_out(target, work).await;
        remarks = done.remarks.into_iter().map(|remark| Remark { at: open[remark.at], ..remark }).collect();
        for (at, outcome) in open.into_iter().zip(done.outcomes) {
            outcomes[at] = Some(outcome);
        }
    }
    let unanswered = || Outcome::NotTried("the target gave no outcome for it".into());
    let outcomes = outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(unanswered)).collect();
    Ok(Executed { outcomes, remarks })
}

async fn carry_out(target: &dyn Target, work: Work<'_>) -> Done {
    match target.capabilities().batch {
        Batch::Steps(_) => stepwise::carry_out(target, &work).await,
        Batch::Whole => {
            let outcomes = at_once(target, work).await;
            Done { outcomes, remarks: Vec::new() }
        }
    }
}

async fn at_once(target: &dyn Target, work: Work<'_>) -> Vec<Outcome> {
    let (journal, progress, changes) = (work.journal, work.progress, work.changes.len());
    let all: Vec<usize> = (0..changes).collect();
    if let Err(why) = journal.intend(&all).await {
        return vec![Outcome::NotTried(why); changes];
    }
    progress.step(&format!("applying {changes} changes"), None);
    let outcomes = target.apply(work).await;
    progress.done();
    for (at, outcome) in outcomes.iter().enumerate() {
        journal.ended(at, outcome.clone());
    }
    outcomes
}

/// The changes that need nothing more, or can no longer be done; `None` for those to carry out.
fn stand(plan: &Plan, current: &Current, can: &Capabilities) -> Vec<Option<Outcome>> {
    let preconditions = Preconditions::new(&plan.changes, &plan.names, current, can);
    let mut outcomes: Vec<Option<Outcome>> = plan
        .changes
        .iter()
        .map(|change| match preconditions.standing(change) {
            Standing::Holds => None,
            Standing::Already => Some(Outcome::Done),
            Standing::Moved(what) => Some(Outcome::SetAside(what)),
        })
        .collect();
    let missing = missing_groups(plan, current, &outcomes, can.rules);
    if missing.is_empty() {
        return outcomes;
    }
    for (change, outcome) in plan.changes.iter().zip(&mut outcomes) {
        let lacks = change.joins().iter().find(|group| missing.contains(*group));
        if let (None, Some(group)) = (&outcome, lacks) {
            *outcome =
                Some(Outcome::SetAside(format!("the group `{}` it would join is not there", plan.names.name(*group))));
        }
    }
    outcomes
}

/// Groups that are to be joined and neither stand nor will be made.
fn missing_groups(
    plan: &Plan,
    current: &Current,
    outcomes: &[Option<Outcome>],
    rules: CaseRules,
) -> FxHashSet<GroupRef> {
    let joined: FxHashSet<GroupRef> = plan.changes.iter().flat_map(|change| change.joins().iter().copied()).collect();
    let made: FxHashSet<&str> = plan
        .changes
        .iter()
        .zip(outcomes)
        .filter(|(change, outcome)| change.kind() == Kind::Group && change.before().is_none() && outcome.is_none())
        .map(|(change, _)| change.name())
        .collect();
    let stands =
        |name: &str| made.contains(name) || current.set.get(Kind::Group, &rules.key(Kind::Group, name)).is_some();
    joined.into_iter().filter(|group| !stands(plan.names.name(*group))).collect()
}
