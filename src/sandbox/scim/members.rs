//! Who is put into a group, and who is taken out: whole or not at all.

use serde_json::Value;

use crate::sandbox::failure::Failure;
use crate::sandbox::scim::attribute::Kind;
use crate::sandbox::scim::error::{INVALID_VALUE, crash, refused};
use crate::sandbox::scim::reading::Ids;
use crate::sandbox::scim::store::Store;
use crate::sandbox::scim::switches::Switches;
use crate::sandbox::scim::writing::{GroupMembers, UnknownMember};

/// The members of a group while a request changes them.
#[derive(Debug)]
pub(super) struct Membership<'store> {
    pub(super) store: &'store mut Store,
    group: String,
    /// What each changed member was before, in the order of the changes.
    undo: Vec<(String, u32)>,
    /// Members that the request named.
    named: usize,
    /// What a careful client would not have sent.
    pub(super) warnings: Vec<String>,
}

impl<'store> Membership<'store> {
    pub(super) const fn of(store: &'store mut Store, group: String) -> Self {
        Self { store, group, undo: Vec::new(), named: 0, warnings: Vec::new() }
    }

    /// Adds those whom a value names.
    pub(super) fn add(&mut self, value: &Value, switches: &Switches) -> Result<(), Failure> {
        for id in self.ids(value, switches)? {
            match self.store.kind_of(&id) {
                None => match switches.unknown_member {
                    UnknownMember::Refused => {
                        return Err(refused(INVALID_VALUE, format!("there is no member {id}")));
                    }
                    UnknownMember::Crashes => return Err(crash()),
                    UnknownMember::Dropped => continue,
                    UnknownMember::Stored => {}
                },
                Some(Kind::Group) => match switches.group_members {
                    GroupMembers::Refused => {
                        return Err(refused(INVALID_VALUE, format!("the member {id} is a group")));
                    }
                    GroupMembers::Dropped => continue,
                    GroupMembers::Accepted => {}
                },
                Some(Kind::User) => {}
            }
            let times = self.times(&id);
            if times > 0 {
                self.warnings.push(format!("the member {id} is there already"));
            }
            let times = if switches.duplicate_members { times + 1 } else { 1 };
            self.set(id, times);
        }
        Ok(())
    }

    /// Takes out those whom a value names.
    pub(super) fn remove(&mut self, value: &Value, switches: &Switches) -> Result<(), Failure> {
        for id in self.ids(value, switches)? {
            self.remove_id(id);
        }
        Ok(())
    }

    /// Takes one out.
    pub(super) fn remove_id(&mut self, id: String) {
        if self.times(&id) == 0 {
            self.warnings.push(format!("the member {id} is not there"));
        }
        self.set(id, 0);
    }

    /// Takes everybody out, or everybody beyond the first so many.
    pub(super) fn keep(&mut self, count: usize) {
        let members = self.store.groups.get(&self.group).map(|entry| &entry.members);
        let gone: Vec<String> = members.into_iter().flat_map(|members| members.keys().skip(count).cloned()).collect();
        for id in gone {
            self.set(id, 0);
        }
    }

    /// Counts those whom a request names.
    pub(super) fn count(&mut self, named: usize, switches: &Switches) -> Result<(), Failure> {
        self.named += named;
        if switches.max_members.is_some_and(|most| self.named > most) {
            let status = switches.over_members.and_then(|status| axum::http::StatusCode::from_u16(status).ok());
            let status = status.unwrap_or(axum::http::StatusCode::PAYLOAD_TOO_LARGE);
            return Err(Failure::new(status, INVALID_VALUE, "the request names too many members"));
        }
        Ok(())
    }

    /// Whether anybody came or went.
    pub(super) fn has_changed(&self) -> bool {
        self.undo.iter().any(|(id, before)| self.times(id) != *before)
    }

    /// Puts everybody back.
    pub(super) fn roll_back(mut self) {
        while let Some((id, before)) = self.undo.pop() {
            self.store.set_member(&self.group, &id, before);
        }
    }

    fn times(&self, id: &str) -> u32 {
        self.store.groups.get(&self.group).and_then(|entry| entry.members.get(id)).copied().unwrap_or(0)
    }

    fn set(&mut self, id: String, times: u32) {
        let before = self.store.set_member(&self.group, &id, times);
        self.undo.push((id, before));
    }

    /// The ids in an array of members, or in one member.
    fn ids(&mut self, value: &Value, switches: &Switches) -> Result<Vec<String>, Failure> {
        let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        self.count(items.len(), switches)?;
        let wrong = || refused(INVALID_VALUE, "a member must be an object with a value");
        items.iter().map(|item| item.get("value").and_then(|value| id_of(value, switches)).ok_or_else(wrong)).collect()
    }
}

/// An id as it was sent.
fn id_of(value: &Value, switches: &Switches) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) if switches.ids == Ids::Number => Some(id.to_string()),
        _ => None,
    }
}
