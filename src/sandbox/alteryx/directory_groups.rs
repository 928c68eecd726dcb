//! `usergroups/{id}/activedirectorygroups`: groups of Active Directory as members, where Windows signs people in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::sandbox::alteryx::address::missing;
use crate::sandbox::alteryx::contract;
use crate::sandbox::alteryx::emulator::{Alteryx, World};
use crate::sandbox::alteryx::group::{DirectoryObject, Group};
use crate::sandbox::alteryx::groups::unknown;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::switches::{Authentication, Release};
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// Adds a group by its SID, a JSON string and nothing else: 200 without a body.
pub(super) async fn add(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    refuse_elsewhere(&world, &uri)?;
    let sid = match contract::json(&headers, &payload)? {
        Value::String(sid) if sid.starts_with("S-1-") => sid,
        _ => return Err(Refusal::bad("The request is invalid.")),
    };
    let group = world.store.group_mut(&id).ok_or_else(|| unknown(&id))?;
    if !group.directory_groups.iter().any(|object| object.sid == sid) {
        let account = format!("group-{}", sid.rsplit('-').next().unwrap_or_default());
        group.directory_groups.push(DirectoryObject {
            sid,
            category: "Group".to_owned(),
            display_name: account.clone(),
            domain_name: "EXAMPLE".to_owned(),
            sid_account_name: account,
        });
    }
    Ok(written(group))
}

/// Takes a group out by its SID: 200 without a body.
pub(super) async fn remove(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path((id, sid)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    refuse_elsewhere(&world, &uri)?;
    let group = world.store.group_mut(&id).ok_or_else(|| unknown(&id))?;
    group.directory_groups.retain(|object| object.sid != sid);
    Ok(written(group))
}

fn refuse_elsewhere(world: &World, uri: &Uri) -> Result<(), Refusal> {
    if world.switches.release == Release::R2022 {
        return Err(missing(uri));
    }
    if world.switches.authentication != Authentication::Windows {
        return Err(Refusal::bad("Active Directory groups exist only where Windows authentication is used."));
    }
    Ok(())
}

fn written(group: &Group) -> Response {
    let changes = Changes { groups_updated: [group.name.clone()].into(), ..Changes::default() };
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Effect::write(changes));
    response
}
