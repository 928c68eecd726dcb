//! `security/metadata/assign`: another author for some objects.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::v2::answer::done;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::resolve;

/// Moves as many objects as are named: 204. The invented objects have no GUIDs, so any will do, and only
/// `current_owner_identifier` tells whose they are; without it the call is refused here.
pub(super) async fn assign(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let mut count = 0;
    for mut object in ask.objects("metadata")?.ok_or_else(|| invalid("metadata is required"))? {
        object.required("identifier")?;
        count += 1;
    }
    let to = ask.required("user_identifier")?;
    let from = ask.required("current_owner_identifier")?;
    let mut world = emulator.world();
    let from = resolve::user(&world.store, world.switches, &from)?;
    let to = resolve::user(&world.store, world.switches, &to)?;
    let giver = world.store.users.get_mut(&from).ok_or_else(|| invalid("the owner is gone"))?;
    let moved = giver.owned.min(count);
    giver.owned -= moved;
    if let Some(taker) = world.store.users.get_mut(&to) {
        taker.owned += moved;
    }
    Ok(done(Changes { users_updated: [from, to].into(), ..Changes::default() }, ask.warnings()))
}
