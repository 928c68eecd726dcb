//! Reading the target once more after an apply.

use super::{Ask, Job};
use crate::connector::Outcome;
use crate::plan::{Plan, Preconditions, Standing};
use crate::principal::digest;
use crate::report::Verification;

/// Whether every change that counts as done shows in the target.
pub(super) async fn verify(job: &Job<'_>, ask: &Ask<'_>, plan: &Plan, outcomes: &[Outcome]) -> Verification {
    let read = job.target.read(ask.progress).await;
    let finished = (ask.clock)();
    match read {
        Err(error) => Verification { finished, remaining: 0, digest: String::new(), error: Some(error) },
        Ok(current) => {
            let can = job.target.capabilities();
            let done = plan.changes.iter().zip(outcomes).filter(|(_, outcome)| matches!(outcome, Outcome::Done));
            let preconditions = Preconditions::new(&plan.changes, &plan.names, &current.set, can);
            let stands = |change| preconditions.standing(change) == Standing::Already;
            let remaining = done.filter(|(change, _)| !stands(change)).count();
            Verification { finished, remaining, digest: digest(&current.set), error: None }
        }
    }
}
