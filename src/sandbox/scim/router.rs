//! Which path leads where.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Extension, Router};

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::create::create;
use crate::sandbox::scim::delete::delete;
use crate::sandbox::scim::discovery;
use crate::sandbox::scim::emulator::{BASE, Scim};
use crate::sandbox::scim::error::{PLAIN, not_allowed};
use crate::sandbox::scim::list::list;
use crate::sandbox::scim::manners::manners;
use crate::sandbox::scim::replace::replace;
use crate::sandbox::scim::show::show;
use crate::sandbox::scim::update::update;

/// Everything below the prefix of the product.
pub(super) fn router(emulator: &Arc<Scim>) -> Router {
    let discovery = Router::new()
        .route("/ServiceProviderConfig", get(discovery::service))
        .route("/ResourceTypes", get(discovery::types))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{urn}", get(discovery::schema));
    let endpoints = discovery.nest("/Users", resources(Kind::User)).nest("/Groups", resources(Kind::Group));
    Router::new()
        .nest(BASE, endpoints)
        .fallback(async || Failure::new(StatusCode::NOT_FOUND, PLAIN, "there is no such endpoint"))
        .method_not_allowed_fallback(async || not_allowed())
        .layer(from_fn_with_state(Arc::clone(emulator), manners))
        .with_state(Arc::clone(emulator))
}

fn resources(kind: Kind) -> Router<Arc<Scim>> {
    Router::new()
        .route("/", get(list).post(create))
        .route("/{id}", get(show).put(replace).patch(update).delete(delete))
        .layer(Extension(kind))
}
