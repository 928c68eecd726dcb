//! `User/createFrontendGroup`: the one endpoint whose request and answer the vendor prints (User API).

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::sandbox::curator::emulator::World;
use crate::sandbox::curator::envelope::success;
use crate::sandbox::curator::platform::PlatformKey;
use crate::sandbox::curator::refusal::Refusal;
use crate::sandbox::curator::request::{Asked, Reply};
use crate::sandbox::curator::seed::PlatformNames;
use crate::sandbox::curator::state::Store;
use crate::sandbox::curator::switches::{Spelling, Twice};
use crate::sandbox::journal::Changes;

/// The optional JSON body. Members that are not documented are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    platforms: PlatformNames,
    custom_attributes: Map<String, Value>,
}

/// Creates a group, attaches the platform groups that are found, and queues their sync.
///
/// # Errors
/// When there is no name, the body is no such JSON, or the name is taken and the switches call that an error.
pub(super) fn create_group(world: &mut World, asked: &Asked) -> Result<Reply, Refusal> {
    let name = asked.parameter("name").ok_or_else(|| Refusal::new("A group name is required"))?;
    let Body { platforms, custom_attributes } = if asked.payload.raw.trim_ascii().is_empty() {
        Body::default()
    } else {
        serde_json::from_slice(&asked.payload.raw)
            .map_err(|error| Refusal::new(format!("The body is not usable: {error}")))?
    };
    let taken = world.store.group_named(name, world.switches.group_matching).is_some();
    if taken && world.switches.duplicate_group == Twice::Error {
        return Err(Refusal::new("A group with this name already exists"));
    }
    let wanted = platforms.keys();
    let (found, missing): (BTreeSet<_>, BTreeSet<_>) =
        wanted.into_iter().partition(|key| world.store.platforms.contains_key(key));
    let id = world.store.add_group(None, name);
    if let Some(group) = world.store.groups.get_mut(&id) {
        group.custom_attributes = custom_attributes;
        group.platforms.clone_from(&found);
    }
    if !found.is_empty() {
        let delay = Duration::from_millis(world.switches.sync_delay_millis);
        world.pending.push((Instant::now() + delay, id));
    }
    world.store.clock.tick();
    let text = if found.is_empty() {
        format!("Successfully created frontend group {id}")
    } else {
        format!("Successfully added platform groups to frontend group {id} and added syncing to the queue")
    };
    let mut body = json!({
        "result": success(world.switches.result_letters),
        "msg": text,
        "metadata": metadata(&world.store, &found),
        "tableauGroupsNotFound": not_found(&missing, true),
    });
    let field = match world.switches.not_found_spelling {
        Spelling::Thoughtspot => "thoughtspotGroupsNotFound",
        Spelling::Thoughspot => "thoughspotGroupsNotFound",
    };
    body[field] = json!(not_found(&missing, false));
    let changes = Changes { groups_added: [name.to_owned()].into(), ..Changes::default() };
    Ok(Reply::write(body, changes))
}

/// Platform groups as the answer lists them: name and identifier joined by three bars.
pub(super) fn metadata(store: &Store, keys: &BTreeSet<PlatformKey>) -> Value {
    let entry = |key: &PlatformKey| {
        let platform = store.platforms.get(key)?;
        Some(match key {
            PlatformKey::Tableau { server, site, group } => json!({
                "tableau_server": format!("{server}|||{}", platform.url),
                "tableau_site": site,
                "tableau_group": format!("{group}|||{}", platform.id),
            }),
            PlatformKey::ThoughtSpot { group } => json!({ "thoughtspot_group": format!("{group}|||{}", platform.id) }),
        })
    };
    keys.iter().filter_map(entry).collect()
}

/// The names of one platform's groups that are not there, as one text; empty when none is missing.
fn not_found(missing: &BTreeSet<PlatformKey>, tableau: bool) -> String {
    let names = missing.iter().filter_map(|key| match key {
        PlatformKey::Tableau { group, .. } => tableau.then_some(group.as_str()),
        PlatformKey::ThoughtSpot { group } => (!tableau).then_some(group.as_str()),
    });
    names.collect::<Vec<_>>().join(", ")
}
