//! The principals of the cluster, and what it comes with.

use std::collections::BTreeMap;

use crate::sandbox::clock::Clock;
use crate::sandbox::identity::{Space, guid};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, ALL, Attributes, Principal, PrincipalType, Visibility};

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

/// Every principal, by its exact name.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) users: BTreeMap<String, Principal>,
    pub(super) groups: BTreeMap<String, Principal>,
    /// Objects that went with a deleted owner.
    pub(super) lost_objects: u64,
    pub(super) clock: Clock,
    issued: u64,
}

impl Store {
    /// A cluster with its system principals and nobody else.
    pub(super) fn new() -> Self {
        let mut store = Self {
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            lost_objects: 0,
            clock: Clock::default(),
            issued: 0,
        };
        for (name, display_name, id, principal_type, groups) in SYSTEM {
            let attributes = Attributes {
                display_name: display_name.to_owned(),
                description: String::new(),
                mail: String::new(),
                principal_type,
                visibility: Visibility::Default,
                group_names: groups.iter().map(|group| (*group).to_owned()).collect(),
            };
            store.kind_mut(principal_type.is_user()).insert(
                name.to_owned(),
                Principal {
                    id: id.to_owned(),
                    name: name.to_owned(),
                    attributes,
                    password: None,
                    owned: 0,
                    system: true,
                    created: FOUNDED,
                    modified: FOUNDED,
                },
            );
        }
        store
    }

    /// Users, or groups.
    pub(super) const fn kind(&self, users: bool) -> &BTreeMap<String, Principal> {
        if users { &self.users } else { &self.groups }
    }

    /// Users, or groups, to be changed.
    pub(super) const fn kind_mut(&mut self, users: bool) -> &mut BTreeMap<String, Principal> {
        if users { &mut self.users } else { &mut self.groups }
    }

    /// Groups by name, then users by name.
    pub(super) fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.groups.values().chain(self.users.values())
    }

    /// The exact name of a user: as written, or else (when `fold`) without regard to case.
    pub(super) fn find_user(&self, name: &str, fold: bool) -> Option<&Principal> {
        self.users.get(name).or_else(|| {
            let wanted = name.to_lowercase();
            let mut users = self.users.values();
            users.find(|user| fold && user.name.to_lowercase() == wanted)
        })
    }

    /// The user with this GUID.
    pub(super) fn user_with_id(&self, id: &str) -> Option<&Principal> {
        self.users.values().find(|user| user.id == id)
    }

    /// A new GUID.
    pub(super) fn issue_id(&mut self) -> String {
        self.issued += 1;
        guid(Space::Principal, self.issued)
    }

    /// Removes a user; the objects it owned are lost.
    pub(super) fn remove_user(&mut self, name: &str) {
        if let Some(user) = self.users.remove(name) {
            self.lost_objects += user.owned;
        }
    }
}
