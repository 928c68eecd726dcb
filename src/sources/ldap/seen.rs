//! What not one entry has: an attribute that is misspelled or hidden looks the same as one that is empty everywhere.

use super::assemble::{GroupShape, MembersIn, Shape};
use super::entry::Entry;
use crate::sources::count::count;

/// Which attributes that people go by were seen at all.
#[derive(Debug, Default)]
pub(super) struct Seen {
    users: usize,
    groups: usize,
    membership: bool,
    activity: bool,
}

impl Seen {
    pub(super) fn user(&mut self, entry: &Entry, shape: &Shape) {
        self.users += 1;
        if let Some(GroupShape { members: MembersIn::MemberOf(attribute), .. }) = &shape.groups {
            self.membership |= !entry.values(attribute).is_empty();
        }
        if let Some(rule) = &shape.users.active {
            self.activity |= !entry.values(&rule.attribute).is_empty();
        }
    }

    pub(super) fn group(&mut self, entry: &Entry, members: &MembersIn) {
        self.groups += 1;
        self.membership |= !entry.values(members.attribute()).is_empty();
    }

    /// Somebody is in a group, wherever that is written.
    pub(super) fn membership(&mut self) {
        self.membership = true;
    }

    /// What cannot be believed. Where all groups are empty in truth, nobody is removed for it either.
    pub(super) fn doubts(&self, shape: &Shape) -> Vec<String> {
        let mut doubts = Vec::new();
        let (users, groups) = (count(self.users, "user"), count(self.groups, "group"));
        if let Some(GroupShape { members, .. }) = shape.groups.as_ref().filter(|_| self.groups > 0 && !self.membership)
        {
            let (all, attribute) = match members {
                MembersIn::MemberOf(attribute) => (format!("{users} and {groups}"), attribute),
                MembersIn::Dns(attribute) | MembersIn::Names(attribute) => (groups, attribute),
            };
            doubts.push(format!(
                "none of {all} has a value of `{attribute}`: check `groups.members`, and whether the bind account may \
                 see it"
            ));
        }
        let rule = shape.users.active.as_ref().filter(|rule| rule.expects_values());
        if let Some(rule) = rule.filter(|_| self.users > 0 && !self.activity) {
            doubts.push(format!(
                "none of {users} has `{}`, which tells who is active: check `users.active`, and whether the bind \
                 account may see it",
                rule.attribute
            ));
        }
        doubts
    }
}
