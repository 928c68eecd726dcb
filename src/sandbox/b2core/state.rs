//! The users and groups of an installation.

use std::collections::{BTreeMap, HashMap};

use crate::sandbox::b2core::record::{Group, User};
use crate::sandbox::clock::Clock;

/// Every user and group. Ids ascend and are never given twice.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    /// By their place in a list: the id, or less than 0 for those who were put before all others.
    users: BTreeMap<i64, User>,
    places: HashMap<u64, i64>,
    /// Ids by folded address.
    addresses: HashMap<String, u64>,
    pub(super) groups: BTreeMap<u64, Group>,
    /// Who was sent a mail about a new profile, in order.
    pub(super) mails: Vec<String>,
    pub(super) clock: Clock,
    last_user: u64,
    last_group: u64,
    first_place: i64,
}

impl Store {
    /// In the order of a list.
    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    pub(super) fn user(&self, id: u64) -> Option<&User> {
        self.users.get(self.places.get(&id)?)
    }

    /// Whose address this is, without regard to case.
    pub(super) fn user_of(&self, email: &str) -> Option<&User> {
        self.user(*self.addresses.get(&fold(email))?)
    }

    /// An id for a new user.
    pub(super) const fn next_user(&mut self) -> u64 {
        self.last_user += 1;
        self.last_user
    }

    /// An id for a new group.
    pub(super) const fn next_group(&mut self) -> u64 {
        self.last_group += 1;
        self.last_group
    }

    /// Keeps a user under its id, in place of the one it had.
    pub(super) fn put(&mut self, user: User) {
        let place = i64::try_from(user.id).unwrap_or(i64::MAX);
        self.put_at(place, user);
    }

    /// Keeps a new user, listed before all others.
    pub(super) fn put_first(&mut self, user: User) {
        self.first_place -= 1;
        self.put_at(self.first_place, user);
    }

    fn put_at(&mut self, place: i64, user: User) {
        let place = *self.places.entry(user.id).or_insert(place);
        if let Some(before) = self.users.get(&place) {
            self.addresses.remove(&fold(&before.email));
        }
        self.last_user = self.last_user.max(user.id);
        self.addresses.insert(fold(&user.email), user.id);
        self.users.insert(place, user);
    }

    /// Keeps a group under its id, in place of the one it had.
    pub(super) fn put_group(&mut self, group: Group) {
        self.last_group = self.last_group.max(group.id);
        self.groups.insert(group.id, group);
    }

    pub(super) fn remove(&mut self, id: u64) {
        let user = self.places.remove(&id).and_then(|place| self.users.remove(&place));
        if let Some(user) = user {
            self.addresses.remove(&fold(&user.email));
        }
    }

    /// Removes a group; its members leave it.
    pub(super) fn remove_group(&mut self, id: u64) {
        if self.groups.remove(&id).is_some() {
            for user in self.users.values_mut() {
                user.groups.remove(&id);
            }
        }
    }

    /// Whether anybody is in a group.
    pub(super) fn has_members(&self, group: u64) -> bool {
        self.users.values().any(|user| user.groups.contains(&group))
    }

    /// The groups of this name.
    pub(super) fn groups_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.values().filter(move |group| group.name == name)
    }
}

/// Addresses that differ by case alone are one.
fn fold(email: &str) -> String {
    email.to_lowercase()
}
