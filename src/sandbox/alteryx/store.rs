//! The users and groups of the server.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, SecondsFormat};

use crate::sandbox::alteryx::group::{Group, Joined};
use crate::sandbox::alteryx::role::Role;
use crate::sandbox::alteryx::user::User;
use crate::sandbox::clock::Clock;

/// Everything the server keeps. Lists are in the order of ids, which is that of creation.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    users: BTreeMap<String, User>,
    /// E-mail address in small letters to user id.
    mails: HashMap<String, String>,
    groups: BTreeMap<String, Group>,
    clock: Clock,
    issued: u64,
}

impl Store {
    /// A new id: 24 hexadecimal digits, each greater than the one before.
    pub(super) fn issue_id(&mut self) -> String {
        self.issued += 1;
        format!("65f0c0ff{:016x}", self.issued)
    }

    /// The next moment, in ISO 8601.
    pub(super) fn now(&mut self) -> String {
        let moment = i64::try_from(self.clock.tick()).ok().and_then(DateTime::from_timestamp_millis);
        moment.map(|moment| moment.to_rfc3339_opts(SecondsFormat::Millis, true)).unwrap_or_default()
    }

    pub(super) const fn users(&self) -> &BTreeMap<String, User> {
        &self.users
    }

    pub(super) const fn groups(&self) -> &BTreeMap<String, Group> {
        &self.groups
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    pub(super) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(id)
    }

    /// The user with this e-mail address, in any case.
    pub(super) fn with_mail(&self, mail: &str) -> Option<&User> {
        self.users.get(self.mails.get(&mail.to_lowercase())?)
    }

    /// Puts a user in, or in the place of the one with its id. The address is free, or its own.
    pub(super) fn put_user(&mut self, user: User) {
        if let Some(old) = self.users.get(&user.id) {
            self.mails.remove(&old.email.to_lowercase());
        }
        self.mails.insert(user.email.to_lowercase(), user.id.clone());
        self.users.insert(user.id.clone(), user);
    }

    /// Changes what no index knows of a user.
    pub(super) fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.get_mut(id)
    }

    /// Takes a user away, who is in no group.
    pub(super) fn remove_user(&mut self, id: &str) -> Option<User> {
        let user = self.users.remove(id)?;
        self.mails.remove(&user.email.to_lowercase());
        Some(user)
    }

    pub(super) fn put_group(&mut self, group: Group) {
        self.groups.insert(group.id.clone(), group);
    }

    pub(super) fn group_mut(&mut self, id: &str) -> Option<&mut Group> {
        self.groups.get_mut(id)
    }

    /// Takes a group away, out of its members' lists too.
    pub(super) fn remove_group(&mut self, id: &str) -> Option<Group> {
        let group = self.groups.remove(id)?;
        for user in group.members.keys() {
            if let Some(user) = self.users.get_mut(user) {
                user.groups.remove(id);
            }
        }
        Some(group)
    }

    /// Whether a group has this name.
    pub(super) fn has_group_named(&self, name: &str) -> bool {
        self.groups.values().any(|group| group.name == name)
    }

    /// Puts a user into a group; both are there. Whoever is in already stays as they are.
    pub(super) fn join(&mut self, group: &str, user: &str, by: &str) {
        let date = self.now();
        if let (Some(group), Some(user)) = (self.groups.get_mut(group), self.users.get_mut(user)) {
            user.groups.insert(group.id.clone());
            group.members.entry(user.id.clone()).or_insert_with(|| Joined { date, by: by.to_owned() });
        }
    }

    /// Takes a user out of a group; whether the user was in.
    pub(super) fn part(&mut self, group: &str, user: &str) -> bool {
        if let Some(user) = self.users.get_mut(user) {
            user.groups.remove(group);
        }
        self.groups.get_mut(group).is_some_and(|group| group.members.remove(user).is_some())
    }

    /// Takes a user out of all groups and gives their ids.
    pub(super) fn strip(&mut self, user: &str) -> Vec<String> {
        let groups = self.users.get_mut(user).map(|user| std::mem::take(&mut user.groups)).unwrap_or_default();
        for group in &groups {
            self.part(group, user);
        }
        groups.into_iter().collect()
    }

    /// What a user may really do.
    pub(super) fn effective_role(&self, user: &User, default: Role) -> Role {
        let groups = user.groups.iter().filter_map(|id| self.groups.get(id)).map(|group| group.role);
        user.role.effective(groups, default)
    }
}
