//! `groups` and `groups/{groupId}` (vendor's page "User groups").

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::sandbox::b2core::bearer::Caller;
use crate::sandbox::b2core::deed::Deed;
use crate::sandbox::b2core::emulator::{BackOffice, World};
use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::b2core::page::{Asked, Page, wrap};
use crate::sandbox::b2core::record::{ADMINISTRATORS, Group};
use crate::sandbox::b2core::reply::{answer, silent, wrote};
use crate::sandbox::b2core::sent::SentGroup;
use crate::sandbox::b2core::show;
use crate::sandbox::payload::Payload;

/// 202: taken, and carried out later.
const ACCEPTED: u16 = 202;

/// A part of the groups, by `limit` and `offset`.
pub(super) async fn list(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let page = Page::read(&asked, &world.switches)?;
    let (groups, total) = page.cut(world.store.groups.values());
    let shown = groups.into_iter().map(|group| show::group(group, &world.switches)).collect();
    Ok(answer(StatusCode::OK, &wrap(shown, total, &world.switches)))
}

/// One group.
pub(super) async fn one(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    Ok(answer(StatusCode::OK, &show::group(find(&world, &id)?, &world.switches)))
}

/// Creates a group and shows it.
pub(super) async fn create(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let sent = SentGroup::read(payload.json(), None, &world.store, &world.switches)?;
    let status = world.switches.create_status;
    Ok(carry_out(&mut world, Deed::CreateGroup(sent), status))
}

/// Changes a group and shows it; `Administrators` never.
pub(super) async fn change(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let id = mutable(find(&world, &id)?)?;
    let sent = SentGroup::read(payload.json(), Some(id), &world.store, &world.switches)?;
    Ok(carry_out(&mut world, Deed::ChangeGroup(id, sent), StatusCode::OK.as_u16()))
}

/// Removes a group; `Administrators` never. What becomes of its members is not published.
pub(super) async fn delete(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let id = mutable(find(&world, &id)?)?;
    if world.switches.keep_used_groups && world.store.has_members(id) {
        return Err(Refusal::member(world.switches.invalid_status, "id", "the group has members"));
    }
    let (changes, done) = world.enact(Deed::DeleteGroup(id));
    let status = if done.is_some() { world.switches.delete_status } else { ACCEPTED };
    Ok(wrote(silent(status), changes, Vec::new()))
}

fn carry_out(world: &mut World, deed: Deed, status: u16) -> Response {
    let (changes, id) = world.enact(deed);
    let group = id.and_then(|id| world.store.groups.get(&id));
    let response = group.map_or_else(
        || silent(ACCEPTED),
        |group| {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            answer(status, &show::group(group, &world.switches))
        },
    );
    wrote(response, changes, Vec::new())
}

fn mutable(group: &Group) -> Result<u64, Refusal> {
    if group.name == ADMINISTRATORS {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "The group Administrators cannot be changed or removed."));
    }
    Ok(group.id)
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a Group, Refusal> {
    id.parse().ok().and_then(|id: u64| world.store.groups.get(&id)).ok_or_else(Refusal::not_found)
}
