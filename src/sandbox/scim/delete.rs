//! DELETE (RFC 7644, 3.6).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::IF_MATCH;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::{Scim, World};
use crate::sandbox::scim::error::{not_allowed, not_implemented};
use crate::sandbox::scim::leave::{commit, write_of};
use crate::sandbox::scim::render::body;
use crate::sandbox::scim::rules::{match_version, seen};
use crate::sandbox::scim::writing::{Delete, DeleteAnswer};

/// Removes a resource, or deactivates a user where the service deletes nobody.
pub(super) async fn delete(
    State(emulator): State<Arc<Scim>>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let World { store, switches, .. } = &mut *world;
    let kind = asked.kind;
    if kind == Kind::Group && switches.fixed_groups {
        return Err(not_implemented("DELETE of a group"));
    }
    if kind == Kind::User && switches.delete == Delete::NotAllowed {
        return Err(not_allowed());
    }
    let entry = seen(store, switches, kind, &id)?;
    match_version(switches, asked.header(IF_MATCH), entry)?;
    let name = entry.text(kind.label()).unwrap_or(&id).to_owned();
    let changes = if kind == Kind::User && switches.delete == Delete::Deactivates {
        let mut attributes = entry.attributes.clone();
        attributes.insert("active".to_owned(), Value::Bool(false));
        let changed = commit(store, switches, kind, &id, attributes, None, false);
        write_of(kind, changed.then_some(name))
    } else {
        store.remove(kind, &id, switches.dangling_members);
        let names = [name].into();
        match kind {
            Kind::User => Changes { users_deleted: names, ..Changes::default() },
            Kind::Group => Changes { groups_deleted: names, ..Changes::default() },
        }
    };
    let mut response = match switches.delete_answer {
        DeleteAnswer::NoContent => StatusCode::NO_CONTENT.into_response(),
        DeleteAnswer::Body => body(&json!({ "id": id })).into_response(),
    };
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}
