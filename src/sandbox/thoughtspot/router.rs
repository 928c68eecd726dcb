//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::emulator::{BASE, ThoughtSpot};
use crate::sandbox::thoughtspot::requested_by::requested_by;
use crate::sandbox::thoughtspot::{accounts, header_list, list, password, session, sync, transfer, v2};

/// Everything below the prefix of the product.
pub(super) fn router(emulator: &Arc<ThoughtSpot>) -> Router {
    let v1 = Router::new()
        .nest(BASE, endpoints())
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, 10_002, "there is no such endpoint"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, 10_002, "the endpoint does not take this method")
        })
        .layer(from_fn_with_state(Arc::clone(emulator), requested_by))
        .with_state(Arc::clone(emulator));
    v1.merge(v2::router(emulator))
}

fn endpoints() -> Router<Arc<ThoughtSpot>> {
    Router::new()
        .route("/session/login", post(session::login))
        .route("/session/logout", post(session::logout))
        .route("/session/info", get(session::info))
        .route("/user", get(accounts::show))
        .route("/user/", get(accounts::show))
        .route("/user/{guid}", delete(accounts::delete))
        .route("/user/list", get(list::list))
        .route("/user/sync", post(sync::sync))
        .route("/user/transfer/ownership", post(transfer::transfer))
        .route("/user/updatepassword", post(password::update))
        .route("/user/resetpassword", post(password::reset))
        .route("/metadata/listobjectheaders", get(header_list::list))
}
