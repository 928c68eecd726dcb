//! `POST user/sync`: makes the cluster equal to a list, or says what that would change.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json;
use crate::sandbox::journal::Effect;
use crate::sandbox::payload::{Encoding, Payload};
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::apply::apply;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::difference::{Question, evaluate};
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::bad_request;
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::switches::UpdatedLists;

/// The parts the server knows; others are passed over, as a misspelt flag was seen to be.
const PARTS: [&str; 4] = ["principals", "applyChanges", "removeDeleted", "password"];

/// Evaluates the list and, with `applyChanges=true`, applies it as a whole or not at all.
///
/// `applyChanges` is false and `removeDeleted` true when absent (vendor's documentation of the
/// defaults). A body that is not multipart gets 415, as the vendor's own curl example does.
pub(super) async fn sync(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    if payload.encoding != Encoding::Multipart {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Failure::new(status, 10_002, "user/sync takes multipart/form-data"));
    }
    if let Some(broken) = &payload.broken {
        return Err(bad_request(format!("Invalid request: {broken}")));
    }
    let records = records(&payload)?;
    let password = payload.text("password").map(Secret::new);
    let apply_changes = payload.flag("applyChanges").unwrap_or(false);
    let mut world = emulator.world();
    let question = Question {
        records: &records,
        remove_deleted: payload.flag("removeDeleted").unwrap_or(true),
        password: password.as_ref(),
        password_needed: true,
        switches: world.switches,
    };
    let difference = evaluate(&world.store, &question)?;
    let mut response = json(&difference.changes(world.switches.updated_lists))?;
    let mut effect = Effect::default();
    if apply_changes {
        effect = Effect::write(difference.changes(UpdatedLists::Differences));
        apply(&mut world.store, difference);
    }
    effect.warnings = warnings(&payload);
    response.extensions_mut().insert(effect);
    Ok(response)
}

fn records(payload: &Payload) -> Result<Vec<Record>, Failure> {
    let part = payload.bytes("principals");
    let part = part.ok_or_else(|| bad_request("Invalid request: the part principals is missing"))?;
    serde_json::from_slice(part).map_err(|error| bad_request(format!("Invalid request: principals: {error}")))
}

/// Parts and values that have no effect, which their sender may not know.
fn warnings(payload: &Payload) -> Vec<String> {
    let unknown = payload.names().filter(|name| !PARTS.contains(name));
    let mut warnings: Vec<String> =
        unknown.map(|name| format!("the part {name} is unknown and has no effect")).collect();
    for flag in ["applyChanges", "removeDeleted"] {
        match payload.text(flag) {
            None => warnings.push(format!("the part {flag} is missing; the server decides")),
            Some(text) if !matches!(text.trim(), "true" | "false") => {
                warnings.push(format!("the part {flag} is neither true nor false"));
            }
            Some(_) => {}
        }
    }
    warnings
}
