//! `POST user/updatepassword` and `POST user/resetpassword`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::{bad_request, invalid, unauthorised};

/// Changes a password: form members `name`, `currentpassword` (of the caller, as public clients
/// use it; the vendor's table has its descriptions one row off) and `password`.
///
/// 204; 400 for an unknown user; 401 when the caller's password is wrong; 500 when the new
/// password is empty or equals the old one.
pub(super) async fn update(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let name = payload.text("name").ok_or_else(|| bad_request("name is missing"))?;
    let current = payload.text("currentpassword").map(Secret::new);
    let mut world = emulator.world();
    let own = world.store.users.get(&caller.name);
    if current.is_none() || current != own.and_then(|user| user.password.clone()) {
        return Err(unauthorised("the current password is wrong"));
    }
    let user = world.store.find_user(&name, world.switches.fold_users);
    let user = user.ok_or_else(|| bad_request(format!("there is no user {name}")))?;
    let name = user.name.clone();
    set(&mut world, name, &payload)
}

/// Sets a password: form members `userid`, `auth_token` and `password`.
///
/// 204; 401 without an `auth_token`, of which any is taken; 500 for an unknown user and for the
/// passwords that [`update`] refuses.
pub(super) async fn reset(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    if payload.text("auth_token").is_none_or(|token| token.is_empty()) {
        return Err(unauthorised("auth_token is missing"));
    }
    let id = payload.text("userid").unwrap_or_default();
    let mut world = emulator.world();
    let user = world.store.user_with_id(&id);
    let user = user.ok_or_else(|| invalid(format!("there is no user with the id {id}")))?;
    let name = user.name.clone();
    set(&mut world, name, &payload)
}

fn set(world: &mut World, name: String, payload: &Payload) -> Result<Response, Failure> {
    let password = payload.text("password").map(Secret::new).filter(|password| !password.is_empty());
    let password = password.ok_or_else(|| invalid("the new password is missing"))?;
    let old = world.store.users.get(&name).and_then(|user| user.password.as_ref());
    if old == Some(&password) {
        return Err(invalid("the new password equals the old password"));
    }
    let now = world.store.clock.tick();
    if let Some(user) = world.store.users.get_mut(&name) {
        user.password = Some(password);
        user.modified = now;
    }
    let changes = Changes { users_updated: [name].into(), ..Changes::default() };
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}
