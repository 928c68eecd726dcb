//! `POST signin`: an e-mail address and a password for a pair of tokens.
//!
//! The form is that of a sibling product of the vendor (B2COPY, "Authorization in the Back Office"); the call of B2CORE
//! itself is not published.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::sandbox::b2core::emulator::{BackOffice, World};
use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::b2core::reply::answer;
use crate::sandbox::b2core::show::time;
use crate::sandbox::b2core::switches::Expiry;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;

/// 200 with tokens; 200 without them and `2faRequired: true` for a profile with two-factor authentication; 401 for
/// wrong credentials and disabled profiles; 403 after too many failures, also with the right password.
pub(super) async fn signin(
    State(emulator): State<Arc<BackOffice>>,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let wrong = || Refusal::new(StatusCode::UNAUTHORIZED, "The credentials are wrong.");
    let body = payload.json().unwrap_or_default();
    let email = body["email"].as_str().ok_or_else(wrong)?;
    let password = Secret::new(body["password"].as_str().ok_or_else(wrong)?);
    let mut world = emulator.world();
    let World { store, tokens, switches, .. } = &mut *world;
    let user = store.user_of(email).ok_or_else(wrong)?;
    if tokens.is_locked(user.id, switches.signin_attempts) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "Too many attempts. Signing in is locked for a while."));
    }
    if user.password.as_ref() != Some(&password) || !user.active {
        tokens.fail(user.id);
        return Err(wrong());
    }
    if user.tfa {
        return Ok(answer(StatusCode::OK, &json!({"2faRequired": true})));
    }
    let now = store.clock.now();
    let access = tokens.issue(user.id, now, switches.token_seconds);
    // Nothing is known that takes a refresh token: this one is good for nothing.
    let body = json!({
        "2faRequired": false,
        "accessToken": shown(&access, switches.expiry, now, switches.token_seconds),
        "refreshToken": shown("none", switches.expiry, now, switches.token_seconds),
    });
    Ok(answer(StatusCode::OK, &body))
}

fn shown(token: &str, expiry: Expiry, now: u64, seconds: u32) -> Value {
    let later = match expiry {
        Expiry::Absent => return json!({ "token": token }),
        Expiry::Equal => now,
        Expiry::Given => now + u64::from(seconds) * 1000,
    };
    json!({ "token": token, "createdAt": time(now), "expiresAt": time(later) })
}
