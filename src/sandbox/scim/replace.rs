//! PUT: a resource is replaced; what is left out is gone (RFC 7644, 3.5.1).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::IF_MATCH;
use axum::response::Response;
use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Effect;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::{Scim, World};
use crate::sandbox::scim::error::{not_allowed, not_implemented, unknown};
use crate::sandbox::scim::leave::{commit, write_of};
use crate::sandbox::scim::members::Membership;
use crate::sandbox::scim::reading::Etag;
use crate::sandbox::scim::render::Showcase;
use crate::sandbox::scim::rules::{is_visible, match_version, read, settle};
use crate::sandbox::scim::writing::{Method, PutWithoutActive};

/// Replaces a resource: 200 with what it is now.
pub(super) async fn replace(
    State(emulator): State<Arc<Scim>>,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let World { store, switches, .. } = &mut *world;
    let switches = Arc::clone(switches);
    let kind = asked.kind;
    match switches.put {
        Method::Offered => {}
        Method::NotImplemented => return Err(not_implemented("PUT")),
        Method::NotAllowed => return Err(not_allowed()),
    }
    if kind == Kind::Group && switches.fixed_groups {
        return Err(not_implemented("PUT of a group"));
    }
    let before = store.table(kind).get(&id).ok_or_else(|| unknown(&switches, &id))?;
    match_version(&switches, asked.header(IF_MATCH), before)?;
    let mut sent = read(kind, asked.payload.json(), &switches)?;
    if kind == Kind::User && switches.put_without_active == PutWithoutActive::Deactivates {
        sent.attributes.entry("active").or_insert(Value::Bool(false));
    }
    if !is_visible(&switches, before) && sent.attributes.get("active") != Some(&Value::Bool(true)) {
        return Err(unknown(&switches, &id));
    }
    settle(store, &switches, kind, Some(before), &mut sent.attributes)?;
    let mut warnings = sent.warnings;
    let mut moved = false;
    if kind == Kind::Group && !switches.ignore_members_in_put {
        let mut membership = Membership::of(store, id.clone());
        membership.keep(0);
        let added = sent.members.map_or(Ok(()), |members| membership.add(&members, &switches));
        if let Err(failure) = added {
            membership.roll_back();
            return Err(failure);
        }
        moved = membership.has_changed();
    }
    let name = store.table(kind).get(&id).and_then(|entry| entry.text(kind.label())).unwrap_or(&id).to_owned();
    let changed = commit(store, &switches, kind, &id, sent.attributes, sent.password, moved);
    let entry = store.table(kind).get(&id).ok_or_else(|| unknown(&switches, &id))?;
    let showcase = Showcase { store, switches: &switches, base: &asked.base };
    let mut response = showcase.answer(StatusCode::OK, showcase.show(kind, entry), entry);
    if switches.etag == Etag::On && asked.header(IF_MATCH).is_none() {
        warnings.push("a PUT has no If-Match".to_owned());
    }
    response.extensions_mut().insert(Effect {
        write: true,
        changes: write_of(kind, changed.then_some(name)),
        warnings,
    });
    Ok(response)
}
