//! Signing in: the user is the name of a token, the password the token.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::auth::{Caller, caller, is_local, local, of, owner, peer, unknown};
use super::super::body::{PATIENCE, USUAL, read};
use super::super::problem::Problem;
use super::super::state::{Api, Shared};
use super::error::Refusal;
use super::sessions::cookie;
use crate::config::{Role, Settings};
use crate::principal::shown;

/// Whoever calls at a target that has a gateway: signed in, or with a token.
#[derive(Clone)]
pub(super) struct Guest {
    pub(super) caller: Caller,
    pub(super) target: String,
    /// The sync that the gateway runs.
    pub(super) sync: String,
    pub(super) settings: Arc<Settings>,
}

impl FromRequestParts<Shared> for Guest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Refusal> {
        let target = target(parts, api).await?;
        let settings = api.desk.settings();
        let caller = api.guest(&parts.headers, &target, &settings, peer(parts))?;
        let sync = settings.targets.get(&target).and_then(|target| target.gateway.clone());
        let sync = sync.ok_or_else(|| nowhere(&target))?;
        Ok(Self { caller, target, sync, settings })
    }
}

async fn target(parts: &mut Parts, api: &Shared) -> Result<String, Refusal> {
    let path = Path::<String>::from_request_parts(parts, api).await;
    path.map(|Path(target)| target).map_err(|_| nowhere(""))
}

fn nowhere(target: &str) -> Refusal {
    let line = format!("no target `{}` has a `gateway` in the configuration of rollcall", shown(target, 64));
    Refusal::new(StatusCode::NOT_FOUND, line)
}

impl Api {
    fn guest(
        &self,
        headers: &HeaderMap,
        target: &str,
        settings: &Settings,
        from: Option<IpAddr>,
    ) -> Result<Caller, Problem> {
        let server = &settings.server;
        if headers.contains_key(header::AUTHORIZATION) && !server.tokens.is_empty() {
            return caller(headers, from, server).map_err(|problem| self.refused(problem, from));
        }
        if server.tokens.is_empty() {
            is_local(headers, from)?;
        }
        let session = self.sessions.find(headers, target, Instant::now());
        // A session that has ended is no sign of somebody who guesses.
        let session = session.ok_or_else(|| unknown("sign in first: session/login"))?;
        let known = match session.token {
            None => server.tokens.is_empty().then(local),
            // A token that is no longer in the configuration ends its sessions.
            Some(hash) => server.tokens.iter().find(|token| token.hash == hash).map(of),
        };
        known.ok_or_else(|| unknown("sign in again: the token is no longer known"))
    }
}

#[derive(Default)]
struct Credentials {
    username: String,
    password: SecretString,
}

/// Sign in as a client of `ThoughtSpot` does: the name of a token, and the token.
#[utoipa::path(post, path = "/targets/{target}/callosum/v1/tspublic/v1/session/login", tag = "gateway",
    params(("target" = String, Path)), responses((status = 204), (status = 401), (status = 429)), security(()))]
pub(in crate::daemon::api) async fn login(
    State(api): State<Shared>,
    target: Result<Path<String>, PathRejection>,
    parts: Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let Path(target) = target.map_err(|_| nowhere(""))?;
    let settings = api.desk.settings();
    let bytes = read(body, USUAL, PATIENCE).await?;
    let known =
        sign_in(&parts, &credentials(&bytes), &settings).map_err(|problem| api.refused(problem, peer(&parts)))?;
    if settings.targets.get(&target).is_none_or(|target| target.gateway.is_none()) {
        return Err(nowhere(&target));
    }
    let id = api.sessions.begin(&target, known, Instant::now());
    let id = id.ok_or_else(|| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "no session could be made"))?;
    let cookie = cookie(&id, &target, settings.server.tls.is_some());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// The members of a form that count; what is not understood is nothing.
fn credentials(bytes: &[u8]) -> Credentials {
    let mut found = Credentials::default();
    let text = String::from_utf8_lossy(bytes);
    let Ok(url) = reqwest::Url::parse(&format!("http://form/?{text}")) else { return found };
    for (name, value) in url.query_pairs() {
        match &*name {
            "username" => found.username = value.into_owned(),
            "password" => found.password = value.into_owned().into(),
            _ => {}
        }
    }
    found
}

/// The hash of the token that somebody signs in with; none where there are no tokens.
fn sign_in(parts: &Parts, credentials: &Credentials, settings: &Settings) -> Result<Option<[u8; 32]>, Problem> {
    let tokens = &settings.server.tokens;
    if tokens.is_empty() {
        return is_local(&parts.headers, peer(parts)).map(|()| None);
    }
    let Credentials { username, password } = credentials;
    let token = owner(password.expose_secret(), tokens).filter(|token| token.name == *username);
    token.map(|token| Some(token.hash)).ok_or_else(|| {
        unknown("the user is the name of a token of rollcall, the password is the token: one of them is wrong")
    })
}

/// Who is signed in.
#[utoipa::path(get, path = "/targets/{target}/callosum/v1/tspublic/v1/session/info", tag = "gateway",
    params(("target" = String, Path)), responses((status = 200), (status = 401)))]
pub(in crate::daemon::api) async fn info(guest: Guest) -> impl IntoResponse {
    let Caller { name, role } = guest.caller;
    let privileges: &[&str] = if role == Role::Operator { &["ADMINISTRATION"] } else { &[] };
    // Always the same for a name: clients compare them.
    let id = Uuid::from_slice(&Sha256::digest(name.as_bytes())[..16]).unwrap_or_default();
    Json(json!({
        "userName": name, "userDisplayName": name, "userGUID": id.to_string(), "userEmail": "",
        "privileges": privileges, "isSystemUser": false,
    }))
}

/// Sign out.
#[utoipa::path(post, path = "/targets/{target}/callosum/v1/tspublic/v1/session/logout", tag = "gateway",
    params(("target" = String, Path)), responses((status = 204)), security(()))]
pub(in crate::daemon::api) async fn logout(State(api): State<Shared>, headers: HeaderMap) -> StatusCode {
    api.sessions.end(&headers);
    StatusCode::NO_CONTENT
}
