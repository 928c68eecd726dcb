//! `auth/session/login`, `logout`, `user`, `token`, and `users/force-logout`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::{Administrator, Caller, Credential};
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::unauthorised;
use crate::sandbox::thoughtspot::session::{open, vouch};
use crate::sandbox::thoughtspot::v2::answer::done;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::show_user::UserRow;
use crate::sandbox::thoughtspot::v2::tokens::{enter, issue};

/// How long a token of `auth/session/token` lives, in seconds (vendor's description: 24 hours).
const DAY: u64 = 86_400;

/// Opens a session by cookie, for a password or for a bearer token: 204, or 401.
pub(super) async fn login(
    State(emulator): State<Arc<ThoughtSpot>>,
    Extension(payload): Extension<Arc<Payload>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let name = ask.text("username")?;
    let password = ask.secret("password")?;
    let wanted = ask.text("org_identifier")?;
    ask.flag("remember_me")?;
    let mut world = emulator.world();
    let user = if let Some((name, password)) = name.zip(password) {
        vouch(&world, &name, &password)
    } else {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let session = bearer.and_then(|token| world.sessions.find(&Credential::Bearer(token.to_owned())));
        session.map(|session| session.user.clone())
    };
    let user = user.ok_or_else(|| unauthorised("the credentials are wrong"))?;
    let last = world.sessions.last_org(&user);
    let org = wanted.map_or(Ok(last), |wanted| enter(&world, &user, &wanted))?;
    Ok((StatusCode::NO_CONTENT, open(&mut world, user, org)).into_response())
}

/// Ends the session: 204.
pub(super) async fn logout(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> StatusCode {
    emulator.world().sessions.end(&caller.credential);
    StatusCode::NO_CONTENT
}

/// Who is signed in, with the org the session is in.
pub(super) async fn user(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> Result<Response, Failure> {
    let world = emulator.world();
    let user = world.store.users.get(&caller.session.user);
    let user = user.ok_or_else(|| unauthorised("the session has expired"))?;
    let mut row = UserRow::of(&world, user);
    row.current_org = UserRow::org(&world, caller.session.org);
    json(&row.value(world.switches.v2)?)
}

/// A bearer token for a day.
pub(super) async fn token(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> Result<Response, Failure> {
    let mut world = emulator.world();
    json(&issue(&mut world, &caller.session.user, caller.session.org, DAY))
}

/// Ends the sessions of the users named; of everybody when none is. 204.
pub(super) async fn force_logout(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let identifiers = ask.texts("user_identifiers")?;
    let mut world = emulator.world();
    match identifiers {
        None => world.sessions.end_all(),
        Some(identifiers) => {
            for user in resolve::users(&world.store, world.switches, &identifiers)? {
                world.sessions.end_of(&user);
            }
        }
    }
    Ok(done(Changes::default(), ask.warnings()))
}
