use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::state::{Api, Readiness, Shared};
use super::{documents, gateway, health, hooks, layers, openapi, push, runs, syncs};
use crate::daemon::Desk;

/// Every route. `readiness` says why the daemon is not ready, besides its database.
pub fn router(desk: Arc<Desk>, readiness: Readiness) -> Router {
    let api: Shared = Arc::new(Api::new(desk, readiness));
    // These end soon; those that wait, or take long bodies, keep their own time.
    let brief = Router::new()
        .route("/livez", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(openapi::serve))
        .route("/hooks/{sync}", post(hooks::call))
        .route("/api/v1/syncs", get(syncs::list))
        .route("/api/v1/syncs/{sync}", get(syncs::one))
        .route("/api/v1/syncs/{sync}/runs", post(runs::start))
        .route("/api/v1/runs", get(runs::list))
        .route("/api/v1/runs/{run}", get(runs::one))
        .route("/api/v1/runs/{run}/plan", get(documents::plan))
        .route("/api/v1/runs/{run}/report", get(documents::report))
        .route("/api/v1/runs/{run}/approve", post(documents::approve))
        .route("/api/v1/runs/{run}/reject", post(documents::reject));
    let long = Router::new()
        .route("/api/v1/runs/{run}/events", get(runs::events))
        .route("/api/v1/sources/{source}/principals", post(push::principals))
        .merge(gateway::routes());
    layers::around(layers::brief(brief).merge(long)).with_state(api)
}
