//! Whom an identifier means: a GUID or a name.

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::org::GroupKey;
use crate::sandbox::thoughtspot::principal::Principal;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::Switches;
use crate::sandbox::thoughtspot::v2::error::{missing, no_org};

/// The user that is meant, if there is one.
pub(super) fn find_user<'store>(
    store: &'store Store,
    switches: Switches,
    identifier: &str,
) -> Option<&'store Principal> {
    store.user_with_id(identifier).or_else(|| store.find_user(identifier, switches.fold_users))
}

/// The exact name of the user that is meant.
///
/// # Errors
/// 13003 when there is none.
pub(super) fn user(store: &Store, switches: Switches, identifier: &str) -> Result<String, Failure> {
    let found = find_user(store, switches, identifier).map(|user| user.name.clone());
    found.ok_or_else(|| missing(switches.v2, "user", identifier))
}

/// The group that is meant: any by its GUID, one of this org by its exact name.
///
/// # Errors
/// 13003 when there is none.
pub(super) fn group(store: &Store, switches: Switches, org: u32, identifier: &str) -> Result<GroupKey, Failure> {
    if let Some(key) = store.group_with_id(identifier) {
        return Ok(key.clone());
    }
    let key = GroupKey::new(org, identifier);
    if store.group(&key).is_some() { Ok(key) } else { Err(missing(switches.v2, "group", identifier)) }
}

/// Every group that is meant.
pub(super) fn groups(
    store: &Store,
    switches: Switches,
    org: u32,
    identifiers: &[String],
) -> Result<Vec<GroupKey>, Failure> {
    identifiers.iter().map(|identifier| group(store, switches, org, identifier)).collect()
}

/// Every user that is meant.
pub(super) fn users(store: &Store, switches: Switches, identifiers: &[String]) -> Result<Vec<String>, Failure> {
    identifiers.iter().map(|identifier| user(store, switches, identifier)).collect()
}

/// The org that is meant, by number or name.
///
/// # Errors
/// 13090 when there is none.
pub(super) fn org(store: &Store, identifier: &str) -> Result<u32, Failure> {
    let found = store.orgs.values().find(|org| org.id.to_string() == identifier || org.name == identifier);
    found.map(|org| org.id).ok_or_else(|| no_org(identifier))
}
