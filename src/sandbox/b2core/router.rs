//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};

use crate::sandbox::b2core::emulator::{BASE, BackOffice};
use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::b2core::{groups, signin, users};

/// Everything below the prefix of the product.
pub(super) fn router(emulator: &Arc<BackOffice>) -> Router {
    Router::new()
        .nest(BASE, endpoints())
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed."))
        .with_state(Arc::clone(emulator))
}

fn endpoints() -> Router<Arc<BackOffice>> {
    Router::new()
        .route("/signin", post(signin::signin))
        .route("/users", get(users::list).post(users::create))
        .route("/users/{id}", get(users::one).put(users::change).patch(users::change).delete(users::delete))
        .route("/groups", get(groups::list).post(groups::create))
        .route("/groups/{id}", get(groups::one).put(groups::change).patch(groups::change).delete(groups::delete))
}
