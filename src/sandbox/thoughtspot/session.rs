//! `session/login`, `session/logout`, `session/info`, and who is calling.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::{SessionEnds, json as reply};
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::{forbidden, unauthorised};
use crate::sandbox::thoughtspot::principal::ADMINISTRATOR;

const COOKIE: &str = "JSESSIONID";

/// Open sessions: cookie value to exact user name.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    open: HashMap<String, String>,
    opened: u64,
}

impl Sessions {
    fn open(&mut self, user: &str) -> String {
        self.opened += 1;
        let session = guid(Space::Session, self.opened);
        self.open.insert(session.clone(), user.to_owned());
        session
    }

    /// Ends every session.
    pub(super) fn end_all(&mut self) {
        self.open.clear();
    }
}

/// A caller with a valid session. Without one the request ends with 401.
#[derive(Debug)]
pub(super) struct Caller {
    /// The exact user name.
    pub(super) name: String,
    session: String,
}

impl FromRequestParts<Arc<ThoughtSpot>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<ThoughtSpot>) -> Result<Self, Failure> {
        let session = cookie(&head.headers).ok_or_else(|| unauthorised("no session"))?;
        let mut world = emulator.world();
        if head.extensions.get::<SessionEnds>().is_some() {
            world.sessions.open.remove(session);
        }
        let name = world.sessions.open.get(session).filter(|name| world.store.users.contains_key(*name));
        let name = name.ok_or_else(|| unauthorised("the session has expired"))?;
        Ok(Self { name: name.clone(), session: session.to_owned() })
    }
}

/// A caller who is a direct member of the group `Administrator`; others get 403.
#[derive(Debug)]
pub(super) struct Administrator {
    /// The exact user name.
    pub(super) name: String,
}

impl FromRequestParts<Arc<ThoughtSpot>> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<ThoughtSpot>) -> Result<Self, Failure> {
        let Caller { name, .. } = Caller::from_request_parts(head, emulator).await?;
        let world = emulator.world();
        let user = world.store.users.get(&name);
        if user.is_some_and(|user| user.attributes.group_names.contains(ADMINISTRATOR)) {
            return Ok(Self { name });
        }
        Err(forbidden(format!("{name} lacks the privilege ADMINISTRATION")))
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
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
    let World { store, sessions, switches } = &mut *world;
    let user = store.find_user(&name, switches.fold_users).ok_or_else(wrong)?;
    if user.password.as_ref() != Some(&password) {
        return Err(wrong());
    }
    let session = sessions.open(&user.name);
    let headers: [(HeaderName, String); 1] = [(header::SET_COOKIE, format!("{COOKIE}={session}; Path=/; HttpOnly"))];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Ends the session: 204, or 401 without one.
pub(super) async fn logout(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> StatusCode {
    emulator.world().sessions.open.remove(&caller.session);
    StatusCode::NO_CONTENT
}

/// Who is logged in.
pub(super) async fn info(State(emulator): State<Arc<ThoughtSpot>>, caller: Caller) -> Result<Response, Failure> {
    let world = emulator.world();
    let user = world.store.users.get(&caller.name);
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
