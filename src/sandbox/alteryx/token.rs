//! `oauth2/token`, and who is calling.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::Instant;

use crate::sandbox::alteryx::base64::decode;
use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::gate::SessionEnds;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::payload::{Encoding, Payload};
use crate::sandbox::secret::Secret;

/// Tokens that have not ended.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    open: HashMap<String, Instant>,
    issued: u64,
}

impl Tokens {
    fn issue(&mut self, seconds: u64) -> String {
        let now = Instant::now();
        self.open.retain(|_, end| *end > now);
        self.issued += 1;
        let token = guid(Space::Session, self.issued).replace('-', "");
        self.open.insert(token.clone(), now + Duration::from_secs(seconds));
        token
    }

    fn holds(&self, token: &str) -> bool {
        self.open.get(token).is_some_and(|end| *end > Instant::now())
    }

    /// Ends every token.
    pub(super) fn end_all(&mut self) {
        self.open.clear();
    }
}

/// The owner of a key with a valid token, who is a Curator with API access: the vendor's pages ask for both. Without a
/// token the request ends with 401, without the rights with 403.
#[derive(Debug)]
pub(super) struct Curator {
    /// The id of the owner.
    pub(super) id: String,
}

impl FromRequestParts<Arc<Alteryx>> for Curator {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<Alteryx>) -> Result<Self, Refusal> {
        let token = bearer(&head.headers).ok_or_else(Refusal::unauthorised)?;
        let mut world = emulator.world();
        if head.extensions.get::<SessionEnds>().is_some() {
            world.tokens.open.remove(token);
        }
        let owner = world.store.user(&world.owner).filter(|_| world.tokens.holds(token));
        let owner = owner.ok_or_else(Refusal::unauthorised)?;
        let role = world.store.effective_role(owner, world.switches.default_role);
        if role == Role::Curator && owner.is_active && owner.is_api_enabled {
            return Ok(Self { id: owner.id.clone() });
        }
        Err(Refusal::forbidden(format!("{} may not administer this server.", owner.email)))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Gives a token for a key and its secret, sent as HTTP Basic or as `client_id` and `client_secret` of the form; public
/// clients do either. `scope` is passed over. Refusals have the body of RFC 6749, section 5.2.
pub(super) async fn token(
    State(emulator): State<Arc<Alteryx>>,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Response {
    if payload.encoding != Encoding::Form {
        return oauth(400, "invalid_request", "the body must be a form");
    }
    if payload.text("grant_type").as_deref() != Some("client_credentials") {
        return oauth(400, "unsupported_grant_type", "only client_credentials is supported");
    }
    let mut world = emulator.world();
    let known = credentials(&headers, &payload).is_some_and(|(key, secret)| emulator.knows(&key, &secret));
    if !known || world.store.user(&world.owner).is_none() {
        return oauth(world.switches.bad_key_status, "invalid_client", "the key or its secret is wrong");
    }
    let seconds = world.switches.token_seconds;
    let token = world.tokens.issue(seconds);
    let mut body = json!({ "access_token": token, "token_type": "bearer" });
    if let Some(body) = body.as_object_mut().filter(|_| world.switches.send_expires_in) {
        body.insert("expires_in".to_owned(), seconds.into());
    }
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn credentials(headers: &HeaderMap, payload: &Payload) -> Option<(String, Secret)> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, letters) = value.to_str().ok()?.split_once(' ')?;
        let pair = String::from_utf8(decode(letters.trim())?).ok()?;
        let (key, secret) = pair.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        return Some((key.to_owned(), Secret::new(secret)));
    }
    let (key, secret) = (payload.text("client_id")?, payload.text("client_secret")?);
    Some((key.into_owned(), Secret::new(secret)))
}

fn oauth(status: u16, error: &str, description: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": error, "error_description": description }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
