//! Carries out a difference, all of it at once.

use crate::sandbox::thoughtspot::difference::{Difference, Side};
use crate::sandbox::thoughtspot::org::{PRIMARY, Who};
use crate::sandbox::thoughtspot::principal::Principal;
use crate::sandbox::thoughtspot::profile::Profile;
use crate::sandbox::thoughtspot::state::Store;

/// Makes the cluster what the difference says. It was evaluated against this very state, so
/// nothing can fail half-way.
///
/// Principals that are not listed and stay keep their membership as it is, also in a group that
/// goes: removing a group takes it out of nobody's list. (Live clusters are known to hold such
/// dangling memberships.)
pub(super) fn apply(store: &mut Store, difference: Difference) {
    let Difference { users, groups } = difference;
    apply_side(store, false, groups);
    apply_side(store, true, users);
}

fn apply_side(store: &mut Store, users: bool, side: Side) {
    let Side { added, updated, deleted, matched: _ } = side;
    if added.is_empty() && updated.is_empty() && deleted.is_empty() {
        return;
    }
    let now = store.clock.tick();
    for (name, newcomer) in added {
        let principal = Principal {
            id: store.issue_id(),
            name: name.clone(),
            attributes: newcomer.attributes,
            profile: Profile::default(),
            password: newcomer.password,
            owned: 0,
            system: false,
            created: now,
            modified: now,
        };
        store.insert(&Who::primary(users, name), principal);
    }
    for (name, attributes) in updated {
        let who = Who::primary(users, name);
        store.replace(&who, attributes);
        if let Some(principal) = store.get_mut(&who) {
            principal.modified = now;
            principal.profile.orgs.insert(PRIMARY);
        }
    }
    for name in deleted {
        if users {
            store.remove_user(&name);
        } else {
            store.remove(&Who::primary(false, name));
        }
    }
}
