//! Passwords of new users, found when they are needed.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::{Ask, Job, RunError, read};
use crate::apply::PasswordRule;
use crate::mapping::desire;
use crate::plan::{Ability, Action, Change, Plan};
use crate::principal::{Kind, Password};
use crate::store::Store;

/// By name, a password for each new user whom the plan has none for.
pub(super) async fn find(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    plan: &Plan,
) -> Result<FxHashMap<CompactString, Password>, RunError> {
    let mut found = FxHashMap::default();
    if !job.target.capabilities().can(Kind::User, Ability::Password) {
        return Ok(found);
    }
    let of_source =
        if plan.changes.iter().any(is_marked) { of_source(job, ask, store).await? } else { FxHashMap::default() };
    // A secret is read once, however many users are new.
    let mut shared: Option<Password> = None;
    for change in plan.changes.iter().filter(|change| change.kind() == Kind::User) {
        let name = match change.action() {
            Action::Create => &change.subject().name,
            Action::Rename => change.detail().new_name.as_ref().unwrap_or(&change.subject().name),
            _ => continue,
        };
        let password = match (of_source.get(name), &job.sync.password) {
            (Some(password), _) => password.clone(),
            (None, PasswordRule::Generate) => job.sync.password.password()?,
            (None, PasswordRule::Secret(_)) => match &shared {
                Some(password) => password.clone(),
                None => shared.insert(job.sync.password.password()?).clone(),
            },
        };
        found.insert(name.clone(), password);
    }
    Ok(found)
}

/// A saved plan says that the source has the password, and does not hold it.
fn is_marked(change: &Change) -> bool {
    change.after().and_then(|after| after.password.as_ref()).is_some_and(|password| password.reveal().is_empty())
}

/// Under the names that the rules give: those are the names in the plan.
async fn of_source(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
) -> Result<FxHashMap<CompactString, Password>, RunError> {
    let readings = read::sources(job, ask, store).await?;
    let whole = read::together(job, readings.into_iter().map(|read| (read.facts.name, read.sifted)).collect());
    let mapped = desire(whole, job.target.as_ref(), &job.sync.rules);
    let records = mapped.desired.set.records().iter();
    let users = records.map(|record| &record.principal).filter(|principal| principal.kind == Kind::User);
    Ok(users.filter_map(|principal| Some((principal.name.clone(), *principal.password.clone()?))).collect())
}
