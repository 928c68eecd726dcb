//! `groups/import`: many groups at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::payload::Payload;
use crate::sandbox::thoughtspot::caller::Administrator;
use crate::sandbox::thoughtspot::emulator::ThoughtSpot;
use crate::sandbox::thoughtspot::org::{GroupKey, Who};
use crate::sandbox::thoughtspot::principal::ALL;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2::answer::{shown, told};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::group_edit::{GroupEdit, create, delete, update};
use crate::sandbox::thoughtspot::v2::import::{Entry, Flags, Lists, attempt};
use crate::sandbox::thoughtspot::v2::resolve;

/// Makes the groups listed what the list says, members included; they may be members of each other. 200 with three
/// lists.
pub(super) async fn import(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let flags = Flags::read(&mut ask, "delete_unspecified_groups")?;
    let mut warnings = flags.warnings;
    let mut edits = Vec::new();
    for mut group in ask.objects("groups")?.unwrap_or_default() {
        let identifier = group.required("group_identifier")?;
        let edit = GroupEdit::read(&mut group)?;
        warnings.extend(group.warnings());
        edits.push((identifier, edit));
    }
    warnings.extend(ask.warnings());
    let mut world = emulator.world();
    let lists = attempt(&mut world, flags.dry_run, |store, switches, lists| {
        carry_out(store, switches, caller.org, edits, flags.delete_unspecified, lists)
    })?;
    let body = lists.body("groups");
    if flags.dry_run {
        return told(&body, warnings);
    }
    let changes = Changes {
        groups_added: Lists::names(&lists.added),
        groups_updated: Lists::names(&lists.updated),
        groups_deleted: Lists::names(&lists.deleted),
        ..Changes::default()
    };
    shown(&body, changes, warnings)
}

/// Every group first, then who is in it.
fn carry_out(
    store: &mut Store,
    switches: Switches,
    org: u32,
    edits: Vec<(String, GroupEdit)>,
    remove: bool,
    lists: &mut Lists,
) -> Result<(), Failure> {
    let mut listed = BTreeSet::new();
    let mut rest = Vec::new();
    for (identifier, edit) in edits {
        let (mut edit, members) = edit.apart();
        let found = resolve::group(store, switches, org, &identifier).ok();
        let (key, known) = if let Some(key) = found {
            let (key, differs) = update(store, switches, &key, edit)?;
            (key, Some(differs))
        } else {
            edit.name = Some(identifier);
            (create(store, switches, org, edit)?, None)
        };
        if !listed.insert(key.clone()) {
            return Err(invalid(format!("{} is listed more than once", key.name)));
        }
        rest.push((key, known, members));
    }
    for (key, known, members) in rest {
        let (key, moved) = update(store, switches, &key, members)?;
        let entry = Entry { id: store.group(&key).map(|group| group.id.clone()), name: key.name };
        match known {
            Some(differs) => lists.note(switches, entry, differs || moved),
            None => lists.added.push(entry),
        }
    }
    if remove { remove_unlisted(store, switches, org, &listed, lists) } else { Ok(()) }
}

fn remove_unlisted(
    store: &mut Store,
    switches: Switches,
    org: u32,
    listed: &BTreeSet<GroupKey>,
    lists: &mut Lists,
) -> Result<(), Failure> {
    for key in store.group_order().iter().filter(|key| key.org == org && !listed.contains(key)) {
        let Some(group) = store.group(key) else { continue };
        let entry = Entry { id: Some(group.id.clone()), name: key.name.clone() };
        let system = group.system;
        if key.name == ALL || (system && switches.v2.import_protects_system) {
            continue;
        }
        if system {
            store.remove(&Who::Group(key.clone()));
        } else {
            delete(store, key)?;
        }
        lists.deleted.push(entry);
    }
    Ok(())
}
