//! What a write does to a group: the rules that create, update and import share.

use std::collections::BTreeSet;

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::error::forbidden;
use crate::sandbox::thoughtspot::org::{GroupKey, Who};
use crate::sandbox::thoughtspot::principal::{ALL, Attributes, Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::profile::Profile;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2::ask::Ask;
use crate::sandbox::thoughtspot::v2::error::{duplicate, invalid, missing};
use crate::sandbox::thoughtspot::v2::operation::{Listed, Operation};
use crate::sandbox::thoughtspot::v2::resolve;
use crate::sandbox::thoughtspot::v2::user_edit::{settle, sharing};

/// What a request says of a group; what it leaves out stays.
#[derive(Debug, Default)]
pub(super) struct GroupEdit {
    pub(super) name: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    group_type: Option<PrincipalType>,
    visibility: Option<Visibility>,
    privileges: Listed<String>,
    roles: Listed<String>,
    /// Identifiers.
    users: Listed<String>,
    /// Identifiers of direct children.
    sub_groups: Listed<String>,
    pub(super) operation: Operation,
}

impl GroupEdit {
    /// Reads what a create, an update and one group of an import have in common.
    pub(super) fn read(ask: &mut Ask) -> Result<Self, Failure> {
        let cleared = ask.clears("description").then(String::new);
        let edit = Self {
            name: ask.text("name")?,
            display_name: ask.text("display_name")?,
            description: ask.text("description")?.or(cleared),
            group_type: ask.choice("type")?,
            visibility: sharing(ask)?,
            privileges: Listed::of(ask.texts("privileges")?),
            roles: Listed::of(ask.texts("role_identifiers")?),
            users: Listed::of(ask.texts("user_identifiers")?),
            sub_groups: Listed::of(ask.texts("sub_group_identifiers")?),
            operation: Operation::default(),
        };
        if edit.group_type.is_some_and(PrincipalType::is_user) {
            return Err(invalid("type must be that of a group"));
        }
        ask.pass_over(&["default_liveboard_identifiers"]);
        Ok(edit)
    }

    /// The same without members, and the members alone.
    pub(super) fn apart(mut self) -> (Self, Self) {
        let members = Self {
            users: std::mem::take(&mut self.users),
            sub_groups: std::mem::take(&mut self.sub_groups),
            operation: self.operation,
            ..Self::default()
        };
        (self, members)
    }

    /// Who comes in and who goes out, as `(into, out)`.
    fn members(
        &self,
        store: &Store,
        switches: Switches,
        key: &GroupKey,
    ) -> Result<(BTreeSet<Who>, BTreeSet<Who>), Failure> {
        let there = store.members(key);
        let users = self.users.items.as_ref().map(|items| items.iter().cloned().collect::<Vec<_>>());
        let users = users.map(|users| resolve::users(store, switches, &users)).transpose()?;
        let groups = self.sub_groups.items.as_ref().map(|items| items.iter().cloned().collect::<Vec<_>>());
        let groups = groups.map(|groups| resolve::groups(store, switches, key.org, &groups)).transpose()?;
        let users = Listed::of(users).moves(self.operation, &there.users, switches.v2);
        let groups = Listed::of(groups).moves(self.operation, &there.groups, switches.v2);
        let both = |users: BTreeSet<String>, groups: BTreeSet<GroupKey>| {
            users.into_iter().map(Who::User).chain(groups.into_iter().map(Who::Group)).collect()
        };
        Ok((both(users.into, groups.into), both(users.out, groups.out)))
    }

    /// Sets what is not about members.
    fn write(self, group: &mut Principal, switches: Switches) {
        let Principal { attributes, profile, .. } = group;
        let own = self.display_name.filter(|name| !name.trim().is_empty());
        attributes.display_name = own.unwrap_or_else(|| std::mem::take(&mut attributes.display_name));
        attributes.description = self.description.unwrap_or_else(|| std::mem::take(&mut attributes.description));
        attributes.principal_type = self.group_type.unwrap_or(attributes.principal_type);
        attributes.visibility = self.visibility.unwrap_or(attributes.visibility);
        for (listed, own) in [(self.privileges, &mut profile.privileges), (self.roles, &mut profile.roles)] {
            let moves = listed.moves(self.operation, own, switches.v2);
            own.retain(|item| !moves.out.contains(item));
            own.extend(moves.into);
        }
    }
}

/// Creates a group in the org of the session and gives its key.
///
/// # Errors
/// 10002 when something required is missing, the name is taken or the group would contain itself; 13003 for unknown
/// members.
pub(super) fn create(
    store: &mut Store,
    switches: Switches,
    org: u32,
    mut edit: GroupEdit,
) -> Result<GroupKey, Failure> {
    let required = |text: Option<String>, member: &str| {
        let text = text.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| invalid(format!("{member} is required")))
    };
    let key = GroupKey::new(org, required(edit.name.take(), "name")?);
    let display_name = required(edit.display_name.take(), "display_name")?;
    if store.group(&key).is_some() {
        return Err(duplicate(switches.v2, "group", &key.name));
    }
    let (into, _) = edit.members(store, switches, &key)?;
    refuse_outsiders(store, switches, &key, &into)?;
    let now = store.clock.tick();
    let attributes = Attributes {
        display_name,
        description: String::new(),
        mail: String::new(),
        principal_type: PrincipalType::LocalGroup,
        visibility: Visibility::Default,
        group_names: BTreeSet::new(),
    };
    let mut group = Principal {
        id: store.issue_id(),
        name: key.name.clone(),
        attributes,
        profile: Profile { orgs: BTreeSet::from([org]), ..Profile::default() },
        password: None,
        owned: 0,
        system: false,
        created: now,
        modified: now,
    };
    edit.operation = Operation::Replace;
    edit.write(&mut group, switches);
    store.insert(&Who::Group(key.clone()), group);
    for member in into {
        store.join(&member, &key);
    }
    Ok(key)
}

/// Changes a group; gives its key afterwards, and whether anything differs, members included.
///
/// # Errors
/// As [`create`]; 10023 for another name of a system group and for a user to be taken out of `All`.
pub(super) fn update(
    store: &mut Store,
    switches: Switches,
    key: &GroupKey,
    mut edit: GroupEdit,
) -> Result<(GroupKey, bool), Failure> {
    let who = Who::Group(key.clone());
    let Some(before) = store.get(&who).cloned() else { return Err(missing(switches.v2, "group", &key.name)) };
    let new_name = edit.name.take().filter(|new| *new != key.name && !new.trim().is_empty());
    if let Some(new) = &new_name {
        if before.system {
            return Err(forbidden(format!("{} is a system group and keeps its name", key.name)));
        }
        if store.group(&GroupKey::new(key.org, new)).is_some() {
            return Err(duplicate(switches.v2, "group", new));
        }
    }
    let (into, mut out) = edit.members(store, switches, key)?;
    if key.name == ALL {
        if edit.operation == Operation::Remove && !out.is_empty() {
            return Err(forbidden("the group All keeps its members"));
        }
        out.clear();
    }
    refuse_outsiders(store, switches, key, &into)?;
    refuse_circles(store, key, &into)?;
    if let Some(group) = store.get_mut(&who) {
        edit.write(group, switches);
    }
    let moved = !into.is_empty() || !out.is_empty();
    for member in out {
        store.leave(&member, key);
    }
    for member in into {
        store.join(&member, key);
    }
    let who = new_name.map_or_else(|| who.clone(), |new| store.rename(&who, &new));
    let differs = settle(store, &who, &before) || moved;
    match who {
        Who::Group(key) => Ok((key, differs)),
        Who::User(_) => Ok((key.clone(), differs)),
    }
}

/// Deletes a group; its members leave it.
///
/// # Errors
/// 10023 for a system group.
pub(super) fn delete(store: &mut Store, key: &GroupKey) -> Result<(), Failure> {
    if store.group(key).is_some_and(|group| group.system) {
        return Err(forbidden(format!("{} is a system group and cannot be deleted", key.name)));
    }
    let members = store.members(key).clone();
    for member in members.users.into_iter().map(Who::User).chain(members.groups.into_iter().map(Who::Group)) {
        store.leave(&member, key);
    }
    store.remove(&Who::Group(key.clone()));
    Ok(())
}

/// Nobody from outside an org can join its groups.
fn refuse_outsiders(store: &Store, switches: Switches, key: &GroupKey, into: &BTreeSet<Who>) -> Result<(), Failure> {
    for member in into {
        let inside = store.get(member).is_some_and(|principal| principal.profile.orgs.contains(&key.org));
        if !inside {
            let (Who::User(name) | Who::Group(GroupKey { name, .. })) = member;
            return Err(missing(switches.v2, &format!("principal of org {}", key.org), name));
        }
    }
    Ok(())
}

/// No group contains itself.
fn refuse_circles(store: &Store, key: &GroupKey, into: &BTreeSet<Who>) -> Result<(), Failure> {
    let mut waiting = vec![key.clone()];
    let mut above = BTreeSet::new();
    while let Some(group) = waiting.pop() {
        if into.contains(&Who::Group(group.clone())) {
            return Err(invalid(format!("group {} would contain itself", group.name)));
        }
        let parents = store.parents(&Who::Group(group));
        waiting.extend(parents.into_iter().filter(|parent| above.insert(parent.clone())));
    }
    Ok(())
}
