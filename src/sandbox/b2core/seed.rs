//! The state an installation starts from: a JSON object `{"groups": […], "users": […]}`.
//!
//! What `state` shows is itself a seed: members that only a state has are passed over.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::sandbox::b2core::record::{ADMINISTRATORS, Group, User};
use crate::sandbox::b2core::state::Store;
use crate::sandbox::secret::Secret;

/// Users and groups besides those every installation has. A record with the id or address of one that is there already
/// changes that one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Seed {
    /// Groups of users.
    pub groups: Vec<SeedGroup>,
    /// Users.
    pub users: Vec<SeedUser>,
}

/// A group. Two may have one name.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedGroup {
    /// The next one when absent.
    pub id: Option<u64>,
    /// The name shown.
    pub name: String,
    /// None when absent.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// A user.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeedUser {
    /// The next one when absent.
    pub id: Option<u64>,
    /// The address it signs in with.
    pub email: String,
    /// The address when absent.
    pub name: Option<String>,
    /// None when absent.
    pub phone: Option<String>,
    /// True when absent.
    pub active: Option<bool>,
    /// Whether signing in asks for a second factor. True when absent.
    pub tfa: Option<bool>,
    /// None when absent.
    #[serde(default)]
    pub groups: Vec<GroupReference>,
    /// None when absent.
    #[serde(default)]
    pub ip_whitelist: Vec<String>,
    /// None when absent.
    #[serde(default)]
    pub client_tags: Vec<String>,
    /// False when absent.
    pub can_view_masked_data: Option<bool>,
    /// Nobody can sign in to it when absent.
    pub password: Option<Secret>,
}

/// A group, as a seed names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum GroupReference {
    /// By its id.
    Id(u64),
    /// By its name; the first of that name.
    Name(String),
}

/// Why a seed cannot be the state of an installation: the text names the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// An installation with its administrator (user 1, in group 1) and these.
pub(super) fn found(email: &str, password: &Secret, seed: Seed) -> Result<Store, SeedError> {
    let mut store = Store::default();
    let permissions = vec!["*".to_owned()];
    store.put_group(Group { id: 1, name: ADMINISTRATORS.to_owned(), permissions });
    store.put(User {
        name: "Back Office".to_owned(),
        active: true,
        groups: BTreeSet::from([1]),
        password: Some(password.clone()),
        ..User::blank(1, email, store.clock.now())
    });
    for SeedGroup { id, name, permissions } in seed.groups {
        if name == ADMINISTRATORS && id.is_none_or(|id| id == 1) {
            continue;
        }
        let id = id.unwrap_or_else(|| store.next_group());
        if store.groups.contains_key(&id) {
            return Err(SeedError(format!("group {name}: the id {id} is taken")));
        }
        store.put_group(Group { id, name, permissions });
    }
    for user in seed.users {
        put(&mut store, user)?;
    }
    Ok(store)
}

fn put(store: &mut Store, seed: SeedUser) -> Result<(), SeedError> {
    let email = seed.email;
    let there = store.user_of(&email).cloned();
    let id = match (&there, seed.id) {
        (Some(there), Some(id)) if there.id != id => {
            return Err(SeedError(format!("user {email}: the address is taken by user {}", there.id)));
        }
        (Some(there), _) => there.id,
        (None, Some(id)) if store.user(id).is_some() => {
            return Err(SeedError(format!("user {email}: the id {id} is taken")));
        }
        (None, id) => id.unwrap_or_else(|| store.next_user()),
    };
    let groups = seed.groups.iter().map(|group| resolve(store, &email, group)).collect::<Result<_, _>>()?;
    let now = store.clock.now();
    store.put(User {
        id,
        name: seed.name.unwrap_or_else(|| email.clone()),
        phone: seed.phone.filter(|phone| !phone.is_empty()),
        active: seed.active.unwrap_or(true),
        tfa: seed.tfa.unwrap_or(true),
        groups,
        ip_whitelist: seed.ip_whitelist,
        client_tags: seed.client_tags,
        can_view_masked_data: seed.can_view_masked_data.unwrap_or(false),
        password: seed.password.or_else(|| there.and_then(|there| there.password)),
        created: now,
        updated: now,
        email,
    });
    Ok(())
}

fn resolve(store: &Store, email: &str, group: &GroupReference) -> Result<u64, SeedError> {
    match group {
        GroupReference::Id(id) if store.groups.contains_key(id) => Ok(*id),
        GroupReference::Id(id) => Err(SeedError(format!("user {email} names the unknown group {id}"))),
        GroupReference::Name(name) => {
            let group = store.groups_named(name).next();
            group.map(|group| group.id).ok_or_else(|| SeedError(format!("user {email} names the unknown group {name}")))
        }
    }
}
