//! POST: a resource comes into being (RFC 7644, 3.3).

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::caller::Asked;
use crate::sandbox::scim::emulator::{Scim, World};
use crate::sandbox::scim::error::not_implemented;
use crate::sandbox::scim::members::Membership;
use crate::sandbox::scim::render::Showcase;
use crate::sandbox::scim::rules::{read, settle};
use crate::sandbox::scim::show::brief;
use crate::sandbox::scim::writing::CreateAnswer;

/// Creates a user or a group: 201, or 409 where somebody has the name.
pub(super) async fn create(State(emulator): State<Arc<Scim>>, asked: Asked) -> Result<Response, Failure> {
    let mut world = emulator.world();
    let World { store, switches, .. } = &mut *world;
    let kind = asked.kind;
    if kind == Kind::Group && switches.fixed_groups {
        return Err(not_implemented("POST of a group"));
    }
    let mut sent = read(kind, asked.payload.json(), switches)?;
    settle(store, switches, kind, None, &mut sent.attributes)?;
    let id = store.add(kind, None, sent.attributes, false, switches.ids);
    if let Some(entry) = store.table_mut(kind).get_mut(&id) {
        entry.password = sent.password;
    }
    let mut warnings = sent.warnings;
    if let Some(members) = sent.members.filter(|_| !switches.ignore_members_in_post) {
        let mut membership = Membership::of(store, id.clone());
        let added = membership.add(&members, switches);
        warnings.append(&mut membership.warnings);
        if let Err(failure) = added {
            membership.roll_back();
            store.remove(kind, &id, true);
            return Err(failure);
        }
    }
    let Some(entry) = store.table(kind).get(&id) else { return Err(super::error::crash()) };
    let name = entry.text(kind.label()).unwrap_or(&id).to_owned();
    let showcase = Showcase { store, switches, base: &asked.base };
    let map = showcase.show(kind, entry);
    let place = map["meta"]["location"].as_str().and_then(|place| HeaderValue::from_str(place).ok());
    let map = if switches.create_answer == CreateAnswer::Brief { brief(map) } else { map };
    let mut response = showcase.answer(StatusCode::CREATED, map, entry);
    if let Some(place) = place {
        response.headers_mut().insert(LOCATION, place);
    }
    let names = [name].into();
    let changes = match kind {
        Kind::User => Changes { users_added: names, ..Changes::default() },
        Kind::Group => Changes { groups_added: names, ..Changes::default() },
    };
    response.extensions_mut().insert(Effect { write: true, changes, warnings });
    Ok(response)
}
