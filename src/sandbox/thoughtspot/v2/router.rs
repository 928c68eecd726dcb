//! Which path leads where. Everything is a POST, deletes too, except for a few GETs (vendor's description).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::emulator::{BASE_V2, ThoughtSpot};
use crate::sandbox::thoughtspot::v2::{
    assign, group_import, group_search, groups, passwords, sessions, status, system, tokens, user_import, user_search,
    users,
};

/// Everything below the base of API v2.
pub(in super::super) fn router(emulator: &Arc<ThoughtSpot>) -> Router {
    Router::new()
        .nest(BASE_V2, endpoints())
        .layer(from_fn_with_state(Arc::clone(emulator), pass_time))
        .with_state(Arc::clone(emulator))
}

/// Each request takes as long as the switch says.
async fn pass_time(State(emulator): State<Arc<ThoughtSpot>>, request: Request, next: Next) -> Response {
    let step = emulator.switches().v2.seconds_per_call.saturating_mul(1_000);
    emulator.set_clock(emulator.clock().saturating_add(step));
    next.run(request).await
}

fn endpoints() -> Router<Arc<ThoughtSpot>> {
    Router::new()
        .route("/auth/token/full", post(tokens::full))
        .route("/auth/token/revoke", post(tokens::revoke))
        .route("/auth/token/validate", post(tokens::validate))
        .route("/auth/session/login", post(sessions::login))
        .route("/auth/session/logout", post(sessions::logout))
        .route("/auth/session/user", get(sessions::user))
        .route("/auth/session/token", get(sessions::token))
        .route("/system", get(system::show))
        .route("/orgs/search", post(system::orgs))
        .route("/users/search", post(user_search::search))
        .route("/users/create", post(users::create))
        .route("/users/import", post(user_import::import))
        .route("/users/{user}/update", post(users::update))
        .route("/users/{user}/delete", post(users::delete))
        .route("/users/reset-password", post(passwords::reset))
        .route("/users/change-password", post(passwords::change))
        .route("/users/deactivate", post(status::deactivate))
        .route("/users/activate", post(status::activate))
        .route("/users/force-logout", post(sessions::force_logout))
        .route("/groups/search", post(group_search::search))
        .route("/groups/create", post(groups::create))
        .route("/groups/import", post(group_import::import))
        .route("/groups/{group}/update", post(groups::update))
        .route("/groups/{group}/delete", post(groups::delete))
        .route("/security/metadata/assign", post(assign::assign))
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, 10_002, "there is no such endpoint"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, 10_002, "the endpoint does not take this method")
        })
}
