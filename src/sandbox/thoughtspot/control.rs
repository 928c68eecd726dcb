//! The control endpoint that only this product has: its logical clock.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::put;

use crate::sandbox::control::{Complaint, read_body};
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;

/// `PUT clock`: the logical time, in milliseconds since 1970.
pub(super) fn control(emulator: Arc<ThoughtSpot>) -> Router {
    Router::new().route("/_sandbox/clock", put(put_clock)).with_state(emulator)
}

async fn put_clock(State(emulator): State<Arc<ThoughtSpot>>, body: Bytes) -> Result<StatusCode, Complaint> {
    emulator.set_clock(read_body(&body)?);
    Ok(StatusCode::NO_CONTENT)
}
