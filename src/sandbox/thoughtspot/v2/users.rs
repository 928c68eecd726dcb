//! `users/create`, `users/{id or name}/update`, `users/{id or name}/delete`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::forbidden;
use crate::sandbox::thoughtspot::v2::answer::{done, shown, user_updated};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::operation::Operation;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::show_user::UserRow;
use crate::sandbox::thoughtspot::v2::user_edit::{self, UserEdit};

/// Creates a user: 200 with the user. `name`, `display_name` and `email` are required.
pub(super) async fn create(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let edit = UserEdit::read(&mut ask)?;
    let mut world = emulator.world();
    let switches = world.switches;
    if switches.v2.email_needed && edit.email.as_ref().is_none_or(|email| email.trim().is_empty()) {
        return Err(invalid("email is required"));
    }
    let name = user_edit::create(&mut world.store, switches, caller.org, edit)?;
    let user = world.store.users.get(&name).ok_or_else(|| invalid("the user is gone"))?;
    let body = UserRow::of(&world, user).value(switches.v2)?;
    shown(&body, Changes { users_added: [name].into(), ..Changes::default() }, ask.warnings())
}

/// Changes a user: 204. There is no password among the members.
pub(super) async fn update(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Path(identifier): Path<String>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let operation = operation(&mut ask)?;
    let edit = UserEdit { operation: operation.unwrap_or_default(), password: None, ..UserEdit::read(&mut ask)? };
    let mut warnings = ask.warnings();
    warnings.extend(operation.is_none().then(undecided));
    let mut world = emulator.world();
    let World { store, sessions, switches, .. } = &mut *world;
    let name = resolve::user(store, *switches, &identifier)?;
    let (new_name, _) = user_edit::update(store, *switches, caller.org, &name, edit)?;
    sessions.rename(&name, &new_name);
    Ok(done(user_updated(&new_name), warnings))
}

/// Deletes a user, from every org: 204. What they own goes too.
pub(super) async fn delete(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Path(identifier): Path<String>,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let name = resolve::user(&world.store, world.switches, &identifier)?;
    if name == caller.name {
        return Err(forbidden("nobody deletes themselves"));
    }
    user_edit::delete(&mut world.store, &name)?;
    Ok(done(Changes { users_deleted: [name].into(), ..Changes::default() }, Vec::new()))
}

/// The operation, if it is said.
pub(super) fn operation(ask: &mut Ask) -> Result<Option<Operation>, Failure> {
    ask.choice("operation")
}

/// What to note of an update that leaves its operation out.
pub(super) fn undecided() -> String {
    "the member operation is missing; the server decides".to_owned()
}
