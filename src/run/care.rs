//! Taking a principal of the target into a sync's care by hand, or letting go of it.

use super::recover::recover;
use super::trail::Teller;
use super::{Ask, Job, RunError};
use crate::connector::{ConnectorError, FailureClass, read_whole};
use crate::plan::Owner;
use crate::principal::{Kind, PatternSet, PrincipalId};
use crate::store::{OwnedRow, Settlement, Store};

/// What a person decides of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// This sync may change and remove it from now on.
    Adopt,
    /// It is nobody's of this sync any more: under `ownership: managed` it is left alone.
    Release,
}

/// How it stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cared {
    Changed,
    /// It was so already.
    Already,
}

/// Settles in whose care `asked` is. Nothing is written to the target.
///
/// # Errors
/// When the target cannot be read or lacks it, or it is protected or another sync's.
pub async fn care(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    asked: &PrincipalId,
    care: Care,
) -> Result<Cared, RunError> {
    recover(job, ask, store).await?;
    let can = job.target.capabilities();
    let key = can.rules.key(asked.kind, &asked.name);
    let ledger = store.ledger(&job.sync.name, &job.to.place).await?;
    let is_own = ledger.owned(asked.kind, &key).is_some();
    if is_own == (care == Care::Adopt) {
        return Ok(Cared::Already);
    }
    let mut settlement = Settlement::of_memory(&ask.id, &job.sync.name, &job.to.place, (ask.clock)());
    settlement.trail.push(Teller::of(job, ask).cared(asked, care));
    if care == Care::Release {
        settlement.released.push((asked.kind, key.into()));
        store.settle(&settlement).await?;
        return Ok(Cared::Changed);
    }
    if let Some(other) = ledger.other_owner(asked.kind, &key) {
        let hint = format!("`rollcall release {other} {asked}` lets go of it there");
        return Err(refused(asked, &format!("it is in the care of sync `{other}`"), &hint));
    }
    let policy = job.policy(ask, None);
    let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
    if shield.matches(asked.kind, &key) {
        return Err(refused(asked, "it is protected", "a protected principal is never changed or removed"));
    }
    let current = read_whole(job.target.as_ref(), ask.progress).await?;
    if current.set.get(asked.kind, &key).is_none() {
        let kind = if asked.kind == Kind::User { "user" } else { "group" };
        let hint = format!("`rollcall dump {}` lists everybody", job.to.name);
        return Err(refused(asked, &format!("the target has no {kind} of that name"), &hint));
    }
    settlement.owned.push(OwnedRow {
        kind: asked.kind,
        key: key.into(),
        owner: Owner::Adopted,
        source_id: None,
        disabled: None,
        origin: None,
        applied: None,
    });
    store.settle(&settlement).await?;
    Ok(Cared::Changed)
}

fn refused(asked: &PrincipalId, why: &str, hint: &str) -> RunError {
    ConnectorError::new(FailureClass::Rejected, format!("adopting `{asked}`"), why.to_owned()).with_hint(hint).into()
}
