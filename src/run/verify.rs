//! Reading the target once more after an apply.

use std::time::Duration;

use super::{Ask, Job};
use crate::connector::{ConnectorError, FailureClass, Outcome, read_whole};
use crate::plan::{Current, Plan, Preconditions, Standing};
use crate::principal::digest;
use crate::report::Verification;

/// The pause before the second look; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Whether every change that counts as done shows in the target. One that does not has failed, whatever was answered.
/// A product that needs a while to show what was written is given that while, and no more.
pub(super) async fn verify(job: &Job<'_>, ask: &Ask<'_>, plan: &Plan, outcomes: &mut [Outcome]) -> Verification {
    let (mut left, mut pause) = (job.target.capabilities().settles, FIRST_PAUSE);
    loop {
        let read = read_whole(job.target.as_ref(), ask.progress).await;
        let finished = (ask.clock)();
        let current = match read {
            Err(error) => return Verification { finished, remaining: 0, digest: String::new(), error: Some(error) },
            Ok(current) => current,
        };
        let missing = missing(job, plan, &current, outcomes);
        if missing.is_empty() || left.is_zero() {
            for at in &missing {
                let why = "the target was read again and does not show it";
                outcomes[*at] = Outcome::Failed(ConnectorError::new(FailureClass::Unexpected, "verifying", why));
            }
            return Verification { finished, remaining: missing.len(), digest: digest(&current.set), error: None };
        }
        let now = pause.min(left);
        tokio::time::sleep(now).await;
        (left, pause) = (left.saturating_sub(now), pause * 2);
    }
}

/// The changes that count as done and do not show.
fn missing(job: &Job<'_>, plan: &Plan, current: &Current, outcomes: &[Outcome]) -> Vec<usize> {
    let preconditions = Preconditions::new(&plan.changes, &plan.names, current, job.target.capabilities());
    let done = plan.changes.iter().zip(outcomes).enumerate();
    let done = done.filter(|(_, (_, outcome))| matches!(outcome, Outcome::Done));
    done.filter(|(_, (change, _))| preconditions.standing(change) != Standing::Already).map(|(at, _)| at).collect()
}
