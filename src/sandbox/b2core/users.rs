//! `users` and `users/{userId}` (vendor's page "Users").

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::sandbox::b2core::bearer::Caller;
use crate::sandbox::b2core::deed::Deed;
use crate::sandbox::b2core::emulator::{BackOffice, World};
use crate::sandbox::b2core::error::Refusal;
use crate::sandbox::b2core::page::{Asked, Filter, Page, wrap};
use crate::sandbox::b2core::record::User;
use crate::sandbox::b2core::reply::{answer, silent, wrote};
use crate::sandbox::b2core::sent::{Purpose, SentUser};
use crate::sandbox::b2core::show;
use crate::sandbox::payload::Payload;

/// 202: taken, and carried out later.
const ACCEPTED: u16 = 202;

/// A part of the users, by `limit`, `offset`, `filter[name]`, `filter[email]` and `filter[active]` (1: active ones
/// only).
pub(super) async fn list(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let World { store, switches, .. } = &mut *world;
    let page = Page::read(&asked, switches)?;
    let filter = Filter::read(&asked, switches);
    let chosen = store.users().filter(|user| filter.passes(user));
    let (users, total) = page.cut(chosen);
    let shown = users.into_iter().map(|user| show::user(user, store, switches)).collect();
    let response = answer(StatusCode::OK, &wrap(shown, total, switches));
    if page.offset == 0 && switches.insert_listings > 0 && switches.insert_between_pages > 0 {
        switches.insert_listings -= 1;
        for _ in 0..switches.insert_between_pages {
            let id = store.next_user();
            let now = store.clock.tick();
            let somebody = User::blank(id, format!("inserted{id}@example.org"), now);
            store.put_first(User { name: format!("Inserted {id}"), active: true, groups: BTreeSet::new(), ..somebody });
        }
    }
    Ok(response)
}

/// One user.
pub(super) async fn one(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let user = find(&world, &id)?;
    Ok(answer(StatusCode::OK, &show::user(user, &world.store, &world.switches)))
}

/// Creates a user and shows it; with `sendNotify` it is sent a mail.
pub(super) async fn create(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let sent = SentUser::read(payload.json(), Purpose::Create, &world.store, &world.switches)?;
    let warnings = sent.warnings.clone();
    let status = world.switches.create_status;
    Ok(carry_out(&mut world, Deed::CreateUser(Box::new(sent)), status, warnings))
}

/// Changes a user and shows it. PUT and PATCH are "similar"; a switch makes a PUT blank what it does not send.
pub(super) async fn change(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
    method: Method,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let id = find(&world, &id)?.id;
    let sent = SentUser::read(payload.json(), Purpose::Update(id), &world.store, &world.switches)?;
    let warnings = sent.warnings.clone();
    let whole = method == Method::PUT && world.switches.put_replaces;
    let deed = Deed::ChangeUser { id, sent: Box::new(sent), whole };
    Ok(carry_out(&mut world, deed, StatusCode::OK.as_u16(), warnings))
}

/// Removes a user; the body is empty.
pub(super) async fn delete(
    State(emulator): State<Arc<BackOffice>>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    let id = find(&world, &id)?.id;
    let (changes, done) = world.enact(Deed::DeleteUser(id));
    let status = if done.is_some() { world.switches.delete_status } else { ACCEPTED };
    Ok(wrote(silent(status), changes, Vec::new()))
}

/// Carries a write out and shows the user, or only takes it.
fn carry_out(world: &mut World, deed: Deed, status: u16, warnings: Vec<String>) -> Response {
    let (changes, id) = world.enact(deed);
    let user = id.and_then(|id| world.store.user(id));
    let response = user.map_or_else(
        || silent(ACCEPTED),
        |user| {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            answer(status, &show::user(user, &world.store, &world.switches))
        },
    );
    wrote(response, changes, warnings)
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a User, Refusal> {
    id.parse().ok().and_then(|id| world.store.user(id)).ok_or_else(Refusal::not_found)
}
