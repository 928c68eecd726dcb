//! From rows to principals.

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::wire::{GroupRow, UserRow};
use crate::principal::{Attributes, GroupRef, Kind, Principal, PrincipalType, Visibility};

/// The attribute that a group shows whose members administrate the product. It is read, never written.
pub(super) const ADMINISTRATES: &str = "administrates";

/// Privileges that make administrators, with roles and without (vendor's description).
const ADMINISTRATION: [&str; 4] =
    ["ADMINISTRATION", "USER_ADMINISTRATION", "GROUP_ADMINISTRATION", "ROLE_ADMINISTRATION"];

/// A user; memberships only in groups that are known. Whether it is active is told where that can be changed.
pub(super) fn user(row: &UserRow, groups: &FxHashMap<CompactString, GroupRef>, tells_state: bool) -> Principal {
    let mut user = Principal::new(Kind::User, row.name.clone());
    user.id = Some(row.id.clone());
    user.display_name.clone_from(&row.display_name);
    user.mail = row.email.clone().filter(|mail| !mail.is_empty());
    user.visibility = row.visibility.as_deref().and_then(visibility);
    user.type_name = row.account_type.as_deref().and_then(type_name);
    user.active = row.account_status.as_deref().filter(|_| tells_state).and_then(active);
    if let Some(inside) = &row.user_groups {
        user.set_groups(inside.iter().filter_map(|group| groups.get(&group.id)).copied().collect());
    }
    user
}

/// A group; its parents are told by the parents.
pub(super) fn group(row: &GroupRow, parents: Vec<GroupRef>) -> Principal {
    let mut group = Principal::new(Kind::Group, row.name.clone());
    group.id = Some(row.id.clone());
    group.display_name.clone_from(&row.display_name);
    group.description = row.description.clone().filter(|text| !text.is_empty());
    group.visibility = row.visibility.as_deref().and_then(visibility);
    group.type_name = row.group_type.as_deref().and_then(type_name);
    group.set_groups(parents);
    if administrates(row) {
        let told: Attributes = [(CompactString::from(ADMINISTRATES), Value::Bool(true))].into_iter().collect();
        group.attributes = Some(Box::new(told));
    }
    group
}

fn administrates(row: &GroupRow) -> bool {
    row.privileges.iter().flatten().any(|privilege| ADMINISTRATION.contains(&privilege.as_str()))
}

fn visibility(text: &str) -> Option<Visibility> {
    match text {
        "SHARABLE" => Some(Visibility::Default),
        "NON_SHARABLE" => Some(Visibility::NonSharable),
        _ => None,
    }
}

fn type_name(text: &str) -> Option<PrincipalType> {
    PrincipalType::parse(text).map(|(type_name, _)| type_name)
}

/// Who is locked, expired or pending is not switched off: that is not for a directory to say.
fn active(status: &str) -> Option<bool> {
    match status {
        "ACTIVE" | "LOCKED" | "EXPIRED" | "PENDING" => Some(true),
        "INACTIVE" | "SUSPENDED" => Some(false),
        _ => None,
    }
}
