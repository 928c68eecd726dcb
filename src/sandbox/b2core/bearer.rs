//! Bearer tokens, and who is calling.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::sandbox::b2core::emulator::BackOffice;
use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::gate::SessionEnds;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::secret::Secret;

/// The group whose members may call what is emulated here: which permissions another group would need is not
/// published.
const ADMINISTRATORS_ID: u64 = 1;

/// Tokens that are good.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    open: Vec<Token>,
    issued: u64,
    /// Failures to sign in since the last success, by user.
    failures: HashMap<u64, u32>,
}

#[derive(Debug)]
struct Token {
    text: Secret,
    user: u64,
    /// When it stops being good by itself.
    ends: Option<Instant>,
}

impl Tokens {
    /// Takes a token that is good until a fault ends it.
    pub(super) fn trust(&mut self, token: &Secret, user: u64) {
        self.open.push(Token { text: token.clone(), user, ends: None });
    }

    /// How many were given to people who signed in.
    pub(super) const fn issued(&self) -> u64 {
        self.issued
    }

    /// Gives a token to a user who signed in at `now`, in milliseconds since 1970.
    pub(super) fn issue(&mut self, user: u64, now: u64, seconds: u32) -> String {
        self.issued += 1;
        self.failures.remove(&user);
        let iat = now / 1000;
        let claims = json!({
            "sub": user.to_string(), "iat": iat, "exp": iat + u64::from(seconds), "jti": guid(Space::Session, self.issued),
        });
        let text = jwt(&claims);
        let ends = Instant::now() + Duration::from_secs(seconds.into());
        self.open.push(Token { text: Secret::new(text.clone()), user, ends: Some(ends) });
        text
    }

    /// Counts a failure to sign in.
    pub(super) fn fail(&mut self, user: u64) {
        *self.failures.entry(user).or_default() += 1;
    }

    /// Whether a user failed too often.
    pub(super) fn is_locked(&self, user: u64, attempts: u32) -> bool {
        self.failures.get(&user).is_some_and(|failures| *failures >= attempts)
    }

    fn end(&mut self, token: &Secret) {
        self.open.retain(|open| open.text != *token);
    }

    fn holder(&mut self, token: &Secret) -> Option<u64> {
        let now = Instant::now();
        self.open.retain(|open| open.ends.is_none_or(|ends| ends > now));
        self.open.iter().find(|open| open.text == *token).map(|open| open.user)
    }
}

/// An active user with a good token who may manage users: 401 without a token, 403 outside `Administrators`.
#[derive(Debug)]
pub(super) struct Caller;

impl FromRequestParts<Arc<BackOffice>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, emulator: &Arc<BackOffice>) -> Result<Self, Refusal> {
        let unauthorised = || Refusal::new(StatusCode::UNAUTHORIZED, "Unauthenticated.");
        let token = bearer(&head.headers).ok_or_else(unauthorised)?;
        let mut world = emulator.world();
        if head.extensions.get::<SessionEnds>().is_some() {
            world.tokens.end(&token);
        }
        let holder = world.tokens.holder(&token).ok_or_else(unauthorised)?;
        let user = world.store.user(holder).filter(|user| user.active).ok_or_else(unauthorised)?;
        if user.groups.contains(&ADMINISTRATORS_ID) {
            return Ok(Self);
        }
        Err(Refusal::new(StatusCode::FORBIDDEN, "This action is unauthorized."))
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

/// In the form of a JWT signed by RS256. Nobody but this server reads the signature, so there is none behind it.
fn jwt(claims: &Value) -> String {
    let header = json!({"typ": "JWT", "alg": "RS256"});
    let parts = [header.to_string(), claims.to_string(), "unsigned".to_owned()];
    parts.map(|part| base64url(part.as_bytes())).join(".")
}

/// Base 64 for addresses, without padding (RFC 4648, section 5).
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(word >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}
