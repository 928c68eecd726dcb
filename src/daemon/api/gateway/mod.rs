//! The calls of `ThoughtSpot`'s API v1 in front of any target: `/targets/NAME/callosum/v1/tspublic/v1/…` (vendor: "User
//! API", "Session API"). A list that a client brings becomes that of a source that is pushed, and the sync that reads it
//! runs under the guard as ever.
//!
//! Read [`sync`] first, then `adapt.rs` (what is made of the list), `arrays.rs` (the answer), `sessions.rs` and `login.rs`.
//!
//! Promises: a flag that is left out is false; a run that was refused, failed or did not end is an error, never an answer
//! with empty arrays; a rehearsal (`applyChanges` false) leaves nothing behind; of those who bring a list to one source
//! one goes after the other.

mod adapt;
mod arrays;
mod error;
mod login;
mod parts;
mod sessions;
mod sync;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::push::MOST;
use super::state::Shared;

pub(super) use login::{__path_info, __path_login, __path_logout};
pub(super) use sessions::Sessions;
pub(super) use sync::{__path_list, __path_sync};

/// What stands around the list in a body, in bytes.
const AROUND: usize = 64 * 1024;

pub(super) fn routes() -> Router<Shared> {
    let base = "/targets/{target}/callosum/v1/tspublic/v1";
    Router::new()
        .route(&format!("{base}/session/login"), post(login::login))
        .route(&format!("{base}/session/info"), get(login::info))
        .route(&format!("{base}/session/logout"), post(login::logout))
        .route(&format!("{base}/user/list"), get(sync::list))
        .route(&format!("{base}/user/sync"), post(sync::sync).layer(DefaultBodyLimit::max(MOST + AROUND)))
}
