//! `auth/token/full`, `auth/token/revoke`, `auth/token/validate`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::{Caller, Credential, Session};
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::unauthorised;
use crate::sandbox::thoughtspot::org::PRIMARY;
use crate::sandbox::thoughtspot::profile::AccountStatus;
use crate::sandbox::thoughtspot::session::vouch;
use crate::sandbox::thoughtspot::v2::answer::{shown, told};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::{invalid, no_org};
use crate::sandbox::thoughtspot::v2::operation::Listed;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::user_edit::{UserEdit, create};

/// How long a token lives unless it is said, in seconds (vendor's description).
const VALIDITY: i64 = 300;

/// A bearer token for a user with a password, or for any user with the secret key of the cluster: 200, or 401.
///
/// `org_id` counts and `org_identifier` does not (measured on live clusters); without either the token is for the org
/// of the last sign-in, or the primary one where the secret key vouches.
pub(super) async fn full(
    State(emulator): State<Arc<ThoughtSpot>>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let name = ask.required("username")?;
    let password = ask.secret("password")?;
    let key = ask.secret("secret_key")?;
    let validity = ask.number("validity_time_in_sec")?.unwrap_or(VALIDITY);
    let wanted = ask.number("org_id")?;
    let new = newcomer(&mut ask, &name)?;
    ask.pass_over(&["user_parameters"]);
    let mut world = emulator.world();
    let trusted = key.is_some();
    let (user, created) = if let Some(key) = key {
        trust(&mut world, emulator.secret_key(), &key, &name, new)?
    } else {
        let user = password.and_then(|password| vouch(&world, &name, &password));
        (user.ok_or_else(|| unauthorised("the credentials are wrong"))?, false)
    };
    let last = if trusted { PRIMARY } else { world.sessions.last_org(&user) };
    let org = wanted.map_or(Ok(last), |wanted| enter(&world, &user, &wanted.to_string()))?;
    let seconds = world.switches.v2.token_seconds.or_else(|| u64::try_from(validity).ok());
    let seconds = seconds.ok_or_else(|| invalid("validity_time_in_sec must not be negative"))?;
    let mut body = issue(&mut world, &user, org, seconds);
    body["scope"] = json!({ "access_type": "FULL", "org_id": org, "metadata_id": null });
    if created {
        let changes = Changes { users_added: [user].into(), ..Changes::default() };
        return shown(&body, changes, ask.warnings());
    }
    told(&body, ask.warnings())
}

/// A user to be made on the way, if `auto_create` asks for it.
fn newcomer(ask: &mut Ask, name: &str) -> Result<Option<UserEdit>, Failure> {
    let wanted = ask.flag("auto_create")?.unwrap_or(false);
    let edit = UserEdit {
        name: Some(name.to_owned()),
        display_name: ask.text("display_name")?,
        email: ask.text("email")?,
        groups: Listed::of(ask.texts("group_identifiers")?),
        ..UserEdit::default()
    };
    Ok(wanted.then_some(edit))
}

/// Whoever the secret key vouches for, and whether they are new.
fn trust(
    world: &mut World,
    known: Option<&Secret>,
    key: &Secret,
    name: &str,
    new: Option<UserEdit>,
) -> Result<(String, bool), Failure> {
    if known != Some(key) {
        return Err(unauthorised("the secret key is wrong"));
    }
    let found = resolve::find_user(&world.store, world.switches, name);
    if let Some(user) = found {
        let active = user.profile.status == AccountStatus::Active;
        let user = active.then(|| user.name.clone());
        return Ok((user.ok_or_else(|| unauthorised("the user is not active"))?, false));
    }
    let edit = new.ok_or_else(|| unauthorised("the credentials are wrong"))?;
    let switches = world.switches;
    Ok((create(&mut world.store, switches, PRIMARY, edit)?, true))
}

/// The org a user may enter: one they belong to, or any for an administrator of the primary one.
pub(super) fn enter(world: &World, user: &str, identifier: &str) -> Result<u32, Failure> {
    let org = resolve::org(&world.store, identifier)?;
    let user = world.store.users.get(user);
    let member = user
        .is_some_and(|user| user.profile.orgs.contains(&org) || user.attributes.group_names.contains("Administrator"));
    if member { Ok(org) } else { Err(no_org(identifier)) }
}

/// Opens a session by token: the answer without its scope.
pub(super) fn issue(world: &mut World, user: &str, org: u32, seconds: u64) -> Value {
    let opened = world.store.clock.now();
    let expires = opened.saturating_add(seconds.saturating_mul(1_000));
    let id = world.store.users.get(user).map(|user| user.id.clone());
    let session = Session { user: user.to_owned(), org, opened, expires: Some(expires) };
    json!({
        "token": world.sessions.open_token(session),
        "creation_time_in_millis": opened,
        "expiration_time_in_millis": expires,
        "valid_for_user_id": id,
        "valid_for_username": user,
    })
}

/// Ends tokens: the one named, those of the user named, or the caller's own. 204.
pub(super) async fn revoke(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Caller,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read_if_any(&payload)?;
    let mut world = emulator.world();
    let token = ask.text("token")?;
    match ask.text("user_identifier")? {
        None => world.sessions.end(&token.map_or(caller.credential, Credential::Bearer)),
        Some(identifier) => {
            let user = resolve::user(&world.store, world.switches, &identifier)?;
            world.sessions.end_of(&user);
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What a token stands for: 200, or 401 for one that stands for nothing.
pub(super) async fn validate(
    State(emulator): State<Arc<ThoughtSpot>>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let token = Ask::read(&payload)?.required("token")?;
    let world = emulator.world();
    let now = world.store.clock.now();
    let session = world.sessions.find(&Credential::Bearer(token));
    let session = session.filter(|session| session.expires.is_some_and(|moment| moment > now));
    let session = session.ok_or_else(|| unauthorised("the token is not valid"))?;
    let user = world.store.users.get(&session.user).map(|user| user.id.clone());
    told(
        &json!({
            "creation_time_in_millis": session.opened,
            "expiration_time_in_millis": session.expires,
            "scope": { "access_type": "FULL", "org_id": session.org, "metadata_id": null },
            "valid_for_user_id": user,
            "token_type": "FULL",
        }),
        Vec::new(),
    )
}
