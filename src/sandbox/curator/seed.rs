//! What a portal starts from, in the form in which its state is printed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sandbox::curator::platform::{PlatformGroup, PlatformKey};
use crate::sandbox::curator::state::Store;
use crate::sandbox::curator::switches::Matching;

/// Users, groups and the groups of other platforms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    pub users: Vec<UserSeed>,
    pub groups: Vec<GroupSeed>,
    pub platforms: PlatformSeed,
}

/// A frontend user, with the names that the API gives its members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserSeed {
    /// The next free number when absent.
    pub id: Option<u64>,
    /// The user name. Required.
    pub name: String,
    pub email: String,
    pub full_name: String,
    pub custom_attributes: Map<String, Value>,
    /// Names of groups.
    pub groups: Vec<String>,
}

/// A frontend group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroupSeed {
    /// The next free number when absent.
    pub id: Option<u64>,
    /// Required. Two groups may have one name if both have a number.
    pub name: String,
    pub custom_attributes: Map<String, Value>,
    /// The platform groups attached.
    pub platforms: PlatformNames,
    /// Names of users; they may also be given by the users' own `groups`.
    pub members: Vec<String>,
}

/// Platform groups by name, as `createFrontendGroup` takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlatformNames {
    pub tableau: Vec<TableauName>,
    pub thoughtspot: Vec<String>,
}

/// A group of a Tableau server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableauName {
    /// The name of the connection in Curator.
    pub server: String,
    pub site: String,
    pub group: String,
}

impl PlatformNames {
    pub(super) fn keys(self) -> BTreeSet<PlatformKey> {
        let tableau = self.tableau.into_iter();
        let tableau = tableau.map(|TableauName { server, site, group }| PlatformKey::Tableau { server, site, group });
        tableau.chain(self.thoughtspot.into_iter().map(|group| PlatformKey::ThoughtSpot { group })).collect()
    }

    fn show(keys: &BTreeSet<PlatformKey>) -> Self {
        let mut names = Self::default();
        for key in keys.clone() {
            match key {
                PlatformKey::Tableau { server, site, group } => names.tableau.push(TableauName { server, site, group }),
                PlatformKey::ThoughtSpot { group } => names.thoughtspot.push(group),
            }
        }
        names
    }
}

/// What the platforms themselves have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformSeed {
    pub tableau: Vec<TableauSeed>,
    pub thoughtspot: Vec<ThoughtSpotSeed>,
}

/// A group of a Tableau server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableauSeed {
    pub server: String,
    pub url: String,
    pub site: String,
    pub name: String,
    pub id: String,
    /// Names of users there.
    pub members: BTreeSet<String>,
}

/// A group of the `ThoughtSpot` cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThoughtSpotSeed {
    pub name: String,
    pub id: String,
    /// Names of users there.
    pub members: BTreeSet<String>,
}

impl Seed {
    /// A portal with this in it.
    ///
    /// # Errors
    /// Names what contradicts the rest.
    pub(super) fn plant(self) -> Result<Store, String> {
        let mut store = Store::default();
        for TableauSeed { server, url, site, name, id, members } in self.platforms.tableau {
            let key = PlatformKey::Tableau { server, site, group: name };
            store.platforms.insert(key, PlatformGroup { id, url, members });
        }
        for ThoughtSpotSeed { name, id, members } in self.platforms.thoughtspot {
            store
                .platforms
                .insert(PlatformKey::ThoughtSpot { group: name }, PlatformGroup { id, members, url: String::new() });
        }
        let mut members = Vec::new();
        for GroupSeed { id, name, custom_attributes, platforms, members: inside } in self.groups {
            let twice = id.is_some_and(|id| store.groups.contains_key(&id));
            let again = id.is_none() && !store.groups_named(&name).is_empty();
            if name.trim().is_empty() || twice || again {
                return Err(format!("the group `{name}` has no name, or one or a number that another has"));
            }
            let group = store.add_group(id, &name);
            if let Some(group) = store.groups.get_mut(&group) {
                group.custom_attributes = custom_attributes;
                group.platforms = platforms.keys();
            }
            members.push((group, inside));
        }
        let mut wanted = Vec::new();
        for UserSeed { id, name, email, full_name, custom_attributes, groups } in self.users {
            let twice = id.is_some_and(|id| store.users.contains_key(&id));
            let again = store.user_named(&name, Matching::Exact).is_some();
            if name.trim().is_empty() || twice || again {
                return Err(format!("the user `{name}` has no name, or one or a number that another has"));
            }
            let user = store.add_user(id, &name, &email, &full_name);
            if let Some(user) = store.users.get_mut(&user) {
                user.custom_attributes = custom_attributes;
            }
            wanted.push((user, name, groups));
        }
        join(&mut store, members, wanted)?;
        Ok(store)
    }
}

/// Memberships from both sides. Where two groups have the name that a user gives, one that lists the user is enough.
fn join(
    store: &mut Store,
    members: Vec<(u64, Vec<String>)>,
    wanted: Vec<(u64, String, Vec<String>)>,
) -> Result<(), String> {
    for (group, names) in members {
        for name in names {
            let user = store
                .user_named(&name, Matching::Exact)
                .ok_or_else(|| format!("a group has the unknown member {name}"))?;
            store.set_member(user, group, true);
        }
    }
    for (user, name, groups) in wanted {
        for wanted in groups {
            let alike = store.groups_named(&wanted);
            let first = alike.first().copied().ok_or_else(|| format!("{name} names the unknown group {wanted}"))?;
            let already = store.users.get(&user).is_some_and(|user| alike.iter().any(|id| user.groups.contains(id)));
            if !already {
                store.set_member(user, first, true);
            }
        }
    }
    Ok(())
}

impl Store {
    /// Everything, so that it can be a seed again.
    pub(super) fn show(&self) -> Seed {
        let users = self.users.values().map(|user| UserSeed {
            id: Some(user.id),
            name: user.name.clone(),
            email: user.email.clone(),
            full_name: user.full_name.clone(),
            custom_attributes: user.custom_attributes.clone(),
            groups: user.groups.iter().filter_map(|id| self.groups.get(id)).map(|group| group.name.clone()).collect(),
        });
        let groups = self.groups.values().map(|group| GroupSeed {
            id: Some(group.id),
            name: group.name.clone(),
            custom_attributes: group.custom_attributes.clone(),
            platforms: PlatformNames::show(&group.platforms),
            members: group.members.iter().filter_map(|id| self.users.get(id)).map(|user| user.name.clone()).collect(),
        });
        let mut platforms = PlatformSeed::default();
        for (key, PlatformGroup { id, url, members }) in self.platforms.clone() {
            match key.clone() {
                PlatformKey::Tableau { server, site, group: name } => {
                    platforms.tableau.push(TableauSeed { server, url, site, name, id, members });
                }
                PlatformKey::ThoughtSpot { group: name } => {
                    platforms.thoughtspot.push(ThoughtSpotSeed { name, id, members });
                }
            }
        }
        Seed { users: users.collect(), groups: groups.collect(), platforms }
    }
}
