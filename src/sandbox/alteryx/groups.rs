//! `usergroups` and `usergroups/{id}`: custom groups. Groups of Active Directory are not among them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::sandbox::alteryx::contract::{Contract, NAME};
use crate::sandbox::alteryx::emulator::{Alteryx, World};
use crate::sandbox::alteryx::group::Group;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::alteryx::view::{FullGroup, ReducedGroup};
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// Id, name and role of every group: no members, no filters, no pages.
pub(super) async fn list(State(emulator): State<Arc<Alteryx>>, _: Curator) -> Result<Response, Refusal> {
    let world = emulator.world();
    Ok(json(&world.store.groups().values().map(ReducedGroup::new).collect::<Vec<_>>())?)
}

/// One group with its members; 404 for an unknown id.
pub(super) async fn show(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let group = world.store.group(&id).ok_or_else(|| unknown(&id))?;
    Ok(json(&FullGroup::new(&world.store, group, &world.switches))?)
}

/// Creates a group. The answer is the new id as a bare JSON string (public test suite against a live server).
pub(super) async fn create(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let (name, role) = read(&headers, &payload)?;
    refuse_taken(&world, &name)?;
    let group = Group {
        id: world.store.issue_id(),
        name: name.clone(),
        role,
        date_added: world.store.now(),
        ..Group::default()
    };
    let mut response = json(&group.id)?;
    *response.status_mut() = StatusCode::from_u16(world.switches.create_status).unwrap_or(StatusCode::OK);
    world.store.put_group(group);
    let changes = Changes { groups_added: [name].into(), ..Changes::default() };
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Sets name and role, both of which must be sent: 200 without a body.
pub(super) async fn update(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let old = world.store.group(&id).ok_or_else(|| unknown(&id))?.name.clone();
    let (name, role) = read(&headers, &payload)?;
    if old != name {
        refuse_taken(&world, &name)?;
    }
    if let Some(group) = world.store.group_mut(&id) {
        group.name.clone_from(&name);
        group.role = role;
    }
    let changes = Changes { groups_updated: [name].into(), ..Changes::default() };
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Whether a group goes with its members.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Force {
    force_delete: Option<String>,
}

/// Deletes a group: 200 without a body, 400 for one that is not empty unless `forceDelete=true`. What was shared with
/// the group is lost with it.
pub(super) async fn delete(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    Query(force): Query<Force>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let group = world.store.group(&id).ok_or_else(|| unknown(&id))?;
    let empty = group.members.is_empty() && group.directory_groups.is_empty();
    let forced = force.force_delete.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    if !empty && !forced {
        return Err(Refusal::bad("The user group is not empty."));
    }
    let gone = world.store.remove_group(&id).map(|group| group.name);
    let changes = Changes { groups_deleted: gone.into_iter().collect(), ..Changes::default() };
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// What is said of a group id nothing has.
pub(super) fn unknown(id: &str) -> Refusal {
    Refusal::missing(format!("User group {id} was not found."))
}

fn read(headers: &HeaderMap, payload: &Payload) -> Result<(String, Role), Refusal> {
    let mut contract = Contract::read("contract", headers, payload)?;
    let told = (contract.text("name", NAME), contract.role());
    contract.finish()?;
    Ok(told)
}

fn refuse_taken(world: &World, name: &str) -> Result<(), Refusal> {
    if !world.switches.duplicate_group_names && world.store.has_group_named(name) {
        return Err(Refusal::bad(format!("A user group with the name {name} exists already.")));
    }
    Ok(())
}
