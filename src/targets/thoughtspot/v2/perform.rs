//! One step.

use super::bodies::{self, Operation};
use super::target::ThoughtspotV2;
use crate::connector::{ConnectorError, FailureClass, Performed, SendError, Site, told};
use crate::plan::{Action, Change, Step};
use crate::principal::{GroupRef, Kind, Password, Principal, shown};

/// Carries out one step.
pub(super) async fn perform(target: &ThoughtspotV2, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
    let place = |error: ConnectorError| ConnectorError { doing: told(step, site), ..error };
    match step {
        Step::Create { change, .. } => create(target, change, site).await,
        Step::Change { change, .. } => {
            let id = site.id_of(change).map_err(place)?;
            let doing = target.api.doing("changing", change.kind(), change.name());
            let update = match change.action() {
                Action::Disable => bodies::switched(change, false),
                Action::Enable => bodies::switched(change, true),
                _ => bodies::changed(change),
            };
            if !update.is_empty() {
                target.api.update(change.kind(), &doing, &id, &update).await?;
            }
            if let Some(name) = &change.detail().new_name {
                // Who joins a group in this very apply names it as it is called from now on.
                site.roster.note(change.kind(), name, id, site.can.rules);
            }
            Ok(Performed::default())
        }
        Step::Join { group, members } => move_members(target, site, *group, members, Operation::Add).await,
        Step::Leave { group, members } => move_members(target, site, *group, members, Operation::Remove).await,
        Step::Transfer { change, .. } => match change.detail().transfer_to.as_deref() {
            Some(heir) => target.api.transfer(change.name(), heir).await.map(|()| Performed::default()),
            None => Ok(Performed::default()),
        },
        Step::Delete { change, .. } => {
            let id = site.id_of(change).map_err(place)?;
            remove(target, change, &id).await
        }
    }
}

async fn create(target: &ThoughtspotV2, change: &Change, site: &Site<'_>) -> Result<Performed, SendError> {
    let doing = target.api.doing("creating", change.kind(), change.name());
    let Some(after) = change.after() else {
        return Err(ConnectorError::new(FailureClass::Unexpected, doing, "the plan does not say what to make").into());
    };
    if after.kind == Kind::Group {
        return target.api.create(Kind::Group, &doing, &bodies::new_group(after)).await.map(Performed::made);
    }
    if let Some((id, org)) = target.stranger(after).filter(|_| target.manner.attach_existing) {
        target.api.update(Kind::User, &doing, &id, &bodies::attached(after, org)).await?;
        return Ok(Performed::made(id));
    }
    let password = site.password(change);
    let body = bodies::new_user(after, password, target.org_of_newcomers());
    let made = target.api.create(Kind::User, &doing, &body).await;
    // Some servers repeat what they were sent.
    let made = made.map_err(|error| error.map(|error| error.without(password.map(Password::reveal))));
    made.map(Performed::made)
}

/// Deletes, or takes out of this org whoever is in others too. Who is gone already is gone.
async fn remove(target: &ThoughtspotV2, change: &Change, id: &str) -> Result<Performed, SendError> {
    if let Some(org) = target.org_to_leave(change.before().and_then(|before: &Principal| before.id.as_deref())) {
        let doing = target.api.doing(&format!("taking out of org {org} the"), change.kind(), change.name());
        target.api.update(Kind::User, &doing, id, &bodies::detached(org)).await?;
        return Ok(Performed::default().with_remark(format!("left org {org}; the account stays in the others")));
    }
    let doing = target.api.doing("deleting", change.kind(), change.name());
    match target.api.delete(change.kind(), &doing, id).await {
        Err(SendError::Failed(error)) if error.class == FailureClass::Missing => {
            Ok(Performed::default().with_remark("it was gone already"))
        }
        done => done.map(|()| Performed::default()),
    }
}

/// Puts principals into a group or takes them out. Where the whole is refused for one of them, each is tried alone: to
/// add who is there, and to remove who is not, changes nothing (measured on live clusters for ADD).
async fn move_members(
    target: &ThoughtspotV2,
    site: &Site<'_>,
    group: GroupRef,
    members: &[usize],
    operation: Operation,
) -> Result<Performed, SendError> {
    let name = shown(site.group_name(group), 60);
    let doing = match operation {
        Operation::Add => {
            format!("adding {} members to group `{name}` of ThoughtSpot `{}`", members.len(), target.name())
        }
        Operation::Remove => {
            format!("taking {} members out of group `{name}` of ThoughtSpot `{}`", members.len(), target.name())
        }
    };
    let place = |error: ConnectorError| ConnectorError { doing: doing.clone(), ..error };
    let id = site.group_id(group).map_err(place)?;
    let ids = site.member_ids(members).map_err(place)?;
    let all: Vec<(usize, Kind, &str)> =
        members.iter().zip(&ids).map(|(at, id)| (*at, site.member(*at).kind(), id.as_str())).collect();
    let told = send(target, &doing, &id, &all, operation).await;
    let refused = match told {
        Err(SendError::Failed(error)) if all.len() > 1 && is_about_one(&error) => error,
        told => return told.map(|()| Performed::default()),
    };
    tracing::debug!(class = ?refused.class, "Members were refused together: each is tried alone");
    let mut performed = Performed::default();
    for member in all {
        match send(target, &doing, &id, &[member], operation).await {
            Ok(()) => {}
            Err(SendError::Failed(error)) => performed.refused.push((member.0, error)),
            Err(lost) => return Err(lost),
        }
    }
    Ok(performed)
}

fn is_about_one(error: &ConnectorError) -> bool {
    matches!(error.class, FailureClass::Missing | FailureClass::Rejected | FailureClass::Conflict)
}

async fn send(
    target: &ThoughtspotV2,
    doing: &str,
    group: &str,
    members: &[(usize, Kind, &str)],
    operation: Operation,
) -> Result<(), SendError> {
    let of = |wanted: Kind| -> Vec<&str> {
        members.iter().filter(|(_, kind, _)| *kind == wanted).map(|(.., id)| *id).collect()
    };
    let update = bodies::members(operation, &of(Kind::User), &of(Kind::Group));
    target.api.update(Kind::Group, doing, group, &update).await
}
