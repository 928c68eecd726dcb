//! The state a cluster starts from.

use serde::Deserialize;

use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::apply::apply;
use crate::sandbox::thoughtspot::difference::{Question, evaluate};
use crate::sandbox::thoughtspot::org::{GroupKey, Org, PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, ALL, Principal, PrincipalType};
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;

/// Why principals cannot be the state of a cluster: the text names the principal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// A seed as an object, which is how the state is shown: the orgs as well as the principals. Other members of a state
/// are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Whole {
    pub(super) orgs: Option<Vec<Org>>,
    pub(super) principals: Vec<Record>,
}

/// A cluster of its system principals and these. A record that names a system principal changes
/// it, so that a `user/list` can be a seed.
pub(super) fn seed(orgs: &[Org], mut records: Vec<Record>, switches: Switches) -> Result<Store, SeedError> {
    let mut store = Store::new(orgs);
    for record in &mut records {
        if record.display_name.is_none() {
            record.display_name.clone_from(&record.name);
        }
    }
    refuse_unknown_orgs(&store, &records)?;
    store.reserve(records.iter().filter_map(|record| record.id.clone()));
    let (primary, elsewhere): (Vec<Record>, Vec<Record>) =
        records.into_iter().partition(|record| matches!(record.who(), Who::User(_)) || in_primary(record));
    let question =
        Question { records: &primary, remove_deleted: false, password: None, password_needed: false, switches };
    let difference = evaluate(&store, &question).map_err(|failure| SeedError(failure.text))?;
    apply(&mut store, difference);
    for record in &elsewhere {
        place(&mut store, record)?;
    }
    for record in elsewhere.into_iter().chain(primary) {
        finish(&mut store, record, switches.fold_users)?;
    }
    Ok(store)
}

fn in_primary(record: &Record) -> bool {
    record.orgs.as_ref().is_none_or(|orgs| orgs.first().is_none_or(|org| *org == PRIMARY))
}

fn refuse_unknown_orgs(store: &Store, records: &[Record]) -> Result<(), SeedError> {
    for record in records {
        let unknown = record.orgs.iter().flatten().find(|org| !store.orgs.contains_key(org));
        if let Some(org) = unknown {
            let name = record.name.as_deref().unwrap_or_default();
            return Err(SeedError(format!("{name} names the unknown org {org}")));
        }
    }
    Ok(())
}

/// A group of an org other than the primary one; it may be one that came with the org.
fn place(store: &mut Store, record: &Record) -> Result<(), SeedError> {
    let who = record.who();
    let missing = |member| SeedError(format!("a group has no {member}"));
    let name = record.required_name().map_err(missing)?.to_owned();
    let attributes = record.attributes().map_err(missing)?;
    if store.get(&who).is_some() {
        store.replace(&who, attributes);
        return Ok(());
    }
    let now = store.clock.tick();
    let id = store.issue_id();
    let profile = record.profile();
    let group = Principal {
        id,
        name,
        attributes,
        profile,
        password: None,
        owned: 0,
        system: false,
        created: now,
        modified: now,
    };
    store.insert(&who, group);
    Ok(())
}

/// Sets what only a seed may set.
fn finish(store: &mut Store, record: Record, fold: bool) -> Result<(), SeedError> {
    let mut who = record.who();
    if let Who::User(name) = &who {
        let exact = store.find_user(name, fold).map(|user| user.name.clone());
        who = Who::User(exact.unwrap_or_default());
    }
    let profile = record.profile();
    let users = matches!(who, Who::User(_));
    if users && !profile.orgs.contains(&PRIMARY) {
        store.leave(&who, &GroupKey::new(PRIMARY, ALL));
    }
    for org in profile.orgs.iter().filter(|org| users && **org != PRIMARY) {
        store.join(&who, &GroupKey::new(*org, ALL));
    }
    for group in record.groups_elsewhere.iter().flatten() {
        if group.org == PRIMARY || store.group(group).is_none() {
            let name = record.name.as_deref().unwrap_or_default();
            return Err(SeedError(format!("{name} names the unknown group {} of org {}", group.name, group.org)));
        }
        store.join(&who, group);
    }
    if let Some(id) = record.id {
        store.set_id(&who, &id);
    }
    let Some(principal) = store.get_mut(&who) else { return Ok(()) };
    principal.owned = record.owned.unwrap_or(0);
    principal.created = record.created.unwrap_or(principal.created);
    principal.modified = record.modified.unwrap_or(principal.modified);
    if record.password.is_some() {
        principal.password = record.password;
    }
    let founded = std::mem::replace(&mut principal.profile, profile);
    principal.profile.elsewhere = founded.elsewhere;
    if record.privileges.is_none() {
        principal.profile.privileges = founded.privileges;
    }
    Ok(())
}

/// Gives the administrator of the options its password; one that is not there is created.
pub(super) fn appoint(store: &mut Store, name: &str, password: Secret) -> Result<(), SeedError> {
    if !store.users.contains_key(name) {
        let record = Record {
            name: Some(name.to_owned()),
            display_name: Some(name.to_owned()),
            principal_type_enum: Some(PrincipalType::LocalUser),
            group_names: Some(vec![ADMINISTRATOR.to_owned(), ALL.to_owned()]),
            ..Record::default()
        };
        let question = Question {
            records: &[record],
            remove_deleted: false,
            password: None,
            password_needed: false,
            switches: Switches::default(),
        };
        let difference = evaluate(store, &question).map_err(|failure| SeedError(failure.text))?;
        apply(store, difference);
    }
    if let Some(administrator) = store.users.get_mut(name) {
        administrator.password = Some(password);
    }
    Ok(())
}
