//! `POST user/transfer/ownership`: what one user owns becomes another's.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::error::bad_request;

/// The query of a transfer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transfer {
    from_user_name: Option<String>,
    to_user_name: Option<String>,
    /// A JSON array of GUIDs; everything when absent.
    #[serde(rename = "objectsID")]
    objects: Option<String>,
}

/// Moves objects: 204, or 400 when a user is unknown or is a system user ("You cannot transfer
/// objects to or from the system user or the administrative user").
pub(super) async fn transfer(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Query(transfer): Query<Transfer>,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let from = party(&world, "fromUserName", transfer.from_user_name.as_deref())?;
    let to = party(&world, "toUserName", transfer.to_user_name.as_deref())?;
    let wanted = wanted(transfer.objects.as_deref())?;
    let mut moved = 0;
    if let Some(giver) = world.store.users.get_mut(&from) {
        moved = wanted.unwrap_or(giver.owned).min(giver.owned);
        giver.owned -= moved;
    }
    if let Some(taker) = world.store.users.get_mut(&to) {
        taker.owned += moved;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let changes = Changes { users_updated: [from, to].into(), ..Changes::default() };
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// The exact name of somebody who may take part.
fn party(world: &World, parameter: &str, name: Option<&str>) -> Result<String, Failure> {
    let name = name.ok_or_else(|| bad_request(format!("{parameter} is missing")))?;
    let user = world.store.find_user(name, world.switches.fold_users);
    let user = user.ok_or_else(|| bad_request(format!("{parameter}: there is no user {name}")))?;
    if user.system {
        return Err(bad_request(format!("{parameter}: {name} is a system user")));
    }
    Ok(user.name.clone())
}

/// How many objects are asked for. The invented objects have no GUIDs, so any will do.
fn wanted(objects: Option<&str>) -> Result<Option<u64>, Failure> {
    let Some(objects) = objects else {
        return Ok(None);
    };
    let list: Vec<String> =
        serde_json::from_str(objects).map_err(|error| bad_request(format!("objectsID: {error}")))?;
    Ok(u64::try_from(list.len()).ok())
}
