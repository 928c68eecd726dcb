//! Control endpoints that are the same for every product: journal and faults.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::sandbox::faults::Fault;
use crate::sandbox::gate::{Gate, json};

/// What a control endpoint says about a body it cannot use.
pub(crate) type Complaint = (StatusCode, String);

/// The routes under `/_sandbox/` that need nothing but the gate.
pub(crate) fn control(gate: Arc<Gate>) -> Router {
    Router::new()
        .route("/_sandbox/journal", get(show_journal).delete(clear_journal))
        .route("/_sandbox/faults", get(show_faults).post(queue_faults).delete(clear_faults))
        .with_state(gate)
}

/// Reads a JSON body whatever its content type, so that a plain `curl --data` works.
///
/// # Errors
/// 400 with the place of the mistake.
pub(crate) fn read_body<T: DeserializeOwned>(body: &Bytes) -> Result<T, Complaint> {
    serde_json::from_slice(body)
        .map_err(|error| (StatusCode::BAD_REQUEST, format!("the body is not usable: {error}\n")))
}

#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(default)]
    writes: bool,
}

async fn show_journal(State(gate): State<Arc<Gate>>, Query(filter): Query<Filter>) -> Response {
    let entries = if filter.writes { gate.writes() } else { gate.journal() };
    json(&entries).into_response()
}

async fn clear_journal(State(gate): State<Arc<Gate>>) -> StatusCode {
    gate.clear_journal();
    StatusCode::NO_CONTENT
}

async fn show_faults(State(gate): State<Arc<Gate>>) -> Response {
    json(&gate.pending_faults()).into_response()
}

async fn queue_faults(State(gate): State<Arc<Gate>>, body: Bytes) -> Result<StatusCode, Complaint> {
    for fault in read_body::<Vec<Fault>>(&body)? {
        gate.inject(fault);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(gate): State<Arc<Gate>>) -> StatusCode {
    gate.clear_faults();
    StatusCode::NO_CONTENT
}
