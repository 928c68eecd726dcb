//! A write that has been checked, carried out at once or later.

use crate::sandbox::b2core::record::{Group, User};
use crate::sandbox::b2core::sent::{SentGroup, SentUser};
use crate::sandbox::b2core::state::Store;
use crate::sandbox::journal::Changes;

/// What is to be done to the state.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    CreateUser(Box<SentUser>),
    ChangeUser {
        id: u64,
        sent: Box<SentUser>,
        /// Whether members that were not sent are blanked.
        whole: bool,
    },
    DeleteUser(u64),
    CreateGroup(SentGroup),
    ChangeGroup(u64, SentGroup),
    DeleteGroup(u64),
}

impl Deed {
    /// Changes the state, and says what that changed and what was touched. Nothing happens to what went away
    /// meanwhile, or to an address that was taken meanwhile.
    pub(super) fn carry_out(self, store: &mut Store) -> (Changes, u64) {
        let now = store.clock.tick();
        match self {
            Self::CreateUser(sent) => create(store, *sent, now),
            Self::ChangeUser { id, sent, whole } => (change(store, id, *sent, whole, now), id),
            Self::DeleteUser(id) => {
                let gone = store.user(id).map(|user| user.email.clone());
                store.remove(id);
                (Changes { users_deleted: gone.into_iter().collect(), ..Changes::default() }, id)
            }
            Self::CreateGroup(SentGroup { name, permissions }) => {
                let name = name.unwrap_or_default();
                let id = store.next_group();
                store.put_group(Group { id, name: name.clone(), permissions: permissions.unwrap_or_default() });
                (Changes { groups_added: [name].into(), ..Changes::default() }, id)
            }
            Self::ChangeGroup(id, sent) => (change_group(store, id, sent), id),
            Self::DeleteGroup(id) => {
                let gone = store.groups.get(&id).map(|group| group.name.clone());
                store.remove_group(id);
                (Changes { groups_deleted: gone.into_iter().collect(), ..Changes::default() }, id)
            }
        }
    }
}

fn create(store: &mut Store, sent: SentUser, now: u64) -> (Changes, u64) {
    let email = sent.email.clone().unwrap_or_default();
    if let Some(user) = store.user_of(&email) {
        return (Changes::default(), user.id);
    }
    if sent.send_notify == Some(true) {
        store.mails.push(email.clone());
    }
    let id = store.next_user();
    let mut user = User::blank(id, email.clone(), now);
    sent.lay_over(&mut user);
    store.put(user);
    (Changes { users_added: [email].into(), ..Changes::default() }, id)
}

fn change(store: &mut Store, id: u64, sent: SentUser, whole: bool, now: u64) -> Changes {
    let Some(before) = store.user(id).cloned() else {
        return Changes::default();
    };
    let holder = sent.email.as_ref().and_then(|email| store.user_of(email));
    if holder.is_some_and(|holder| holder.id != id) {
        return Changes::default();
    }
    if sent.send_notify == Some(true) {
        store.mails.push(before.email.clone());
    }
    let mut after = before.clone();
    if whole {
        // Without its address and password nobody could ever use the profile again.
        let blank = User::blank(id, before.email.clone(), before.created);
        after = User { password: before.password.clone(), ..blank };
    }
    sent.lay_over(&mut after);
    after.updated = before.updated;
    if after == before {
        return Changes::default();
    }
    after.updated = now;
    store.put(after);
    Changes { users_updated: [before.email].into(), ..Changes::default() }
}

fn change_group(store: &mut Store, id: u64, sent: SentGroup) -> Changes {
    let Some(group) = store.groups.get_mut(&id) else {
        return Changes::default();
    };
    let before = group.clone();
    group.name = sent.name.unwrap_or_else(|| before.name.clone());
    group.permissions = sent.permissions.unwrap_or_else(|| before.permissions.clone());
    if *group == before {
        return Changes::default();
    }
    Changes { groups_updated: [before.name].into(), ..Changes::default() }
}
