//! `POST usergroups/{id}/users` and `DELETE usergroups/{id}/users/{userId}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::sandbox::alteryx::contract;
use crate::sandbox::alteryx::emulator::{Alteryx, World};
use crate::sandbox::alteryx::groups::unknown;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::switches::Outcome;
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::alteryx::view::{FullGroup, Shown};
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// What came of an addition: always a 200, even where nobody was added.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    successfully_added_user_count: usize,
    total_users_submitted_count: usize,
    #[serde(skip_serializing_if = "Shown::is_absent")]
    failed_user_reasons: Shown<BTreeMap<String, String>>,
}

/// Adds users by their ids, a JSON array and nothing else.
pub(super) async fn add(
    State(emulator): State<Arc<Alteryx>>,
    caller: Curator,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let users: Vec<String> = serde_json::from_value(contract::json(&headers, &payload)?)
        .map_err(|_| Refusal::bad("The request is invalid."))?;
    let mut world = emulator.world();
    let name = world.store.group(&id).ok_or_else(|| unknown(&id))?.name.clone();
    if world.switches.member_limit.is_some_and(|limit| users.len() > limit) {
        return Err(Refusal::bad("Too many users were submitted."));
    }
    let mut failed = BTreeMap::new();
    let mut changes = Changes { groups_updated: [name].into(), ..Changes::default() };
    let mut added = 0;
    for user in &users {
        match add_one(&mut world, &id, user, &caller.id) {
            Ok(mail) => {
                added += 1;
                changes.users_updated.extend(mail);
            }
            Err(reason) => {
                failed.insert(user.clone(), reason.to_owned());
            }
        }
    }
    let reasons = if world.switches.send_reasons { failed } else { BTreeMap::new() };
    let reasons = Some(reasons).filter(|reasons| !reasons.is_empty());
    let failed_user_reasons = Shown::new(reasons, Some(BTreeMap::new()), world.switches.empty_members);
    let mut response = json(&Reply {
        successfully_added_user_count: added,
        total_users_submitted_count: users.len(),
        failed_user_reasons,
    })?;
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Gives the address of who really joined; nobody's, if the addition counts all the same.
fn add_one(world: &mut World, group: &str, id: &str, by: &str) -> Result<Option<String>, &'static str> {
    let World { store, switches, .. } = world;
    let user = store.user(id).ok_or("User not found")?;
    if user.is_in(&switches.refused_members) {
        return Err("User could not be added");
    }
    if user.groups.contains(group) {
        return if switches.present_member == Outcome::Added { Ok(None) } else { Err("User is already in the group") };
    }
    if !user.is_active && switches.inactive_member == Outcome::Failed {
        return Err("User is not active");
    }
    if user.is_in(&switches.lost_members) {
        return Ok(None);
    }
    let mail = user.email.clone();
    store.join(group, id, by);
    Ok(Some(mail))
}

/// Takes a user out and answers with the group; also a 200 for somebody who is not in it (vendor's page).
pub(super) async fn remove(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path((id, user)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let name = world.store.group(&id).ok_or_else(|| unknown(&id))?.name.clone();
    let was_in = world.store.part(&id, &user);
    let mail = world.store.user(&user).filter(|_| was_in).map(|user| user.email.clone());
    let changes =
        Changes { groups_updated: [name].into(), users_updated: mail.into_iter().collect(), ..Changes::default() };
    let group = world.store.group(&id).ok_or_else(|| unknown(&id))?;
    let mut response = json(&FullGroup::new(&world.store, group, &world.switches))?;
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}
