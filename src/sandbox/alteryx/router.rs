//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};

use crate::sandbox::alteryx::address::{address, missing};
use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::{assets, create, directory_groups, groups, list, members, retire, token, update};

/// Everything below the prefix of the product. The address is put in order before the endpoint is looked for.
pub(super) fn router(emulator: &Arc<Alteryx>) -> Router {
    let endpoints = endpoints()
        .fallback(async |request: Request| missing(request.uri()))
        .method_not_allowed_fallback(async || {
            Refusal::numbered(405, "The requested resource does not support this http method.")
        })
        .with_state(Arc::clone(emulator));
    Router::new().fallback_service(endpoints).layer(from_fn_with_state(Arc::clone(emulator), address))
}

fn endpoints() -> Router<Arc<Alteryx>> {
    Router::new()
        .route("/oauth2/token", post(token::token))
        .route("/v3/users", get(list::users).post(create::user))
        .route("/v3/users/{id}", get(list::user).put(update::user).delete(retire::delete))
        .route("/v3/users/{id}/deactivate", post(retire::deactivate))
        .route("/v3/users/{id}/passwordReset", post(retire::reset_password))
        .route("/v3/users/{id}/assets", get(assets::show))
        .route("/v3/users/{id}/assetTransfer", put(assets::transfer))
        .route("/v3/usergroups", get(groups::list).post(groups::create))
        .route("/v3/usergroups/{id}", get(groups::show).put(groups::update).delete(groups::delete))
        .route("/v3/usergroups/{id}/users", post(members::add))
        .route("/v3/usergroups/{id}/users/{user}", delete(members::remove))
        .route("/v3/usergroups/{id}/activedirectorygroups", post(directory_groups::add))
        .route("/v3/usergroups/{id}/activedirectorygroups/{sid}", delete(directory_groups::remove))
}
