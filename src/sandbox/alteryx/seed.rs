//! The state a server starts from.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::sandbox::alteryx::group::Group;
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::store::Store;
use crate::sandbox::alteryx::user::{Asset, User};

/// Users and groups: a seed, and what the state shows. When a membership began, and by whom, is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Installation {
    /// Users, each with its groups.
    pub users: Vec<User>,
    /// Custom user groups.
    pub groups: Vec<Group>,
}

/// Why records cannot be the state of a server: the text names the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// A server with these, and with the owner of the key unless it is among them.
pub(super) fn found(installation: Installation, owner: &str) -> Result<Store, SeedError> {
    let Installation { users, groups } = installation;
    let mut store = Store::default();
    let mut named: HashMap<String, Vec<String>> = HashMap::new();
    for group in groups {
        let (name, id) = add_group(&mut store, group)?;
        named.entry(name).or_default().push(id);
    }
    for user in users {
        add_user(&mut store, user, &named)?;
    }
    if store.with_mail(owner).is_none() {
        let user = User {
            email: owner.to_owned(),
            first_name: "Server".to_owned(),
            last_name: "Administrator".to_owned(),
            role: Role::Curator,
            is_api_enabled: true,
            is_validated: true,
            ..User::default()
        };
        add_user(&mut store, user, &named)?;
    }
    Ok(store)
}

/// Gives the name and the id.
fn add_group(store: &mut Store, mut group: Group) -> Result<(String, String), SeedError> {
    if group.name.is_empty() {
        return Err(SeedError("a group has no name".to_owned()));
    }
    if group.id.is_empty() {
        group.id = store.issue_id();
    }
    if store.group(&group.id).is_some() {
        return Err(SeedError(format!("two groups have the id {}", group.id)));
    }
    if group.date_added.is_empty() {
        group.date_added = store.now();
    }
    let key = (group.name.clone(), group.id.clone());
    store.put_group(group);
    Ok(key)
}

fn add_user(store: &mut Store, mut user: User, named: &HashMap<String, Vec<String>>) -> Result<(), SeedError> {
    if user.email.is_empty() {
        return Err(SeedError("a user has no email".to_owned()));
    }
    if store.with_mail(&user.email).is_some() {
        return Err(SeedError(format!("two users have the e-mail address {}", user.email)));
    }
    if user.id.is_empty() {
        user.id = store.issue_id();
    }
    if store.user(&user.id).is_some() {
        return Err(SeedError(format!("two users have the id {}", user.id)));
    }
    if user.date_created.is_empty() {
        user.date_created = store.now();
    }
    let owned = [&mut user.assets.workflows, &mut user.assets.schedules, &mut user.assets.collections];
    for asset in owned.into_iter().flatten().filter(|asset| asset.id.is_empty()) {
        *asset = Asset { id: store.issue_id(), name: std::mem::take(&mut asset.name) };
    }
    let groups = std::mem::take(&mut user.groups);
    let (id, mail) = (user.id.clone(), user.email.clone());
    store.put_user(user);
    for group in groups {
        let group = resolve(store, named, &mail, group)?;
        store.join(&group, &id, &id);
    }
    Ok(())
}

/// The id of a group given by id or by name.
fn resolve(
    store: &Store,
    named: &HashMap<String, Vec<String>>,
    mail: &str,
    group: String,
) -> Result<String, SeedError> {
    if store.group(&group).is_some() {
        return Ok(group);
    }
    match named.get(&group).map(Vec::as_slice) {
        Some([id]) => Ok(id.clone()),
        Some(_) => Err(SeedError(format!("{mail} names the group {group}, and there are several"))),
        None => Err(SeedError(format!("{mail} names the unknown group {group}"))),
    }
}

/// What the server keeps, as a seed.
pub(super) fn installation(store: &Store) -> Installation {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for group in store.groups().values() {
        *count.entry(group.name.as_str()).or_default() += 1;
    }
    let call = |id: &String| {
        let group = store.group(id).filter(|group| count.get(group.name.as_str()) == Some(&1));
        group.map_or_else(|| id.clone(), |group| group.name.clone())
    };
    let users = store.users().values().map(|user| {
        let groups: BTreeSet<String> = user.groups.iter().map(call).collect();
        User { groups, ..user.clone() }
    });
    Installation { users: users.collect(), groups: store.groups().values().cloned().collect() }
}
