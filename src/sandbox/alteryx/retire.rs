//! `POST users/{id}/deactivate`, `POST users/{id}/passwordReset` and `DELETE users/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::list::unknown;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::switches::Authentication;
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};

/// Deactivates a user, takes the user out of all groups and answers with their ids.
pub(super) async fn deactivate(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let user = world.store.user_mut(&id).ok_or_else(|| unknown(&id))?;
    user.is_active = false;
    let changes = Changes { users_updated: [user.email.clone()].into(), ..Changes::default() };
    let groups = world.store.strip(&id);
    let mut response = json(&groups)?;
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Sends a user an e-mail that leads to a new password: 200 without a body, 400 where the server keeps no passwords.
pub(super) async fn reset_password(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    if world.switches.authentication != Authentication::Builtin {
        return Err(Refusal::bad("Passwords can be reset only where built-in authentication is used."));
    }
    let user = world.store.user(&id).ok_or_else(|| unknown(&id))?;
    let changes = Changes { users_updated: [user.email.clone()].into(), ..Changes::default() };
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Deletes a user: 200 without a body, 400 while the user owns anything or is in a group.
pub(super) async fn delete(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let user = world.store.user(&id).ok_or_else(|| unknown(&id))?;
    if !user.assets.is_empty() {
        return Err(Refusal::bad("The user owns workflows, schedules or collections and cannot be deleted."));
    }
    if !user.groups.is_empty() {
        return Err(Refusal::bad("The user is in user groups and cannot be deleted."));
    }
    let gone = world.store.remove_user(&id).map(|user| user.email);
    let changes = Changes { users_deleted: gone.into_iter().collect(), ..Changes::default() };
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}
