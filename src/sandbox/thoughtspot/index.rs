//! Who has which GUID, which names differ by case alone, and who is in which group.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::sandbox::thoughtspot::org::{GroupKey, Who};

/// The direct members of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    /// By exact name.
    pub(super) users: BTreeSet<String>,
    /// Groups of the same org.
    pub(super) groups: BTreeSet<GroupKey>,
}

/// Ways to find principals without walking through all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// Principals by GUID.
    pub(super) ids: HashMap<String, Who>,
    /// Exact user names by lower case.
    pub(super) folded: HashMap<String, BTreeSet<String>>,
    /// Members by group, also of a group that went while they kept it.
    pub(super) members: HashMap<GroupKey, Members>,
    /// The members of a group without any.
    pub(super) nobody: Members,
    /// User names in order, until somebody comes or goes.
    pub(super) user_order: Option<Arc<Vec<String>>>,
    /// Groups of every org in order, until one comes or goes.
    pub(super) group_order: Option<Arc<Vec<GroupKey>>>,
}

impl Index {
    /// Somebody has come.
    pub(super) fn enter(&mut self, who: &Who, id: &str) {
        self.ids.insert(id.to_owned(), who.clone());
        match who {
            Who::User(name) => {
                self.folded.entry(name.to_lowercase()).or_default().insert(name.clone());
                self.user_order = None;
            }
            Who::Group(_) => self.group_order = None,
        }
    }

    /// Somebody has gone.
    pub(super) fn withdraw(&mut self, who: &Who, id: &str) {
        self.ids.remove(id);
        match who {
            Who::User(name) => {
                let key = name.to_lowercase();
                if let Some(names) = self.folded.get_mut(&key) {
                    names.remove(name);
                    if names.is_empty() {
                        self.folded.remove(&key);
                    }
                }
                self.user_order = None;
            }
            Who::Group(_) => self.group_order = None,
        }
    }

    /// Notes a membership.
    pub(super) fn join(&mut self, who: &Who, group: &GroupKey) {
        let members = self.members.entry(group.clone()).or_default();
        match who {
            Who::User(name) => members.users.insert(name.clone()),
            Who::Group(key) => members.groups.insert(key.clone()),
        };
    }

    /// Strikes a membership.
    pub(super) fn leave(&mut self, who: &Who, group: &GroupKey) {
        let Some(members) = self.members.get_mut(group) else { return };
        match who {
            Who::User(name) => members.users.remove(name),
            Who::Group(key) => members.groups.remove(key),
        };
    }
}
