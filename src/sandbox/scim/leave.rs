//! What a write leaves behind: stored attributes, a new version, and what deactivation does besides.

use serde_json::{Map, Value};

use crate::sandbox::identity::{Space, guid};
use crate::sandbox::journal::Changes;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::Deactivation;
use crate::sandbox::secret::Secret;

/// Stores what a resource is to be; whether that, or its members, changed anything.
pub(super) fn commit(
    store: &mut Store,
    switches: &Switches,
    kind: Kind,
    id: &str,
    attributes: Map<String, Value>,
    password: Option<Secret>,
    members_moved: bool,
) -> bool {
    let Some(before) = store.table(kind).get(id) else { return false };
    let was_inactive = before.is_inactive();
    let changed = before.attributes != attributes;
    if !changed && !members_moved && password.is_none() {
        return false;
    }
    let table = store.table_mut(kind);
    table.set_attributes(id, attributes);
    if let Some(entry) = table.get_mut(id).filter(|_| password.is_some()) {
        entry.password = password;
    }
    store.touch(kind, id);
    let is_inactive = store.table(kind).get(id).is_some_and(super::table::Entry::is_inactive);
    if kind == Kind::User && is_inactive && !was_inactive {
        deactivated(store, switches, id);
    }
    true
}

fn deactivated(store: &mut Store, switches: &Switches, id: &str) {
    match switches.deactivation {
        Deactivation::Plain | Deactivation::Hidden => {}
        Deactivation::Obscured => {
            store.expel(id);
            let Some(entry) = store.users.get(id) else { return };
            let mut attributes = entry.attributes.clone();
            let scrambled = guid(Space::Session, entry.place.unsigned_abs());
            attributes.insert("userName".to_owned(), Value::from(scrambled));
            store.users.set_attributes(id, attributes);
        }
        Deactivation::Deletes => store.remove(Kind::User, id, switches.dangling_members),
    }
}

/// The journal's note of a changed resource.
pub(super) fn write_of(kind: Kind, name: Option<String>) -> Changes {
    let names = name.into_iter().collect();
    match kind {
        Kind::User => Changes { users_updated: names, ..Changes::default() },
        Kind::Group => Changes { groups_updated: names, ..Changes::default() },
    }
}
