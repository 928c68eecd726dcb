//! PATCH: a resource is changed in places (RFC 7644, 3.5.2), whole or not at all.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::IF_MATCH;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Effect;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::{Scim, World};
use crate::sandbox::scim::error::{INVALID_VALUE, not_allowed, not_implemented, refused, unknown};
use crate::sandbox::scim::group_patch;
use crate::sandbox::scim::leave::{commit, write_of};
use crate::sandbox::scim::members::Membership;
use crate::sandbox::scim::patch::{Operation, apply, operations};
use crate::sandbox::scim::place::paths;
use crate::sandbox::scim::reading::Etag;
use crate::sandbox::scim::render::{Showcase, body};
use crate::sandbox::scim::rules::{is_visible, match_version, settle, take_password};
use crate::sandbox::scim::show::{Choice, brief};
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::{Method, PatchAnswer};

/// Changes a resource in places.
pub(super) async fn update(
    State(emulator): State<Arc<Scim>>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let World { store, switches, .. } = &mut *world;
    let switches = Arc::clone(switches);
    let kind = asked.kind;
    match switches.patch {
        Method::Offered => {}
        Method::NotImplemented => return Err(not_implemented("PATCH")),
        Method::NotAllowed => return Err(not_allowed()),
    }
    let before = store.table(kind).get(&id).ok_or_else(|| unknown(&switches, &id))?;
    match_version(&switches, asked.header(IF_MATCH), before)?;
    let name = before.text(kind.label()).unwrap_or(&id).to_owned();
    let mut warnings = Vec::new();
    if switches.etag == Etag::On && asked.header(IF_MATCH).is_none() {
        warnings.push("a PATCH has no If-Match".to_owned());
    }
    let operations = operations(asked.payload.json(), &switches, &mut warnings)?;
    let changed = carry_out(store, &switches, (kind, &id), operations, &mut warnings)?;
    let mut response = answer(store, &switches, &asked, &id);
    response.extensions_mut().insert(Effect {
        write: true,
        changes: write_of(kind, changed.then_some(name)),
        warnings,
    });
    Ok(response)
}

fn answer(store: &Store, switches: &Switches, asked: &Asked, id: &str) -> Response {
    let kind = asked.kind;
    let found = store.table(kind).get(id);
    match (switches.patch_answer, found) {
        (PatchAnswer::NoContent, _) | (_, None) => StatusCode::NO_CONTENT.into_response(),
        (PatchAnswer::Empty, _) => StatusCode::OK.into_response(),
        (PatchAnswer::Body, Some(entry)) => {
            let showcase = Showcase { store, switches, base: &asked.base };
            let choice = Choice::of(asked, switches.projection);
            showcase.answer(StatusCode::OK, showcase.chosen(kind, entry, &choice), entry)
        }
        (PatchAnswer::Brief, Some(entry)) => {
            let showcase = Showcase { store, switches, base: &asked.base };
            body(&Value::Object(brief(showcase.show(kind, entry)))).into_response()
        }
    }
}

/// Whether the operations changed anything.
fn carry_out(
    store: &mut Store,
    switches: &Switches,
    (kind, id): (Kind, &str),
    operations: Vec<Operation>,
    warnings: &mut Vec<String>,
) -> Result<bool, Failure> {
    if kind == Kind::User {
        separate(&operations, switches)?;
    }
    let Some(entry) = store.table(kind).get(id) else { return Err(unknown(switches, id)) };
    let mut attributes = entry.attributes.clone();
    let about_members = operations.iter().any(group_patch::is_about_members);
    let mut membership = Membership::of(store, id.to_owned());
    let applied = change(&mut membership, switches, (kind, id), operations, &mut attributes);
    warnings.append(&mut membership.warnings);
    if let Err(failure) = applied {
        membership.roll_back();
        return Err(failure);
    }
    let losing = switches.member_cap.filter(|cap| cap.patch_loses && about_members && kind == Kind::Group);
    if let Some(cap) = losing {
        membership.keep(cap.shown);
    }
    let moved = membership.has_changed();
    let password = take_password(&mut attributes);
    Ok(commit(store, switches, kind, id, attributes, password, moved))
}

fn change(
    membership: &mut Membership<'_>,
    switches: &Switches,
    (kind, id): (Kind, &str),
    operations: Vec<Operation>,
    attributes: &mut Map<String, Value>,
) -> Result<(), Failure> {
    for operation in operations {
        if kind == Kind::Group && group_patch::is_about_members(&operation) {
            group_patch::apply(membership, id, operation, switches)?;
        } else {
            apply(attributes, kind, operation, switches)?;
        }
    }
    let before = membership.store.table(kind).get(id).ok_or_else(|| unknown(switches, id))?;
    if !is_visible(switches, before) && attributes.get("active") != Some(&Value::Bool(true)) {
        return Err(unknown(switches, id));
    }
    settle(membership.store, switches, kind, Some(before), attributes)
}

/// Some attributes want an operation of their own.
fn separate(operations: &[Operation], switches: &Switches) -> Result<(), Failure> {
    let lonely = paths(&switches.separate_operations, Kind::User);
    let lonely: Vec<String> = lonely.map(|(_, path)| path.attribute).collect();
    let found = operations.iter().find(|operation| lonely.contains(&operation.path.attribute));
    match found.filter(|_| operations.len() > 1) {
        Some(operation) => Err(refused(INVALID_VALUE, format!("{} must be changed alone", operation.path.attribute))),
        None => Ok(()),
    }
}
