//! Reading the target once more after an apply.

use super::{Ask, Job};
use crate::connector::{ConnectorError, FailureClass, Outcome};
use crate::plan::{Plan, Preconditions, Standing};
use crate::principal::digest;
use crate::report::Verification;

/// Whether every change that counts as done shows in the target. One that does not has failed, whatever was answered.
pub(super) async fn verify(job: &Job<'_>, ask: &Ask<'_>, plan: &Plan, outcomes: &mut [Outcome]) -> Verification {
    let read = job.target.read(ask.progress).await;
    let finished = (ask.clock)();
    match read {
        Err(error) => Verification { finished, remaining: 0, digest: String::new(), error: Some(error) },
        Ok(current) => {
            let can = job.target.capabilities();
            let preconditions = Preconditions::new(&plan.changes, &plan.names, &current.set, can);
            let mut remaining = 0;
            for (change, outcome) in plan.changes.iter().zip(outcomes) {
                if matches!(outcome, Outcome::Done) && preconditions.standing(change) != Standing::Already {
                    let why = "the target was read again and does not show it";
                    *outcome = Outcome::Failed(ConnectorError::new(FailureClass::Unexpected, "verifying", why));
                    remaining += 1;
                }
            }
            Verification { finished, remaining, digest: digest(&current.set), error: None }
        }
    }
}
