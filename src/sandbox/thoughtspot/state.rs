//! The principals of the cluster, and what it comes with.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::sandbox::clock::Clock;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::thoughtspot::index::{Index, Members};
use crate::sandbox::thoughtspot::org::{GroupKey, Org, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, ALL, Attributes, Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::profile::Profile;

/// When the system principals were made: the time the vendor's own samples show.
const FOUNDED: u64 = 1_354_006_445_722;

/// Users and groups of the system: name, display name, GUID, groups. The GUIDs are those that
/// recur in the vendor's documentation and API description; none is published for `guest`, so
/// its own is invented.
const SYSTEM: [(&str, &str, &str, PrincipalType, &[&str]); 7] = [
    ("Administrator", "Administration Group", "d0326b56-ef23-4c8a-8327-a30e99bcc72b", PrincipalType::LocalGroup, &[]),
    ("All", "All Group", "b25ee394-9d13-49e3-9385-cd97f5b253b4", PrincipalType::LocalGroup, &[]),
    ("System", "System Group", "179d8867-cf36-4a8d-a019-63a226fd3196", PrincipalType::LocalGroup, &[]),
    ("guest", "Guest", "1f2a7d0c-5c1e-4e0b-9d55-0e6f1f6a7b10", PrincipalType::LocalUser, &[ALL]),
    (
        "su",
        "System Super-User",
        "0f0dd0f7-7411-4195-a4aa-0dc6b58413c9",
        PrincipalType::LocalUser,
        &[ADMINISTRATOR, ALL, "System"],
    ),
    ("system", "System User", "67e15c06-d153-4924-a4cd-ff615393b60f", PrincipalType::LocalUser, &[ALL, "System"]),
    (
        "tsadmin",
        "Administrator",
        "59481331-ee53-42be-a548-bd87be6ddd4a",
        PrincipalType::LocalUser,
        &[ADMINISTRATOR, ALL],
    ),
];

/// Every principal, by its exact name. Whoever comes, goes, is renamed or changes groups does so by a method, which
/// keeps the index true; other members may be changed in place.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) users: BTreeMap<String, Principal>,
    /// Groups of the primary org.
    pub(super) groups: BTreeMap<String, Principal>,
    /// Groups of other orgs.
    elsewhere: BTreeMap<GroupKey, Principal>,
    pub(super) orgs: BTreeMap<u32, Org>,
    /// Objects that went with a deleted owner.
    pub(super) lost_objects: u64,
    pub(super) clock: Clock,
    issued: u64,
    /// GUIDs that a seed gives to somebody.
    reserved: HashSet<String>,
    index: Index,
}

impl Store {
    /// A cluster with its system principals and nobody else. The primary org is there in any case.
    pub(super) fn new(orgs: &[Org]) -> Self {
        let mut store = Self {
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            orgs: Org::defaults().into_iter().filter(|org| org.id == PRIMARY).map(|org| (org.id, org)).collect(),
            lost_objects: 0,
            clock: Clock::default(),
            issued: 0,
            reserved: HashSet::new(),
            index: Index::default(),
        };
        for (name, display_name, id, principal_type, groups) in SYSTEM {
            let groups = groups.iter().map(|group| (*group).to_owned()).collect();
            let who = Who::primary(principal_type.is_user(), name);
            let mut principal = founder(name, display_name, id, principal_type, groups);
            if name == ADMINISTRATOR {
                principal.profile.privileges.insert("ADMINISTRATION".to_owned());
            }
            store.insert(&who, principal);
        }
        for org in orgs {
            store.found(org);
        }
        store
    }

    /// An org with the groups that every org has, under GUIDs of their own.
    fn found(&mut self, org: &Org) {
        self.orgs.insert(org.id, org.clone());
        if org.id == PRIMARY {
            return;
        }
        for (name, display_name, privileges) in
            [(ADMINISTRATOR, "Administration Group", Some("ADMINISTRATION")), (ALL, "All Group", None)]
        {
            let id = guid(Space::Principal, u64::from(org.id) << 32 | u64::from(privileges.is_some()));
            let mut group = founder(name, display_name, &id, PrincipalType::LocalGroup, BTreeSet::new());
            group.profile.orgs = BTreeSet::from([org.id]);
            group.profile.privileges = privileges.into_iter().map(str::to_owned).collect();
            self.insert(&Who::Group(GroupKey::new(org.id, name)), group);
        }
    }

    /// Users, or groups of the primary org.
    pub(super) const fn kind(&self, users: bool) -> &BTreeMap<String, Principal> {
        if users { &self.users } else { &self.groups }
    }

    /// What API v1 shows: groups of the primary org by name, then its users by name.
    pub(super) fn principals(&self) -> impl Iterator<Item = &Principal> {
        let users = self.users.values().filter(|user| user.profile.orgs.contains(&PRIMARY));
        self.groups.values().chain(users)
    }

    /// Everybody: groups of the primary org by name, those of other orgs, users by name.
    pub(super) fn everybody(&self) -> impl Iterator<Item = &Principal> {
        self.groups.values().chain(self.elsewhere.values()).chain(self.users.values())
    }

    /// A user: as written, or else (when `fold`) without regard to case.
    pub(super) fn find_user(&self, name: &str, fold: bool) -> Option<&Principal> {
        self.users.get(name).or_else(|| {
            let exact = self.index.folded.get(&name.to_lowercase()).filter(|_| fold)?.first()?;
            self.users.get(exact)
        })
    }

    /// The user with this GUID.
    pub(super) fn user_with_id(&self, id: &str) -> Option<&Principal> {
        match self.index.ids.get(id)? {
            Who::User(name) => self.users.get(name),
            Who::Group(_) => None,
        }
    }

    /// The group with this GUID.
    pub(super) fn group_with_id(&self, id: &str) -> Option<&GroupKey> {
        match self.index.ids.get(id)? {
            Who::User(_) => None,
            Who::Group(key) => Some(key),
        }
    }

    /// A principal, if it is there.
    pub(super) fn get(&self, who: &Who) -> Option<&Principal> {
        match who {
            Who::User(name) => self.users.get(name),
            Who::Group(key) => self.group(key),
        }
    }

    /// A group, if it is there.
    pub(super) fn group(&self, key: &GroupKey) -> Option<&Principal> {
        if key.org == PRIMARY { self.groups.get(&key.name) } else { self.elsewhere.get(key) }
    }

    /// A principal, for changes to what the index does not know.
    pub(super) fn get_mut(&mut self, who: &Who) -> Option<&mut Principal> {
        match who {
            Who::User(name) => self.users.get_mut(name),
            Who::Group(key) if key.org == PRIMARY => self.groups.get_mut(&key.name),
            Who::Group(key) => self.elsewhere.get_mut(key),
        }
    }

    /// The direct members of a group.
    pub(super) fn members(&self, group: &GroupKey) -> &Members {
        self.index.members.get(group).unwrap_or(&self.index.nobody)
    }

    /// The direct parents of a principal, in every org; a group that went is among those who kept it.
    pub(super) fn parents(&self, who: &Who) -> Vec<GroupKey> {
        self.get(who).map_or_else(Vec::new, parents)
    }

    /// User names in order.
    pub(super) fn user_order(&mut self) -> Arc<Vec<String>> {
        let users = &self.users;
        Arc::clone(self.index.user_order.get_or_insert_with(|| Arc::new(users.keys().cloned().collect())))
    }

    /// Groups of every org, by name and then by org.
    pub(super) fn group_order(&mut self) -> Arc<Vec<GroupKey>> {
        let (groups, elsewhere) = (&self.groups, &self.elsewhere);
        Arc::clone(self.index.group_order.get_or_insert_with(|| {
            let primary = groups.keys().map(|name| GroupKey::new(PRIMARY, name));
            let mut keys: Vec<GroupKey> = primary.chain(elsewhere.keys().cloned()).collect();
            keys.sort();
            Arc::new(keys)
        }))
    }

    /// These GUIDs are given to nobody by chance.
    pub(super) fn reserve(&mut self, ids: impl IntoIterator<Item = String>) {
        self.reserved.extend(ids);
    }

    /// A new GUID.
    pub(super) fn issue_id(&mut self) -> String {
        loop {
            self.issued += 1;
            let id = guid(Space::Principal, self.issued);
            if !self.reserved.contains(&id) {
                return id;
            }
        }
    }

    /// Somebody comes, with the membership that is written in it.
    pub(super) fn insert(&mut self, who: &Who, principal: Principal) {
        self.index.enter(who, &principal.id);
        for group in parents(&principal) {
            self.index.join(who, &group);
        }
        match who {
            Who::User(name) => self.users.insert(name.clone(), principal),
            Who::Group(key) if key.org == PRIMARY => self.groups.insert(key.name.clone(), principal),
            Who::Group(key) => self.elsewhere.insert(key.clone(), principal),
        };
    }

    /// Somebody goes. The members of a group keep it in their lists.
    pub(super) fn remove(&mut self, who: &Who) -> Option<Principal> {
        let gone = match who {
            Who::User(name) => self.users.remove(name),
            Who::Group(key) if key.org == PRIMARY => self.groups.remove(&key.name),
            Who::Group(key) => self.elsewhere.remove(key),
        }?;
        self.index.withdraw(who, &gone.id);
        for group in parents(&gone) {
            self.index.leave(who, &group);
        }
        Some(gone)
    }

    /// Removes a user; the objects it owned are lost.
    pub(super) fn remove_user(&mut self, name: &str) {
        if let Some(user) = self.remove(&Who::User(name.to_owned())) {
            self.lost_objects += user.owned;
        }
    }

    /// Makes the attributes of somebody these, membership in the primary org included.
    pub(super) fn replace(&mut self, who: &Who, attributes: Attributes) {
        let before = self.parents(who);
        if let Some(principal) = self.get_mut(who) {
            principal.attributes = attributes;
        }
        for group in before {
            self.index.leave(who, &group);
        }
        for group in self.parents(who) {
            self.index.join(who, &group);
        }
    }

    /// Puts somebody into a group.
    pub(super) fn join(&mut self, who: &Who, group: &GroupKey) {
        let Some(principal) = self.get_mut(who) else { return };
        if group.org == PRIMARY {
            principal.attributes.group_names.insert(group.name.clone());
        } else {
            principal.profile.elsewhere.insert(group.clone());
        }
        self.index.join(who, group);
    }

    /// Takes somebody out of a group.
    pub(super) fn leave(&mut self, who: &Who, group: &GroupKey) {
        let Some(principal) = self.get_mut(who) else { return };
        if group.org == PRIMARY {
            principal.attributes.group_names.remove(&group.name);
        } else {
            principal.profile.elsewhere.remove(group);
        }
        self.index.leave(who, group);
    }

    /// Gives somebody another name; memberships and members go along.
    pub(super) fn rename(&mut self, who: &Who, name: &str) -> Who {
        let renamed = match who {
            Who::User(_) => Who::User(name.to_owned()),
            Who::Group(key) => Who::Group(GroupKey::new(key.org, name)),
        };
        let Some(mut principal) = self.remove(who) else { return renamed };
        name.clone_into(&mut principal.name);
        self.insert(&renamed, principal);
        if let (Who::Group(old), Who::Group(new)) = (who, &renamed) {
            let Members { users, groups } = self.members(old).clone();
            for member in users.into_iter().map(Who::User).chain(groups.into_iter().map(Who::Group)) {
                self.leave(&member, old);
                self.join(&member, new);
            }
        }
        renamed
    }

    /// Gives somebody this GUID.
    pub(super) fn set_id(&mut self, who: &Who, id: &str) {
        let Some(principal) = self.get_mut(who) else { return };
        let old = std::mem::replace(&mut principal.id, id.to_owned());
        self.index.withdraw(who, &old);
        self.index.enter(who, id);
    }
}

fn parents(principal: &Principal) -> Vec<GroupKey> {
    let primary = principal.attributes.group_names.iter().map(|name| GroupKey::new(PRIMARY, name));
    primary.chain(principal.profile.elsewhere.iter().cloned()).collect()
}

/// A principal that came with the cluster.
fn founder(
    name: &str,
    display_name: &str,
    id: &str,
    principal_type: PrincipalType,
    group_names: BTreeSet<String>,
) -> Principal {
    Principal {
        id: id.to_owned(),
        name: name.to_owned(),
        attributes: Attributes {
            display_name: display_name.to_owned(),
            description: String::new(),
            mail: String::new(),
            principal_type,
            visibility: Visibility::Default,
            group_names,
        },
        profile: Profile::default(),
        password: None,
        owned: 0,
        system: true,
        created: FOUNDED,
        modified: FOUNDED,
    }
}
