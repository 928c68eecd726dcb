//! The state a cluster starts from.

use crate::sandbox::secret::Secret;
use crate::sandbox::thoughtspot::apply::apply;
use crate::sandbox::thoughtspot::difference::{Question, evaluate};
use crate::sandbox::thoughtspot::principal::{ADMINISTRATOR, ALL, PrincipalType};
use crate::sandbox::thoughtspot::record::Record;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;

/// Why principals cannot be the state of a cluster: the text names the principal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// A cluster of its system principals and these. A record that names a system principal changes
/// it, so that a `user/list` can be a seed.
pub(super) fn seed(mut records: Vec<Record>, switches: Switches) -> Result<Store, SeedError> {
    let mut store = Store::new();
    for record in &mut records {
        if record.display_name.is_none() {
            record.display_name.clone_from(&record.name);
        }
    }
    let question =
        Question { records: &records, remove_deleted: false, password: None, password_needed: false, switches };
    let difference = evaluate(&store, &question).map_err(|failure| SeedError(failure.text))?;
    apply(&mut store, difference);
    for record in records {
        finish(&mut store, record, switches.fold_users);
    }
    Ok(store)
}

/// Sets what only a seed may set.
fn finish(store: &mut Store, record: Record, fold: bool) {
    let Record {
        name,
        principal_type_enum,
        password,
        id,
        created,
        modified,
        owned,
        display_name: _,
        description: _,
        mail: _,
        group_names: _,
        visibility: _,
    } = record;
    let name = name.unwrap_or_default();
    let users = principal_type_enum.is_some_and(PrincipalType::is_user);
    let exact = if users && !store.users.contains_key(&name) {
        store.find_user(&name, fold).map(|user| user.name.clone())
    } else {
        Some(name)
    };
    let Some(principal) = exact.and_then(|name| store.kind_mut(users).get_mut(&name)) else {
        return;
    };
    principal.owned = owned.unwrap_or(0);
    principal.id = id.unwrap_or_else(|| principal.id.clone());
    principal.created = created.unwrap_or(principal.created);
    principal.modified = modified.unwrap_or(principal.modified);
    if password.is_some() {
        principal.password = password;
    }
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
