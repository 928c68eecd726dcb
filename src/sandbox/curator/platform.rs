//! Groups of other platforms, and what their members become here.

use std::collections::BTreeSet;

use crate::sandbox::curator::state::Store;
use crate::sandbox::curator::switches::{Matching, Switches};

/// Which group of which platform. Curator names them by what people read, not by identifiers (vendor: User API,
/// createFrontendGroup).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PlatformKey {
    Tableau {
        /// The name of the connection in Curator.
        server: String,
        site: String,
        group: String,
    },
    ThoughtSpot {
        group: String,
    },
}

/// A group of another platform, with the names of its users there.
#[derive(Debug, Clone, Default)]
pub(super) struct PlatformGroup {
    pub(super) id: String,
    /// The address of the Tableau server.
    pub(super) url: String,
    pub(super) members: BTreeSet<String>,
}

impl Store {
    /// The names that the platform groups of this group hold together; `None` where none is attached.
    fn platform_members(&self, group: u64) -> Option<BTreeSet<String>> {
        let attached = &self.groups.get(&group)?.platforms;
        let found = attached.iter().filter_map(|key| self.platforms.get(key));
        let members = found.flat_map(|platform| platform.members.iter().cloned()).collect();
        (!attached.is_empty()).then_some(members)
    }

    /// The queued or scheduled sync of one group. Platform users are tied to frontend users by the exact name (vendor:
    /// "Username Mapping"); `create` makes those who are not there.
    pub(super) fn refresh_group(&mut self, group: u64, create: bool, overwrite: bool) {
        let Some(names) = self.platform_members(group) else { return };
        for name in &names {
            let known = self.user_named(name, Matching::Exact);
            let user = known.or_else(|| create.then(|| self.add_user(None, name, "", name)));
            if let Some(user) = user {
                self.set_member(user, group, true);
            }
        }
        if overwrite {
            let members = self.groups.get(&group).map(|group| group.members.clone()).unwrap_or_default();
            let named = |user: &u64| self.users.get(user).is_some_and(|user| names.contains(&user.name));
            let surplus: Vec<u64> = members.into_iter().filter(|user| !named(user)).collect();
            for user in surplus {
                self.set_member(user, group, false);
            }
        }
    }

    /// What a sign-in does for its user: in and out of groups with platform groups, as those say.
    pub(super) fn refresh_user(&mut self, user: u64, switches: &Switches) {
        let Some(name) = self.users.get(&user).map(|user| user.name.clone()) else { return };
        let groups: Vec<u64> = self.groups.keys().copied().collect();
        for group in groups {
            let Some(names) = self.platform_members(group) else { continue };
            if names.contains(&name) {
                self.set_member(user, group, true);
            } else if switches.platform_overwrites {
                self.set_member(user, group, false);
            }
        }
    }

    /// Tells the Tableau groups attached that somebody came or went: "syncs with tableau if possible" (vendor: User
    /// API, addUserToGroup).
    pub(super) fn push_to_tableau(&mut self, user: u64, group: u64, inside: bool) {
        let Some(name) = self.users.get(&user).map(|user| user.name.clone()) else { return };
        let attached = self.groups.get(&group).map(|group| group.platforms.clone()).unwrap_or_default();
        for key in attached.iter().filter(|key| matches!(key, PlatformKey::Tableau { .. })) {
            let Some(platform) = self.platforms.get_mut(key) else { continue };
            if inside {
                platform.members.insert(name.clone());
            } else {
                platform.members.remove(&name);
            }
        }
    }
}
