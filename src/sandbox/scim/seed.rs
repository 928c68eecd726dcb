//! The state that a service starts from.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::reading::Ids;
use crate::sandbox::scim::store::Store;
use crate::sandbox::secret::Secret;

/// Users and groups as SCIM resources.
///
/// An `id` may be left out. A member of a group is an object with a `value`: an id, or else the name of a user or of a
/// group of this seed. What else is in a resource is kept as it is, so that a seed can hold what the RFC forbids.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    /// Users, in the order of lists.
    pub users: Vec<Map<String, Value>>,
    /// Groups, in the order of lists.
    pub groups: Vec<Map<String, Value>>,
}

/// Why resources cannot be the state of a service: the text names the resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// A service with these resources.
pub(super) fn plant(seed: Seed, ids: Ids) -> Result<Store, SeedError> {
    let mut store = Store::new();
    for user in seed.users {
        let (id, mut attributes) = resource(user);
        let password = attributes.remove("password");
        let id = add(&mut store, Kind::User, id, attributes, ids)?;
        if let Some(entry) = store.users.get_mut(&id) {
            entry.password = password.and_then(|password| password.as_str().map(Secret::new));
        }
    }
    let mut joins = Vec::new();
    for group in seed.groups {
        let (id, mut attributes) = resource(group);
        let members = attributes.remove("members");
        let id = add(&mut store, Kind::Group, id, attributes, ids)?;
        joins.push((id, members));
    }
    for (group, members) in joins {
        let members = members.as_ref().and_then(Value::as_array).into_iter().flatten();
        for value in members.filter_map(|member| member.get("value").and_then(Value::as_str)) {
            let member = resolve(&store, value).unwrap_or_else(|| value.to_owned());
            store.set_member(&group, &member, 1);
        }
    }
    Ok(store)
}

/// Takes the id, and what the service says itself, out of a resource.
fn resource(mut resource: Map<String, Value>) -> (Option<String>, Map<String, Value>) {
    for own in ["schemas", "meta", "groups"] {
        resource.remove(own);
    }
    let id = resource.remove("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    (id, resource)
}

fn add(
    store: &mut Store,
    kind: Kind,
    id: Option<String>,
    attributes: Map<String, Value>,
    ids: Ids,
) -> Result<String, SeedError> {
    if let Some(id) = id.as_ref().filter(|id| store.kind_of(id).is_some()) {
        return Err(SeedError(format!("two resources have the id {id}")));
    }
    Ok(store.add(kind, id, attributes, false, ids))
}

fn resolve(store: &Store, value: &str) -> Option<String> {
    if store.kind_of(value).is_some() {
        return Some(value.to_owned());
    }
    [Kind::User, Kind::Group].into_iter().find_map(|kind| {
        let table = store.table(kind);
        let mut found = table.named(value).iter().filter_map(|place| table.at(*place));
        found.find(|entry| entry.text(kind.label()) == Some(value)).map(|entry| entry.id.clone())
    })
}
