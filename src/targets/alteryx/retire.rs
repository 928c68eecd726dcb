//! Leavers: deactivated, handed over, deleted; and groups that go.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;

use super::api::written;
use super::convert::{Found, People};
use super::perform::Deed;
use super::wire::{Affected, owned};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError};
use crate::plan::Change;
use crate::principal::{Kind, shown};

/// How many names a remark tells.
const TOLD: usize = 20;

/// `POST users/{id}/deactivate`, which takes the user out of every group and answers with their ids: they are told.
pub(super) async fn disable(deed: &Deed<'_>, change: &Change) -> Result<Performed, SendError> {
    if !change.detail().fields.is_empty() || change.detail().new_name.is_some() {
        deed.change_user(change).await?;
    }
    let lost = deactivate(deed, &deed.id_of(change)?).await?;
    if lost.is_empty() {
        return Ok(Performed::default());
    }
    Ok(Performed::default().with_remark(format!("the server took the user out of {}", groups(deed, &lost))))
}

/// Gives the ids of the groups that the user was in.
async fn deactivate(deed: &Deed<'_>, id: &str) -> Result<Vec<String>, SendError> {
    let path = ["users", id, "deactivate"];
    let answer = deed.target.api.write(&deed.doing, Method::POST, &path, &[], None).await?;
    written(&answer, &deed.doing)
}

/// `Finance (65f0…), 65f1…`: the ids, with the names that are known.
fn groups(deed: &Deed<'_>, ids: &[String]) -> String {
    // Groups come first.
    let set = &deed.site.work.current.set;
    let known = || set.records()[..set.count(Kind::Group)].iter().map(|record| &record.principal);
    let call = |id: &String| {
        let group = known().find(|group| group.id.as_deref() == Some(id));
        group.map_or_else(|| shown(id, 40), |group| format!("`{}` ({})", shown(&group.name, 60), shown(id, 40)))
    };
    let mut told: Vec<String> = ids.iter().map(call).collect();
    // In which order a server names them means nothing.
    told.sort();
    told.truncate(TOLD);
    let more = if ids.len() > TOLD { format!(" and {} more", ids.len() - TOLD) } else { String::new() };
    format!("{}{more}", told.join(", "))
}

/// `PUT users/{id}/assetTransfer`, from Server 2024.1 on (vendor: "Transfer Assets"). Who owns nothing has nothing to
/// hand over.
pub(super) async fn transfer(deed: &Deed<'_>, change: &Change) -> Result<Performed, SendError> {
    let id = deed.id_of(change)?;
    if owned(&deed.target.api.assets(&deed.doing, &id).await?).is_empty() {
        return Ok(Performed::default());
    }
    let heir = change.detail().transfer_to.as_deref().unwrap_or_default();
    let known = deed.site.roster.find(Kind::User, heir, deed.site.can.rules);
    let known = known.or_else(|| deed.site.found(Kind::User, heir)?.id.clone()).ok_or_else(|| {
        deed.fail(FailureClass::Missing, format!("`{}` is no user of the server", shown(heir, 60)))
            .with_hint("`leavers.users.transferTo` is the e-mail address of an Artisan or a Curator")
    })?;
    let body = json!({
        "ownerId": known.as_str(), "transferWorkflows": true, "transferSchedules": true, "transferCollections": true,
    });
    let path = ["users", id.as_str(), "assetTransfer"];
    let answer = deed.target.api.write(&deed.doing, Method::PUT, &path, &[], Some(&body)).await;
    let answer = answer.map_err(|error| error.map(not_transferred))?;
    let broken: Vec<Affected> = serde_json::from_slice(&answer.body).unwrap_or_default();
    if broken.is_empty() {
        return Ok(Performed::default());
    }
    let ids: Vec<String> = broken.iter().take(TOLD).map(|schedule| shown(&schedule.affected_schedule_id, 40)).collect();
    let more = if broken.len() > TOLD { format!(" and {} more", broken.len() - TOLD) } else { String::new() };
    Ok(Performed::default()
        .with_remark(format!("the transfer affects schedules, check them: {}{more}", ids.join(", "))))
}

fn not_transferred(error: ConnectorError) -> ConnectorError {
    match error.class {
        FailureClass::Missing => error.with_hint("to hand over needs Server 2024.1 or later"),
        FailureClass::Rejected => {
            error.with_hint("who receives must be an Artisan or a Curator: see `leavers.users.transferTo`")
        }
        _ => error,
    }
}

/// `DELETE users/{id}`, which the server refuses for who owns anything or is in a group. Who owns something is left as
/// they are; else the user is deactivated first, which leaves every group at once.
pub(super) async fn delete_user(deed: &Deed<'_>, change: &Change) -> Result<Performed, SendError> {
    let id = deed.id_of(change)?;
    let owned = owned(&deed.target.api.assets(&deed.doing, &id).await?);
    if !owned.is_empty() {
        let error = deed.fail(FailureClass::Conflict, format!("the user owns {owned}, and stays as they are"));
        let hint = "`leavers.users.transferTo: E-MAIL` hands it over first; `first: disable` keeps the account";
        return Err(error.with_hint(hint).into());
    }
    deactivate(deed, &id).await?;
    deed.target.api.write(&deed.doing, Method::DELETE, &["users", &id], &[], None).await?;
    Ok(Performed::default())
}

/// `DELETE usergroups/{id}`, which the server refuses for a group with members unless it is forced.
pub(super) async fn delete_group(deed: &Deed<'_>, change: &Change) -> Result<Performed, SendError> {
    let id = deed.id_of(change)?;
    let force = deed.target.settings.force_delete;
    if !force {
        empty(deed, &id).await?;
    }
    let query: &[(&str, &str)] = if force { &[("forceDelete", "true")] } else { &[] };
    deed.target.api.write(&deed.doing, Method::DELETE, &["usergroups", &id], query, None).await?;
    Ok(Performed::default())
}

/// Takes the members of a group out, one by one. Where one is no user that can be told, nobody is taken out.
async fn empty(deed: &Deed<'_>, id: &str) -> Result<(), SendError> {
    let api = &deed.target.api;
    let group = api.group(&deed.doing, id).await?;
    if group.members().is_empty() {
        return Ok(());
    }
    let by_account = group.members().iter().any(|member| member.user_id.as_deref().is_none_or(str::is_empty));
    // Objects of Active Directory are told by the list of users.
    let users = if by_account { deed.target.users.get(api.users()).await? } else { Arc::default() };
    let people = People::new(&users, &deed.target.settings);
    let mut ids = Vec::with_capacity(group.members().len());
    for member in group.members() {
        ids.push(match people.find(member) {
            Found::User(at) => users[at].id.clone(),
            Found::Stranger(id) => id,
            Found::Nested(name) | Found::Nobody(name) => {
                let why =
                    format!("its member `{}` is an object of Active Directory and no user's account", shown(&name, 60));
                let error = deed.fail(FailureClass::Conflict, why);
                let hint = "take it out by hand, or set `forceDelete: true`; nobody was taken out";
                return Err(error.with_hint(hint).into());
            }
        });
    }
    for user in ids {
        api.write(&deed.doing, Method::DELETE, &["usergroups", id, "users", &user], &[], None).await?;
    }
    Ok(())
}
