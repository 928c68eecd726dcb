//! What a synchronisation would change: the cluster's own evaluation, pure and linear.
//!
//! Rules from the vendor's "Synchronize principals": what is listed is created or made equal to
//! the list, membership included; what is not listed is deleted when `removeDeleted` is true;
//! `All` may be left out of the input; a password is needed only for a new `LOCAL_USER` and
//! never changes afterwards. Users and groups are matched by name, separately.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::sandbox::failure::Failure;
use crate::sandbox::journal::Changes;
use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::cycle::find_cycle;
use crate::sandbox::thoughtspot::error::{bad_request, invalid};
use crate::sandbox::thoughtspot::org::PRIMARY;
use crate::sandbox::thoughtspot::principal::{ALL, Attributes, Principal, PrincipalType, Visibility};
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::{Switches, UnknownGroup, UpdatedLists};

/// A synchronisation to be evaluated.
#[derive(Debug)]
pub(super) struct Question<'request> {
    pub(super) records: &'request [Record],
    pub(super) remove_deleted: bool,
    /// For every new local user without a password of its own.
    pub(super) password: Option<&'request Secret>,
    /// Whether a new local user without any password is refused.
    pub(super) password_needed: bool,
    pub(super) switches: Switches,
}

/// What would change, users and groups apart.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) users: Side,
    pub(super) groups: Side,
}

/// What would change among users, or among groups, by exact name.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) added: BTreeMap<String, Newcomer>,
    pub(super) updated: BTreeMap<String, Attributes>,
    pub(super) deleted: BTreeSet<String>,
    /// Everything listed that exists, changed or not.
    pub(super) matched: BTreeSet<String>,
}

/// Somebody to be created.
#[derive(Debug)]
pub(super) struct Newcomer {
    pub(super) attributes: Attributes,
    pub(super) password: Option<Secret>,
}

impl Difference {
    /// The six lists of names.
    pub(super) fn changes(&self, lists: UpdatedLists) -> Changes {
        let updated = |side: &Side| match lists {
            UpdatedLists::Differences => side.updated.keys().cloned().collect(),
            UpdatedLists::Matches => side.matched.clone(),
        };
        Changes {
            users_added: self.users.added.keys().cloned().collect(),
            users_updated: updated(&self.users),
            users_deleted: self.users.deleted.clone(),
            groups_added: self.groups.added.keys().cloned().collect(),
            groups_updated: updated(&self.groups),
            groups_deleted: self.groups.deleted.clone(),
        }
    }
}

/// Evaluates a synchronisation against the state of the cluster.
///
/// # Errors
/// 400 when a record lacks a required member; 500 for a principal listed twice, an unknown
/// group, a circle of groups, or a new local user without a password.
pub(super) fn evaluate(store: &Store, question: &Question<'_>) -> Result<Difference, Failure> {
    let mut listed = read(store, question)?;
    let mut difference = Difference::default();
    for users in [true, false] {
        let gone = unlisted(store, users, question, &listed);
        difference.side_mut(users).deleted = gone;
    }
    resolve_groups(store, question.switches.unknown_group, &mut listed, &difference.groups.deleted)?;
    refuse_cycle(store, &listed, &difference.groups.deleted)?;
    for entry in listed {
        let users = entry.attributes.principal_type.is_user();
        let side = difference.side_mut(users);
        if let Some(existing) = store.kind(users).get(&entry.name) {
            side.matched.insert(entry.name.clone());
            if existing.attributes != entry.attributes {
                side.updated.insert(entry.name, entry.attributes);
            }
        } else {
            let newcomer = welcome(&entry, question)?;
            side.added.insert(entry.name, newcomer);
        }
    }
    Ok(difference)
}

impl Difference {
    const fn side_mut(&mut self, users: bool) -> &mut Side {
        if users { &mut self.users } else { &mut self.groups }
    }
}

/// A record under the exact name it has, or will have, in the cluster.
struct Listed<'request> {
    name: String,
    attributes: Attributes,
    groups: &'request [String],
    password: Option<&'request Secret>,
}

/// Reads the records and finds whom they mean.
fn read<'request>(store: &Store, question: &Question<'request>) -> Result<Vec<Listed<'request>>, Failure> {
    let fold = question.switches.fold_users;
    let mut folded = HashMap::new();
    if fold {
        folded.extend(store.users.keys().map(|name| (name.to_lowercase(), name.as_str())));
    }
    let mut seen = HashSet::with_capacity(question.records.len());
    let mut listed = Vec::with_capacity(question.records.len());
    for (at, record) in question.records.iter().enumerate() {
        let missing = |member| bad_request(format!("Invalid request: principal {at} has no {member}"));
        let name = record.required_name().map_err(missing)?;
        let attributes = record.attributes().map_err(missing)?;
        let users = attributes.principal_type.is_user();
        let key = if users && fold { name.to_lowercase() } else { name.to_owned() };
        let exact = if store.kind(users).contains_key(name) || !users {
            name
        } else {
            folded.get(&key).copied().unwrap_or(name)
        };
        if !seen.insert((users, key)) {
            return Err(invalid(format!("Invalid request: principal {name} is listed more than once")));
        }
        listed.push(Listed {
            name: exact.to_owned(),
            attributes,
            groups: record.group_names.as_deref().unwrap_or_default(),
            password: record.password.as_ref(),
        });
    }
    Ok(listed)
}

/// The names that go because the list does not hold them.
fn unlisted(store: &Store, users: bool, question: &Question<'_>, listed: &[Listed<'_>]) -> BTreeSet<String> {
    if !question.remove_deleted {
        return BTreeSet::new();
    }
    let of_kind = listed.iter().filter(|entry| entry.attributes.principal_type.is_user() == users);
    let kept: HashSet<&str> = of_kind.map(|entry| entry.name.as_str()).collect();
    let spared = |principal: &Principal| {
        (principal.system && question.switches.protect_system)
            || (!users && principal.name == ALL)
            || !principal.profile.orgs.contains(&PRIMARY)
    };
    let all = store.kind(users).values();
    let gone = all.filter(|principal| !kept.contains(principal.name.as_str()) && !spared(principal));
    gone.map(|principal| principal.name.clone()).collect()
}

/// Fills in the membership of everybody listed. A group is known when it is listed, or exists
/// and stays.
fn resolve_groups(
    store: &Store,
    unknown: UnknownGroup,
    listed: &mut Vec<Listed<'_>>,
    deleted: &BTreeSet<String>,
) -> Result<(), Failure> {
    let existing = store.groups.keys().filter(|name| !deleted.contains(*name));
    let mut known: HashSet<String> = existing.cloned().collect();
    known.insert(ALL.to_owned());
    let groups = listed.iter().filter(|entry| !entry.attributes.principal_type.is_user());
    known.extend(groups.map(|entry| entry.name.clone()));
    let mut created = BTreeSet::new();
    for entry in listed.iter_mut() {
        if entry.attributes.principal_type.is_user() {
            entry.attributes.group_names.insert(ALL.to_owned());
        }
        for group in entry.groups {
            if !known.contains(group) {
                match unknown {
                    UnknownGroup::Fail => {
                        let name = &entry.name;
                        return Err(invalid(format!("Invalid request: {name} names the unknown group {group}")));
                    }
                    UnknownGroup::Ignore => continue,
                    UnknownGroup::Create => {
                        created.insert(group.clone());
                    }
                }
            }
            entry.attributes.group_names.insert(group.clone());
        }
    }
    listed.extend(created.into_iter().map(dummy_group));
    Ok(())
}

fn dummy_group<'request>(name: String) -> Listed<'request> {
    let attributes = Attributes {
        display_name: name.clone(),
        description: String::new(),
        mail: String::new(),
        principal_type: PrincipalType::LocalGroup,
        visibility: Visibility::Default,
        group_names: BTreeSet::new(),
    };
    Listed { name, attributes, groups: &[], password: None }
}

/// Refuses a state in which a group would contain itself.
fn refuse_cycle(store: &Store, listed: &[Listed<'_>], deleted: &BTreeSet<String>) -> Result<(), Failure> {
    let staying = store.groups.values().filter(|group| !deleted.contains(&group.name));
    let mut after: BTreeMap<&str, &BTreeSet<String>> =
        staying.map(|group| (group.name.as_str(), &group.attributes.group_names)).collect();
    let groups = listed.iter().filter(|entry| !entry.attributes.principal_type.is_user());
    after.extend(groups.map(|entry| (entry.name.as_str(), &entry.attributes.group_names)));
    match find_cycle(after) {
        Some(group) => Err(invalid(format!("Invalid request: group {group} would contain itself"))),
        None => Ok(()),
    }
}

/// Makes somebody new, with a password if one is due.
fn welcome(entry: &Listed<'_>, question: &Question<'_>) -> Result<Newcomer, Failure> {
    let local = entry.attributes.principal_type == PrincipalType::LocalUser;
    let offered = [entry.password, question.password].into_iter().flatten();
    let mut offered = offered.filter(|password| local && !password.is_empty());
    let password = offered.next().cloned();
    if local && password.is_none() && question.password_needed {
        let name = &entry.name;
        return Err(invalid(format!("Invalid request: a password is required to create the user {name}")));
    }
    Ok(Newcomer { attributes: entry.attributes.clone(), password })
}
