//! `users/deactivate` and `users/activate`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::sandbox::failure::Failure;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::forbidden;
use crate::sandbox::thoughtspot::profile::AccountStatus;
use crate::sandbox::thoughtspot::v2::answer::{shown, user_updated};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::{invalid, missing};
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::show_user::UserRow;

/// Switches a user off and ends their sessions: 200 with a link by which they can come back.
pub(super) async fn deactivate(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let identifier = ask.required("user_identifier")?;
    let base = ask.required("base_url")?;
    let mut world = emulator.world();
    let name = resolve::user(&world.store, world.switches, &identifier)?;
    let (now, token) = (world.store.clock.tick(), world.store.issue_id());
    let user = world.store.users.get_mut(&name).ok_or_else(|| invalid("the user is gone"))?;
    if user.system {
        return Err(forbidden(format!("{name} is a system user and stays active")));
    }
    user.profile.status = AccountStatus::Inactive;
    user.profile.activation = Some(token.clone());
    user.modified = now;
    let link = format!("{}/#/activate?userId={}&authToken={token}", base.trim_end_matches('/'), user.id);
    world.sessions.end_of(&name);
    shown(&json!({ "activation_link": link }), user_updated(&name), ask.warnings())
}

/// Switches a user on, with the token of their link and a new password: 200 with the user.
pub(super) async fn activate(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let identifier = ask.required("user_identifier")?;
    let token = ask.required("auth_token")?;
    let password = Secret::new(ask.required("password")?);
    ask.pass_over(&["properties"]);
    let mut world = emulator.world();
    let name = resolve::user(&world.store, world.switches, &identifier)?;
    let now = world.store.clock.tick();
    let user = world.store.users.get_mut(&name).ok_or_else(|| invalid("the user is gone"))?;
    if user.profile.activation.take_if(|own| *own == token).is_none() {
        return Err(forbidden("the activation token is wrong"));
    }
    user.profile.status = AccountStatus::Active;
    user.password = Some(password);
    user.modified = now;
    let user = world.store.users.get(&name).ok_or_else(|| missing(world.switches.v2, "user", &name))?;
    let body = UserRow::of(&world, user).value(world.switches.v2)?;
    shown(&body, user_updated(&name), ask.warnings())
}
