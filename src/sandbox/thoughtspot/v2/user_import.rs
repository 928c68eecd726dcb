//! `users/import`: many users at once.

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
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2::answer::{shown, told};
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::invalid;
use crate::sandbox::thoughtspot::v2::import::{Entry, Flags, Lists, attempt};
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::user_edit::{UserEdit, create, update};

/// Makes the users listed what the list says; `display_name` is required, `email` is not. 200 with three lists.
pub(super) async fn import(
    State(emulator): State<Arc<ThoughtSpot>>,
    caller: Administrator,
    Extension(payload): Extension<Arc<Payload>>,
) -> Result<Response, Failure> {
    let mut ask = Ask::read(&payload)?;
    let flags = Flags::read(&mut ask, "delete_unspecified_users")?;
    let password = ask.secret("default_password")?;
    let mut warnings = flags.warnings;
    let mut edits = Vec::new();
    for mut user in ask.objects("users")?.ok_or_else(|| invalid("users is required"))? {
        let identifier = user.required("user_identifier")?;
        let mut edit = UserEdit::read(&mut user)?;
        if edit.display_name.as_ref().is_none_or(|name| name.trim().is_empty()) {
            return Err(invalid(format!("display_name of {identifier} is required")));
        }
        edit.notify_on_share = edit.notify_on_share.or(Some(true));
        edit.password = edit.password.or_else(|| password.clone());
        warnings.extend(user.warnings());
        edits.push((identifier, edit));
    }
    warnings.extend(ask.warnings());
    let mut world = emulator.world();
    let lists = attempt(&mut world, flags.dry_run, |store, switches, lists| {
        carry_out(store, switches, caller.org, edits, flags.delete_unspecified, lists)
    })?;
    let body = lists.body("users");
    if flags.dry_run {
        return told(&body, warnings);
    }
    let changes = Changes {
        users_added: Lists::names(&lists.added),
        users_updated: Lists::names(&lists.updated),
        users_deleted: Lists::names(&lists.deleted),
        ..Changes::default()
    };
    shown(&body, changes, warnings)
}

fn carry_out(
    store: &mut Store,
    switches: Switches,
    org: u32,
    edits: Vec<(String, UserEdit)>,
    delete: bool,
    lists: &mut Lists,
) -> Result<(), Failure> {
    let mut listed = BTreeSet::new();
    for (identifier, mut edit) in edits {
        let found = resolve::find_user(store, switches, &identifier).map(|user| (user.id.clone(), user.name.clone()));
        let name = if let Some((id, name)) = found {
            edit.password = None;
            let (name, differs) = update(store, switches, org, &name, edit)?;
            lists.note(switches, Entry { id: Some(id), name: name.clone() }, differs);
            name
        } else {
            edit.name = Some(identifier);
            let name = create(store, switches, org, edit)?;
            let id = store.users.get(&name).map(|user| user.id.clone());
            lists.added.push(Entry { id, name: name.clone() });
            name
        };
        if !listed.insert(name.clone()) {
            return Err(invalid(format!("{name} is listed more than once")));
        }
    }
    if delete {
        remove_unlisted(store, switches, org, &listed, lists);
    }
    Ok(())
}

/// Whoever is not listed leaves the org, and the cluster if that was the only one.
fn remove_unlisted(store: &mut Store, switches: Switches, org: u32, listed: &BTreeSet<String>, lists: &mut Lists) {
    let spared = |system: bool| system && switches.v2.import_protects_system;
    let users = store.users.values().filter(|user| user.profile.orgs.contains(&org) && !spared(user.system));
    let gone = users.filter(|user| !listed.contains(&user.name));
    let gone: Vec<Entry> = gone.map(|user| Entry { id: Some(user.id.clone()), name: user.name.clone() }).collect();
    for entry in &gone {
        let who = Who::User(entry.name.clone());
        let rest = store.get(&who).is_some_and(|user| user.profile.orgs.len() > 1);
        if !rest {
            store.remove_user(&entry.name);
            continue;
        }
        let groups: Vec<GroupKey> = store.parents(&who).into_iter().filter(|key| key.org == org).collect();
        for key in groups {
            store.leave(&who, &key);
        }
        if let Some(user) = store.get_mut(&who) {
            user.profile.orgs.remove(&org);
        }
    }
    lists.deleted = gone;
}
