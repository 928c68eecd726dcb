//! `session/login`, `session/logout` and `session/info`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json as reply;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::{COOKIE, Caller, Session};
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::unauthorised;
use crate::sandbox::thoughtspot::org::PRIMARY;
use crate::sandbox::thoughtspot::principal::ADMINISTRATOR;
use crate::sandbox::thoughtspot::profile::AccountStatus;

/// The exact name of the user who has this password and may sign in.
pub(super) fn vouch(world: &World, name: &str, password: &Secret) -> Option<String> {
    let user = world.store.find_user(name, world.switches.fold_users)?;
    let active = user.profile.status == AccountStatus::Active;
    (active && user.password.as_ref() == Some(password)).then(|| user.name.clone())
}

/// Opens a session by cookie: the header that hands it out.
pub(super) fn open(world: &mut World, user: String, org: u32) -> [(HeaderName, String); 1] {
    let opened = world.store.clock.now();
    let cookie = world.sessions.open_cookie(Session { user, org, opened, expires: None });
    [(header::SET_COOKIE, format!("{COOKIE}={cookie}; Path=/; HttpOnly"))]
}

/// Logs in: form members `username`, `password`, `rememberme`; 204 with a cookie, or 401.
pub(super) async fn login(
    State(emulator): State<Arc<ThoughtSpot>>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let wrong = || unauthorised("the credentials are wrong");
    let name = payload.text("username").ok_or_else(wrong)?;
    let password = Secret::new(payload.text("password").ok_or_else(wrong)?);
    let mut world = emulator.world();
    let user = vouch(&world, &name, &password).ok_or_else(wrong)?;
    Ok((StatusCode::NO_CONTENT, open(&mut world, user, PRIMARY)).into_response())
}

/// Ends the session: 204, or 401 without one.
pub(super) async fn logout(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> StatusCode {
    emulator.world().sessions.end(&caller.credential);
    StatusCode::NO_CONTENT
}

/// Who is logged in.
pub(super) async fn info(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> Result<Response, Failure> {
    let world = emulator.world();
    let user = world.store.users.get(&caller.session.user);
    let user = user.ok_or_else(|| unauthorised("the session has expired"))?;
    let administers = user.attributes.group_names.contains(ADMINISTRATOR);
    reply(&json!({
        "userName": user.name,
        "userGUID": user.id,
        "userEmail": user.attributes.mail,
        "userDisplayName": user.attributes.display_name,
        "isSystemUser": user.system,
        "privileges": if administers { vec!["ADMINISTRATION"] } else { Vec::new() },
        "locale": "en-US",
    }))
}
