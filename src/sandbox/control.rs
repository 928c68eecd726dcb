//! Control endpoints, the same for every product: state, switches, faults, journal.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sandbox::faults::Fault;
use crate::sandbox::gate::json;
use crate::sandbox::product::Product;

/// What a control endpoint says about a body it cannot use.
pub(crate) type Complaint = (StatusCode, String);

const INDEX: &str = "
GET    journal[?writes=true]  every request, or those that wrote
DELETE journal                empty it
GET    state                  what it keeps
PUT    state                  what it is to keep, besides what every installation has
GET    switches               behaviour switches
PUT    switches               JSON object; what is left out takes its default
GET    faults                 faults still to come
POST   faults                 JSON array of faults, queued
DELETE faults                 forget them
POST   reset                  back to the start
";

/// The routes under `/_sandbox/`. They stand outside the gate: they are neither journaled nor disturbed.
pub(crate) fn control(title: &str, product: &Arc<dyn Product>) -> Router {
    let index = format!("{title}, emulated\n{INDEX}");
    let (here, there, lost) = (index.clone(), index.clone(), index);
    Router::new()
        .route("/_sandbox", get(async move || here))
        .route("/_sandbox/", get(async move || there))
        .route("/_sandbox/journal", get(show_journal).delete(clear_journal))
        .route("/_sandbox/faults", get(show_faults).post(queue_faults).delete(clear_faults))
        .route("/_sandbox/state", get(show_state).put(put_state))
        .route("/_sandbox/switches", get(show_switches).put(put_switches))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/{*rest}", any(async move || (StatusCode::NOT_FOUND, lost)))
        .with_state(Arc::clone(product))
        .merge(Arc::clone(product).controls())
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

async fn show_journal(State(product): State<Arc<dyn Product>>, Query(filter): Query<Filter>) -> Response {
    let entries = if filter.writes { product.writes() } else { product.journal() };
    json(&entries).into_response()
}

async fn clear_journal(State(product): State<Arc<dyn Product>>) -> StatusCode {
    product.clear_journal();
    StatusCode::NO_CONTENT
}

async fn show_faults(State(product): State<Arc<dyn Product>>) -> Response {
    json(&product.pending_faults()).into_response()
}

async fn queue_faults(State(product): State<Arc<dyn Product>>, body: Bytes) -> Result<StatusCode, Complaint> {
    for fault in read_body::<Vec<Fault>>(&body)? {
        product.inject(fault);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(product): State<Arc<dyn Product>>) -> StatusCode {
    product.gate().clear_faults();
    StatusCode::NO_CONTENT
}

async fn show_state(State(product): State<Arc<dyn Product>>) -> Response {
    json(&product.state()).into_response()
}

async fn put_state(State(product): State<Arc<dyn Product>>, body: Bytes) -> Result<StatusCode, Complaint> {
    settled(product.put_state(read_body::<Value>(&body)?))
}

async fn show_switches(State(product): State<Arc<dyn Product>>) -> Response {
    json(&product.switches()).into_response()
}

async fn put_switches(State(product): State<Arc<dyn Product>>, body: Bytes) -> Result<StatusCode, Complaint> {
    settled(product.put_switches(read_body::<Value>(&body)?))
}

async fn reset(State(product): State<Arc<dyn Product>>) -> StatusCode {
    product.reset();
    StatusCode::NO_CONTENT
}

fn settled(told: Result<(), String>) -> Result<StatusCode, Complaint> {
    told.map(|()| StatusCode::NO_CONTENT).map_err(|why| (StatusCode::BAD_REQUEST, format!("{why}\n")))
}
