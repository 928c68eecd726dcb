//! Which path leads where.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use crate::sandbox::curator::emulator::Curator;
use crate::sandbox::curator::endpoints::answer;
use crate::sandbox::curator::request::Asked;
use crate::sandbox::failure::Failure;
use crate::sandbox::payload::Payload;

/// Everything below the prefix of the product: the API, and the two pages that a browser without a session meets.
pub(super) fn router(curator: Arc<Curator>) -> Router {
    Router::new()
        .route("/api/v1/{section}/{endpoint}", get(endpoint).post(endpoint))
        .route("/fetchUser", get(async || (StatusCode::FOUND, [(LOCATION, "login")])))
        .route("/login", get(async || Html("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n")))
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, 404, "there is no such path"))
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, 405, "the path does not take this method")
        })
        .with_state(curator)
}

async fn endpoint(
    State(curator): State<Arc<Curator>>,
    Path((section, endpoint)): Path<(String, String)>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    uri: Uri,
    method: Method,
    Extension(payload): Extension<Arc<Payload>>,
) -> Response {
    let Ok(Query(query)) = query else {
        return Failure::new(StatusCode::BAD_REQUEST, 400, "the query is not readable").into_response();
    };
    let query: BTreeMap<String, String> = query.into_iter().collect();
    let address = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let asked = Asked { section, endpoint, is_get: method == Method::GET, address, query, payload };
    let mut world = curator.world();
    answer(&mut world, curator.key(), &asked)
}
