//! `GET users/{id}/assets` and `PUT users/{id}/assetTransfer`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json as value};

use crate::sandbox::alteryx::address::missing;
use crate::sandbox::alteryx::contract::{ANY, Contract};
use crate::sandbox::alteryx::emulator::Alteryx;
use crate::sandbox::alteryx::list::unknown;
use crate::sandbox::alteryx::refusal::Refusal;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::store::Store;
use crate::sandbox::alteryx::switches::Release;
use crate::sandbox::alteryx::token::Curator;
use crate::sandbox::gate::json;
use crate::sandbox::journal::{Changes, Effect};
use crate::sandbox::payload::Payload;

/// Which kind of assets to show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Choice {
    asset_type: Option<String>,
}

/// Shows what a user owns; every list is there, those that were not asked for are empty.
pub(super) async fn show(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
) -> Result<Response, Refusal> {
    let world = emulator.world();
    let user = world.store.user(&id).ok_or_else(|| unknown(&id))?;
    let old = world.switches.release == Release::R2022;
    let wanted = choice.asset_type.as_deref().unwrap_or("All");
    let known = matches!(wanted, "All" | "Workflows" | "Schedules" | "Collections");
    if !known && (!old || wanted != "Insights") {
        return Err(Refusal::bad(format!("The value '{wanted}' is not valid for assetType.")));
    }
    let mut lists = Map::new();
    let owned = [
        ("workflows", "Workflows", &user.assets.workflows),
        ("schedules", "Schedules", &user.assets.schedules),
        ("collections", "Collections", &user.assets.collections),
    ];
    for (name, kind, assets) in owned {
        let shown = if wanted == "All" || wanted == kind { value!(assets) } else { value!([]) };
        lists.insert(name.to_owned(), shown);
    }
    if old {
        lists.insert("insights".to_owned(), value!([]));
    }
    Ok(json(&Value::Object(lists))?)
}

/// Hands what a user owns to an Artisan or a Curator (vendor's "Transfer Assets", from 2024.1 on), and answers with the
/// schedules this may have broken: here, those of the giver whose workflows have moved.
pub(super) async fn transfer(
    State(emulator): State<Arc<Alteryx>>,
    _: Curator,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Refusal> {
    let mut world = emulator.world();
    if world.switches.release == Release::R2022 {
        return Err(missing(&uri));
    }
    let mut contract = Contract::read("transferContract", &headers, &payload)?;
    let receiver = contract.text("ownerId", ANY);
    let which =
        [contract.flag("transferWorkflows"), contract.flag("transferSchedules"), contract.flag("transferCollections")];
    contract.finish()?;
    let default = world.switches.default_role;
    let taker = world.store.user(&receiver).ok_or_else(|| Refusal::bad(format!("User {receiver} was not found.")))?;
    let role = world.store.effective_role(taker, default);
    if !matches!(role, Role::Artisan | Role::Curator) {
        return Err(Refusal::bad(format!("{} is neither an Artisan nor a Curator.", taker.email)));
    }
    let names = [taker.email.clone(), world.store.user(&id).ok_or_else(|| unknown(&id))?.email.clone()];
    let broken = carry(&mut world.store, &id, &receiver, which);
    let reply: Vec<Value> = broken.into_iter().map(|id| value!({ "affectedScheduleId": id })).collect();
    let mut response = json(&reply)?;
    let changes = Changes { users_updated: names.into(), ..Changes::default() };
    response.extensions_mut().insert(Effect::write(changes));
    Ok(response)
}

/// Moves workflows, schedules and collections, each if told so.
fn carry(store: &mut Store, from: &str, to: &str, which: [bool; 3]) -> Vec<String> {
    let [workflows, schedules, collections] = which;
    let Some(giver) = store.user_mut(from) else {
        return Vec::new();
    };
    let broken = giver.assets.schedules.iter().filter(|_| workflows).map(|asset| asset.id.clone()).collect();
    let mut moved = std::mem::take(&mut giver.assets);
    for (moves, kept, moving) in [
        (workflows, &mut giver.assets.workflows, &mut moved.workflows),
        (schedules, &mut giver.assets.schedules, &mut moved.schedules),
        (collections, &mut giver.assets.collections, &mut moved.collections),
    ] {
        if !moves {
            *kept = std::mem::take(moving);
        }
    }
    if let Some(taker) = store.user_mut(to) {
        taker.assets.workflows.extend(moved.workflows);
        taker.assets.schedules.extend(moved.schedules);
        taker.assets.collections.extend(moved.collections);
    }
    broken
}
