//! Control endpoints of this product: state, switches, clock, reset.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use serde_json::json;

use crate::sandbox::control::{Complaint, read_body};
use crate::sandbox::gate::json as reply;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::seed::SeedError;
use crate::sandbox::thoughtspot::switches::Switches;

const INDEX: &str = "\
ThoughtSpot emulator, API v1 below ../callosum/v1/tspublic/v1/

GET    journal[?writes=true]  every request, or those that wrote
DELETE journal                empty it
GET    state                  principals, lost objects, clock
PUT    state                  JSON array of principals, added to the system ones
GET    switches               behaviour switches
PUT    switches               JSON object; what is left out takes its default
GET    faults                 faults still to come
POST   faults                 JSON array of faults, queued
DELETE faults                 forget them
PUT    clock                  logical time, in milliseconds since 1970
POST   reset                  back to the start
";

/// The routes under `/_sandbox/` that need the emulator.
pub(super) fn control(emulator: Arc<ThoughtSpot>) -> Router {
    Router::new()
        .route("/_sandbox", get(INDEX))
        .route("/_sandbox/", get(INDEX))
        .route("/_sandbox/state", get(show_state).put(put_state))
        .route("/_sandbox/switches", get(show_switches).put(put_switches))
        .route("/_sandbox/clock", put(put_clock))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/{*rest}", any((StatusCode::NOT_FOUND, INDEX)))
        .with_state(emulator)
}

fn complain(error: &SeedError) -> Complaint {
    (StatusCode::BAD_REQUEST, format!("{error}\n"))
}

async fn show_state(State(emulator): State<Arc<ThoughtSpot>>) -> Response {
    reply(&json!({
        "principals": emulator.principals(),
        "lostObjects": emulator.lost_objects(),
        "clock": emulator.clock(),
    }))
    .into_response()
}

async fn put_state(State(emulator): State<Arc<ThoughtSpot>>, body: Bytes) -> Result<StatusCode, Complaint> {
    let records: Vec<Record> = read_body(&body)?;
    emulator.seed(records).map_err(|error| complain(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show_switches(State(emulator): State<Arc<ThoughtSpot>>) -> Response {
    reply(&emulator.switches()).into_response()
}

async fn put_switches(State(emulator): State<Arc<ThoughtSpot>>, body: Bytes) -> Result<StatusCode, Complaint> {
    let switches: Switches = read_body(&body)?;
    emulator.set_switches(switches);
    Ok(StatusCode::NO_CONTENT)
}

async fn put_clock(State(emulator): State<Arc<ThoughtSpot>>, body: Bytes) -> Result<StatusCode, Complaint> {
    emulator.set_clock(read_body(&body)?);
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(State(emulator): State<Arc<ThoughtSpot>>) -> Result<StatusCode, Complaint> {
    emulator.reset().map_err(|error| complain(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
