//! Frontend users, frontend groups and the groups of other platforms.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::sandbox::clock::Clock;
use crate::sandbox::curator::index::Index;
use crate::sandbox::curator::platform::{PlatformGroup, PlatformKey};
use crate::sandbox::curator::switches::Matching;

/// A person who has signed in. Vendor: "Frontend Users".
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) full_name: String,
    pub(super) custom_attributes: Map<String, Value>,
    /// Milliseconds since 1970.
    pub(super) created: u64,
    pub(super) groups: BTreeSet<u64>,
}

/// Curator's own group. Vendor: "Users and Groups Overview".
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) custom_attributes: Map<String, Value>,
    pub(super) platforms: BTreeSet<PlatformKey>,
    pub(super) members: BTreeSet<u64>,
}

/// Everything the portal keeps.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    pub(super) users: BTreeMap<u64, User>,
    pub(super) groups: BTreeMap<u64, Group>,
    pub(super) platforms: BTreeMap<PlatformKey, PlatformGroup>,
    pub(super) clock: Clock,
    user_names: Index,
    emails: Index,
    group_names: Index,
}

impl Store {
    /// Adds a user; `id` is the next free number when absent. Gives the number.
    pub(super) fn add_user(&mut self, id: Option<u64>, name: &str, email: &str, full_name: &str) -> u64 {
        let id = id.unwrap_or_else(|| next(&self.users));
        self.user_names.insert(name, id);
        self.emails.insert(email, id);
        let user = User {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
            full_name: full_name.to_owned(),
            custom_attributes: Map::new(),
            created: self.clock.tick(),
            groups: BTreeSet::new(),
        };
        self.users.insert(id, user);
        id
    }

    /// Adds a group; `id` is the next free number when absent. Gives the number.
    pub(super) fn add_group(&mut self, id: Option<u64>, name: &str) -> u64 {
        let id = id.unwrap_or_else(|| next(&self.groups));
        self.group_names.insert(name, id);
        let (custom_attributes, platforms, members) = (Map::new(), BTreeSet::new(), BTreeSet::new());
        self.groups.insert(id, Group { id, name: name.to_owned(), custom_attributes, platforms, members });
        id
    }

    pub(super) fn user_named(&self, name: &str, matching: Matching) -> Option<u64> {
        self.user_names.find(name, matching)
    }

    pub(super) fn user_with_email(&self, email: &str, matching: Matching) -> Option<u64> {
        self.emails.find(email, matching)
    }

    pub(super) fn group_named(&self, name: &str, matching: Matching) -> Option<u64> {
        self.group_names.find(name, matching)
    }

    /// Every group of exactly this name.
    pub(super) fn groups_named(&self, name: &str) -> Vec<u64> {
        self.group_names.all(name).collect()
    }

    /// Puts a user into a group or takes it out; whether that changed anything. Unknown numbers change nothing.
    pub(super) fn set_member(&mut self, user: u64, group: u64, inside: bool) -> bool {
        let (Some(user), Some(group)) = (self.users.get_mut(&user), self.groups.get_mut(&group)) else {
            return false;
        };
        if inside {
            user.groups.insert(group.id);
            group.members.insert(user.id)
        } else {
            user.groups.remove(&group.id);
            group.members.remove(&user.id)
        }
    }
}

fn next<T>(of: &BTreeMap<u64, T>) -> u64 {
    of.last_key_value().map_or(1, |(last, _)| last + 1)
}
