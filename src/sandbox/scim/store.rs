//! The users and groups, and who is in what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::sandbox::clock::Clock;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::reading::Ids;
use crate::sandbox::scim::table::{Entry, Table};

/// Every resource.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) users: Table,
    pub(super) groups: Table,
    pub(super) clock: Clock,
    /// The groups that each id is a member of.
    memberships: HashMap<String, BTreeSet<String>>,
    issued: u64,
}

impl Store {
    /// A service that nobody uses yet.
    pub(super) fn new() -> Self {
        Self {
            users: Table::new(Kind::User),
            groups: Table::new(Kind::Group),
            clock: Clock::default(),
            memberships: HashMap::new(),
            issued: 0,
        }
    }

    pub(super) const fn table(&self, kind: Kind) -> &Table {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    pub(super) const fn table_mut(&mut self, kind: Kind) -> &mut Table {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }

    /// What a member id belongs to.
    pub(super) fn kind_of(&self, id: &str) -> Option<Kind> {
        let kinds = [Kind::User, Kind::Group];
        kinds.into_iter().find(|kind| self.table(*kind).get(id).is_some())
    }

    /// The name of whoever has this id.
    pub(super) fn name_of(&self, id: &str) -> Option<&str> {
        let kind = self.kind_of(id)?;
        self.table(kind).get(id)?.text(kind.label())
    }

    /// The groups that an id is directly in.
    pub(super) fn groups_of(&self, id: &str) -> impl Iterator<Item = &Entry> {
        self.memberships.get(id).into_iter().flatten().filter_map(|group| self.groups.get(group))
    }

    /// Adds a resource at the end of lists, or before all others.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        id: Option<String>,
        attributes: Map<String, Value>,
        first: bool,
        ids: Ids,
    ) -> String {
        self.issued += 1;
        let name = attributes.get(kind.label()).and_then(Value::as_str);
        let id = id.unwrap_or_else(|| self.invent(name, ids));
        let now = self.clock.tick();
        let table = self.table_mut(kind);
        let place = if first { table.first_place() } else { table.last_place() };
        table.insert(Entry {
            id: id.clone(),
            place,
            created: now,
            modified: now,
            version: 1,
            attributes,
            members: BTreeMap::new(),
            password: None,
        });
        id
    }

    fn invent(&self, name: Option<&str>, ids: Ids) -> String {
        let invented = match (ids, name) {
            (Ids::Digits | Ids::Number, _) => (1000 + self.issued).to_string(),
            (Ids::Name, Some(name)) => name.to_owned(),
            (Ids::Name, None) | (Ids::Uuid, _) => guid(Space::Principal, self.issued),
        };
        if self.kind_of(&invented).is_some() { guid(Space::Principal, self.issued) } else { invented }
    }

    /// Moves the time of the last change.
    pub(super) fn touch(&mut self, kind: Kind, id: &str) {
        let now = self.clock.tick();
        if let Some(entry) = self.table_mut(kind).get_mut(id) {
            entry.modified = now;
            entry.version += 1;
        }
    }

    /// Sets how often a member is in a group; 0 takes it out. Gives what it was.
    pub(super) fn set_member(&mut self, group: &str, member: &str, times: u32) -> u32 {
        let Some(entry) = self.groups.get_mut(group) else { return 0 };
        if times == 0 {
            if let Some(groups) = self.memberships.get_mut(member) {
                groups.remove(group);
            }
            entry.members.remove(member).unwrap_or(0)
        } else {
            self.memberships.entry(member.to_owned()).or_default().insert(group.to_owned());
            entry.members.insert(member.to_owned(), times).unwrap_or(0)
        }
    }

    /// Takes an id out of every group.
    pub(super) fn expel(&mut self, id: &str) {
        for group in self.memberships.remove(id).into_iter().flatten() {
            if let Some(entry) = self.groups.get_mut(&group) {
                entry.members.remove(id);
            }
        }
    }

    /// Removes a resource, and its memberships unless they dangle.
    pub(super) fn remove(&mut self, kind: Kind, id: &str, dangling: bool) {
        if let Some(entry) = self.table_mut(kind).remove(id) {
            for member in entry.members.keys() {
                if let Some(groups) = self.memberships.get_mut(member) {
                    groups.remove(id);
                }
            }
        }
        if !dangling {
            self.expel(id);
        }
    }
}
