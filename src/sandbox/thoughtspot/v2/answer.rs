//! Answers of writes, with what the journal should know.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};

/// 204 for a write.
pub(super) fn done(changes: Changes, warnings: Vec<String>) -> Response {
    noted(StatusCode::NO_CONTENT.into_response(), Effect { write: true, changes, warnings })
}

/// 200 with a body for a write.
pub(super) fn shown(body: &Value, changes: Changes, warnings: Vec<String>) -> Result<Response, Failure> {
    Ok(noted(json(body)?, Effect { write: true, changes, warnings }))
}

/// 200 with a body for something that changed nothing.
pub(super) fn told(body: &Value, warnings: Vec<String>) -> Result<Response, Failure> {
    Ok(noted(json(body)?, Effect { warnings, ..Effect::default() }))
}

fn noted(mut response: Response, effect: Effect) -> Response {
    response.extensions_mut().insert(effect);
    response
}

/// One user changed.
pub(super) fn user_updated(name: &str) -> Changes {
    Changes { users_updated: BTreeSet::from([name.to_owned()]), ..Changes::default() }
}

/// One group changed.
pub(super) fn group_updated(name: &str) -> Changes {
    Changes { groups_updated: BTreeSet::from([name.to_owned()]), ..Changes::default() }
}
