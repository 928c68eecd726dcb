//! Who joins a group, and who leaves it.

use reqwest::Method;
use serde_json::Value;

use super::api::written;
use super::convert::shows;
use super::perform::Deed;
use super::wire::{Added, GroupRecord};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError};
use crate::plan::Change;
use crate::principal::{GroupRef, Kind, Principal, shown};

/// `POST usergroups/{id}/users` with a JSON array of ids. The answer is a 200 also where some, or all, were not added:
/// unless it says that all of them were, the group is read, and who is not in it was refused.
pub(super) async fn join(deed: &Deed<'_>, group: GroupRef, members: &[usize]) -> Result<Performed, SendError> {
    let (group, ids) = ids(deed, group, members)?;
    let body = Value::from(ids.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>());
    let path = ["usergroups", group.as_str(), "users"];
    let answer = deed.target.api.write(&deed.doing, Method::POST, &path, &[], Some(&body)).await?;
    let added: Added = written(&answer, &deed.doing)?;
    if added.is_all_of(ids.len()) {
        return Ok(Performed::default());
    }
    // Somebody who was in it already may count as failed: only the group tells.
    let now = deed.target.api.group(&deed.doing, &group).await.map_err(SendError::Unknown)?;
    let absent = ids.into_iter().filter(|(at, id)| !is_in(deed, &now, *at, id));
    let refused = absent.map(|(at, id)| (at, refusal(deed, &added, at, &id))).collect();
    Ok(Performed { refused, ..Performed::default() })
}

/// `DELETE usergroups/{id}/users/{userId}`, which answers with the group; also where the user was not in it.
pub(super) async fn leave(deed: &Deed<'_>, group: GroupRef, members: &[usize]) -> Result<Performed, SendError> {
    let (group, ids) = ids(deed, group, members)?;
    let mut performed = Performed::default();
    for (at, id) in ids {
        let path = ["usergroups", group.as_str(), "users", id.as_str()];
        let answer = deed.target.api.write(&deed.doing, Method::DELETE, &path, &[], None).await?;
        // Older releases may answer with nothing: the reading that follows the apply tells then.
        let now: Option<GroupRecord> = serde_json::from_slice(&answer.body).ok();
        if now.is_some_and(|now| is_in(deed, &now, at, &id)) {
            let why = format!("the answer still shows `{}` in the group", member(deed.site.member(at)));
            performed.refused.push((at, deed.fail(FailureClass::Unexpected, why)));
        }
    }
    Ok(performed)
}

/// The server's own id of the group, and those of the members with their places.
fn ids(deed: &Deed<'_>, group: GroupRef, members: &[usize]) -> Result<(String, Vec<(usize, String)>), ConnectorError> {
    let named = |error: ConnectorError| ConnectorError { doing: deed.doing.clone(), ..error };
    let id = deed.site.group_id(group).map_err(named)?.to_string();
    let found = deed.site.member_ids(members).map_err(named)?;
    Ok((id, members.iter().copied().zip(found.iter().map(ToString::to_string)).collect()))
}

fn is_in(deed: &Deed<'_>, group: &GroupRecord, at: usize, id: &str) -> bool {
    let change = deed.site.member(at);
    let user = deed.site.found(Kind::User, change.name()).unwrap_or(change.subject());
    shows(group, id, as_called(user, change), &deed.target.settings)
}

/// Somebody who was renamed in this apply is called otherwise by now.
fn as_called<'a>(user: &'a Principal, change: &'a Change) -> &'a Principal {
    change.after().filter(|after| after.name != user.name).unwrap_or(user)
}

fn refusal(deed: &Deed<'_>, added: &Added, at: usize, id: &str) -> ConnectorError {
    let change = deed.site.member(at);
    let mail = change.after().map_or(change.name(), |after| &after.name);
    let why = match added.reason(id, mail) {
        Some(reason) => {
            format!("the server answered 200 and did not add `{}`: {}", member(change), shown(&reason, 200))
        }
        None => format!(
            "the server answered 200, counts {} as added, gives no reason, and does not show `{}` in the group",
            added.successfully_added_user_count,
            member(change)
        ),
    };
    deed.fail(FailureClass::Rejected, why).with_hint("look whether the user is active; the next run tries again")
}

fn member(change: &Change) -> String {
    shown(change.name(), 60)
}
