//! Control endpoints that only this product has: what people and schedules do.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::sandbox::control::Complaint;
use crate::sandbox::curator::emulator::Curator;
use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;

/// Who, and what the sign-in tells of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    user: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    full_name: String,
}

/// `POST login?user=NAME[&email=…][&full_name=…]`, `POST token?user=NAME`, `POST scheduled-sync`,
/// `GET parameters`.
pub(super) fn control(curator: Arc<Curator>) -> Router {
    Router::new()
        .route("/_sandbox/login", post(log_in))
        .route("/_sandbox/token", post(issue_token))
        .route("/_sandbox/scheduled-sync", post(sync))
        .route("/_sandbox/parameters", get(show_parameters))
        .with_state(curator)
}

async fn log_in(State(curator): State<Arc<Curator>>, Query(person): Query<Person>) -> Result<StatusCode, Complaint> {
    let Person { user, email, full_name } = person;
    let told = curator.world().log_in(&user, &email, &full_name);
    told.map(|_| StatusCode::NO_CONTENT).map_err(|why| conflict(&why))
}

async fn issue_token(State(curator): State<Arc<Curator>>, Query(person): Query<Person>) -> Result<String, Complaint> {
    curator.world().issue_token(&person.user).map_err(|why| conflict(&why))
}

async fn sync(State(curator): State<Arc<Curator>>) -> StatusCode {
    curator.world().scheduled_sync();
    StatusCode::NO_CONTENT
}

async fn show_parameters(State(curator): State<Arc<Curator>>) -> Result<Response, Failure> {
    json(&curator.parameters_used())
}

fn conflict(why: &str) -> Complaint {
    (StatusCode::CONFLICT, format!("{why}\n"))
}
