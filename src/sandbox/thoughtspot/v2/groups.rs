//! `groups/create`, `groups/{id or name}/update`, `groups/{id or name}/delete`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::v2::answer::{done, group_updated, shown};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::group_edit::{self, GroupEdit};
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::show_group::GroupRow;
use crate::sandbox::thoughtspot::v2::show_user::value;
use crate::sandbox::thoughtspot::v2::users::{operation, undecided};

/// Creates a group in the org of the session: 200 with the group. `name` and `display_name` are required.
pub(super) async fn create(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let edit = GroupEdit::read(&mut ask)?;
    let mut world = emulator.world();
    let switches = world.switches;
    let key = group_edit::create(&mut world.store, switches, caller.org, edit)?;
    let group = world.store.group(&key).ok_or_else(|| invalid("the group is gone"))?;
    let body = value(&GroupRow::of(&world, &key, group, true, true), switches.v2)?;
    shown(&body, Changes { groups_added: [key.name].into(), ..Changes::default() }, ask.warnings())
}

/// Changes a group: 204.
pub(super) async fn update(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Path(identifier): Path<String>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let operation = operation(&mut ask)?;
    let mut edit = GroupEdit::read(&mut ask)?;
    edit.operation = operation.unwrap_or_default();
    let mut warnings = ask.warnings();
    warnings.extend(operation.is_none().then(undecided));
    let mut world = emulator.world();
    let switches = world.switches;
    let key = resolve::group(&world.store, switches, caller.org, &identifier)?;
    let (key, _) = group_edit::update(&mut world.store, switches, &key, edit)?;
    Ok(done(group_updated(&key.name), warnings))
}

/// Deletes a group: 204.
pub(super) async fn delete(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Path(identifier): Path<String>,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let key = resolve::group(&world.store, world.switches, caller.org, &identifier)?;
    group_edit::delete(&mut world.store, &key)?;
    Ok(done(Changes { groups_deleted: [key.name].into(), ..Changes::default() }, Vec::new()))
}
