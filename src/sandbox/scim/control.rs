//! The control endpoint that only this product has: its token.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::put;

use crate::sandbox::control::{Complaint, read_body};
use crate::sandbox::scim::emulator::Scim;

/// `PUT token`: the bearer token that is let in, a JSON string.
pub(super) fn control(emulator: Arc<Scim>) -> Router {
    Router::new().route("/_sandbox/token", put(put_token)).with_state(emulator)
}

async fn put_token(State(emulator): State<Arc<Scim>>, body: Bytes) -> Result<StatusCode, Complaint> {
    emulator.set_token(read_body(&body)?);
    Ok(StatusCode::NO_CONTENT)
}
