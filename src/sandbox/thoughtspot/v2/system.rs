//! `GET system` and `orgs/search`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::gate::json as reply;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::{Administrator, Caller};
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::org::{GroupKey, PRIMARY};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, ALL, Principal};
use crate::sandbox::thoughtspot::v2::answer::told;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::switches::ReleaseVersion;

/// The cluster: its release and the GUIDs of its system principals. Nearly everything may be null.
pub(super) async fn show(State(emulator): State<Arc<ThoughtSpot>>, _: Caller) -> Result<Response, Failure> {
    let world = emulator.world();
    let id = |principal: Option<&Principal>| principal.map(|principal| principal.id.clone());
    let release = match world.switches.v2.release_version {
        ReleaseVersion::Number => Some("26.8.0.cl"),
        ReleaseVersion::Word => Some("test"),
        ReleaseVersion::Null => None,
    };
    let everybody = world.store.members(&GroupKey::new(PRIMARY, ALL)).users.len();
    reply(&json!({
        "id": "9b5a1a6e-6d1d-4f53-8a7a-2a0f6a3f9d10",
        "name": "sandbox",
        "release_version": release,
        "time_zone": "UTC",
        "locale": "en-US",
        "date_format": null,
        "api_version": null,
        "type": "PRODUCTION",
        "environment": null,
        "license": null,
        "date_time_format": null,
        "time_format": null,
        "system_user_id": id(world.store.users.get("system")),
        "super_user_id": id(world.store.users.get("su")),
        "hidden_object_id": null,
        "system_group_id": id(world.store.groups.get("System")),
        "tsadmin_user_id": id(world.store.users.get("tsadmin")),
        "admin_group_id": id(world.store.groups.get(ADMINISTRATOR)),
        "all_tables_connection_id": null,
        "all_user_group_id": id(world.store.groups.get(ALL)),
        "accept_language": null,
        "all_user_group_member_user_count": everybody,
        "logical_model_version": null,
    }))
}

/// Orgs as a bare array.
pub(super) async fn orgs(
    State(emulator): State<Arc<ThoughtSpot>>,
    _: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let wanted = ask.text("org_identifier")?;
    let status = ask.text("status")?;
    let users = ask.texts("user_identifiers")?;
    ask.pass_over(&["description", "visibility"]);
    let world = emulator.world();
    let users = users.map(|users| resolve::users(&world.store, world.switches, &users)).transpose()?;
    let holds = |org: u32| {
        users.as_ref().is_none_or(|users| {
            users.iter().filter_map(|name| world.store.users.get(name)).any(|user| user.profile.orgs.contains(&org))
        })
    };
    let chosen = world.store.orgs.values().filter(|org| {
        let meant = wanted.as_ref().is_none_or(|wanted| *wanted == org.name || *wanted == org.id.to_string());
        meant && status.as_deref().is_none_or(|status| status == "ACTIVE") && holds(org.id)
    });
    let rows = chosen.map(
        |org| json!({ "id": org.id, "name": org.name, "status": "ACTIVE", "description": null, "visibility": "SHOW" }),
    );
    told(&Value::from(rows.collect::<Vec<_>>()), ask.warnings())
}
