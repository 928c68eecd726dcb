//! `GET user/` and `DELETE user/{guid}`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json as reply;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::error::{bad_request, forbidden, invalid};
use crate::sandbox::thoughtspot::org::PRIMARY;
use crate::sandbox::thoughtspot::principal::Principal;
use crate::sandbox::thoughtspot::state::Store;

/// Whom to show: one user by GUID or name, or all.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(rename = "userid")]
    id: Option<String>,
    name: Option<String>,
}

/// Shows one user as an object, or all users as an array: 400 for an unknown name, 500 for an
/// unknown GUID.
pub(super) async fn show(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Query(choice): Query<Choice>,
) -> Result<Response, Failure> {
    let world = emulator.world();
    let store = &world.store;
    if let Some(id) = choice.id {
        let user = store.user_with_id(&id);
        return reply(&full(store, user.ok_or_else(|| unknown_id(&id))?));
    }
    if let Some(name) = choice.name {
        let user = store.find_user(&name, world.switches.fold_users);
        let user = user.ok_or_else(|| bad_request(format!("there is no user {name}")))?;
        return reply(&full(store, user));
    }
    let users = store.users.values().filter(|user| user.profile.orgs.contains(&PRIMARY));
    let users: Vec<Value> = users.map(|user| full(store, user)).collect();
    reply(&users)
}

/// Deletes a user: 204, 403 for a system user, 500 for an unknown GUID.
pub(super) async fn delete(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let user = world.store.user_with_id(&id).ok_or_else(|| unknown_id(&id))?;
    let name = user.name.clone();
    if user.system {
        return Err(forbidden(format!("{name} is a system user and cannot be deleted")));
    }
    world.store.remove_user(&name);
    let mut response = StatusCode::NO_CONTENT.into_response();
    let changes = Changes { users_deleted: [name].into(), ..Changes::default() };
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

fn unknown_id(id: &str) -> Failure {
    invalid(format!("there is no user with the id {id}"))
}

/// The full user object, cut down to the members that say something here.
fn full(store: &Store, user: &Principal) -> Value {
    let groups = user.attributes.group_names.iter().filter_map(|name| store.groups.get(name));
    let groups: Vec<&str> = groups.map(|group| group.id.as_str()).collect();
    json!({
        "header": {
            "id": user.id,
            "name": user.name,
            "displayName": user.attributes.display_name,
            "description": user.attributes.description,
            "created": user.created,
            "modified": user.modified,
        },
        "type": user.attributes.principal_type,
        "visibility": user.attributes.visibility,
        "state": user.profile.status,
        "isSystemPrincipal": user.system,
        "assignedGroups": groups,
        "userContent": { "userProperties": { "mail": user.attributes.mail }, "userPreferences": {} },
    })
}
