//! `users/reset-password` and `users/change-password`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::payload::Payload;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::{ThoughtSpot, World};
use crate::sandbox::thoughtspot::v2::answer::{done, user_updated};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::resolve;

/// An administrator sets a password: 204; 400 when it is the old one.
pub(super) async fn reset(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let identifier = ask.required("user_identifier")?;
    let password = Secret::new(ask.required("new_password")?);
    let mut world = emulator.world();
    let name = resolve::user(&world.store, world.switches, &identifier)?;
    set(&mut world, &name, password)?;
    Ok(done(user_updated(&name), ask.warnings()))
}

/// A password for another: 204; 400 when the current one is wrong or both are the same.
pub(super) async fn change(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let identifier = ask.required("user_identifier")?;
    let current = Secret::new(ask.required("current_password")?);
    let password = Secret::new(ask.required("new_password")?);
    let mut world = emulator.world();
    let name = resolve::user(&world.store, world.switches, &identifier)?;
    let own = world.store.users.get(&name).and_then(|user| user.password.as_ref());
    if own != Some(&current) {
        return Err(invalid("the current password is wrong"));
    }
    set(&mut world, &name, password)?;
    Ok(done(user_updated(&name), ask.warnings()))
}

fn set(world: &mut World, name: &str, password: Secret) -> Result<(), Failure> {
    let now = world.store.clock.tick();
    let Some(user) = world.store.users.get_mut(name) else { return Ok(()) };
    if user.password.as_ref() == Some(&password) {
        return Err(invalid("the new password equals the old password"));
    }
    user.password = Some(password);
    user.modified = now;
    Ok(())
}
