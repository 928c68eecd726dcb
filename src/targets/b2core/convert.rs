//! Their members and ours.
//!
//! | principal | Back Office |
//! | --- | --- |
//! | `name` of a user | `email`, compared ignoring case |
//! | `displayName` of a user | `name` |
//! | `name`, `displayName` of a group | `name`, both |

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::config::TagShape;
use super::values::{self, ADDRESSES, PHONE, SEES_MASKED, TAGS};
use super::wire::Row;
use crate::plan::{Action, Change, Field};
use crate::principal::{Attributes, CaseRule, GroupRef, Kind, Principal, fold};

/// A user as read; `groups` are the groups of the listing by id. What is in none of them stays out of our sight.
///
/// # Errors
/// A sentence: which member is missing.
pub(super) fn user(row: &Row, groups: &FxHashMap<CompactString, GroupRef>) -> Result<Principal, String> {
    let id = row.id().ok_or("it has no `id`")?;
    let email = row.text("email").ok_or_else(|| format!("user {id} has no `email`"))?;
    let mut principal = Principal::new(Kind::User, email.trim());
    principal.display_name = row.text("name").map(CompactString::from);
    principal.active = Some(row.flag("active").unwrap_or(true));
    principal.set_groups(row.groups().unwrap_or_default().iter().filter_map(|id| groups.get(id)).copied().collect());
    let phone = row.text(PHONE).map(|text| (PHONE, Value::from(text)));
    let lists = [ADDRESSES, TAGS].map(|name| (name, Value::from(row.texts(name))));
    let flag = (SEES_MASKED, Value::from(row.flag(SEES_MASKED).unwrap_or(false)));
    let all = lists.into_iter().chain(phone).chain([flag]);
    let attributes = all.map(|(name, value)| (CompactString::from(name), values::bent(name, &value)));
    principal.attributes = Some(Box::new(attributes.collect::<Attributes>()));
    principal.id = Some(id);
    Ok(principal)
}

/// A group as read.
///
/// # Errors
/// A sentence: which member is missing.
pub(super) fn group(row: &Row) -> Result<Principal, String> {
    let id = row.id().ok_or("it has no `id`")?;
    let name = row.text("name").ok_or_else(|| format!("group {id} has no `name`"))?;
    let mut principal = Principal::new(Kind::Group, name);
    principal.id = Some(id);
    principal.set_groups(Vec::new());
    bend(&mut principal);
    Ok(principal)
}

/// What the product can hold of a desired principal, attributes it does not know apart.
pub(super) fn bend(principal: &mut Principal) {
    principal.mail = None;
    principal.description = None;
    principal.visibility = None;
    match principal.kind {
        Kind::User => {
            // A name is required: one that is cleared becomes the address.
            if principal.display_name.as_ref().is_some_and(|text| text.trim().is_empty()) {
                principal.display_name = Some(principal.name.clone());
            }
            values::bend(principal);
        }
        Kind::Group => {
            principal.active = None;
            principal.display_name = Some(fold(&principal.name, CaseRule::Exact));
        }
    }
}

/// Whether somebody could sign in by this name. What the product takes for an address is not published.
pub(super) fn is_address(name: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"');
    let halves = name.split_once('@');
    halves.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
        && !name.contains(strange)
}

/// The members that a change of a user sets, memberships apart.
pub(super) fn members(change: &Change, tags_as: TagShape) -> Map<String, Value> {
    let mut members = Map::new();
    for field in &change.detail().fields {
        match &field.field {
            Field::DisplayName => _ = members.insert("name".to_owned(), field.to.clone()),
            Field::Attribute(name) => _ = members.insert(name.to_string(), sent(name, &field.to, tags_as)),
            // The rest is not held, and so never differs.
            Field::Description | Field::Mail | Field::Visibility | Field::Active => {}
        }
    }
    if let Some(name) = &change.detail().new_name {
        members.insert("email".to_owned(), name.as_str().into());
    }
    match change.action() {
        Action::Enable => _ = members.insert("active".to_owned(), true.into()),
        Action::Disable => _ = members.insert("active".to_owned(), false.into()),
        _ => {}
    }
    members
}

/// The body that creates a user, but for its password and its groups. `password`, `name`, `email`, `active`, `tfa` and
/// `groups` are required, the rest is sent only where it is given (vendor's page "Users").
pub(super) fn newcomer(after: &Principal, tfa: bool, notify: bool, tags_as: TagShape) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("name".to_owned(), after.display_name.as_deref().unwrap_or(&after.name).into());
    members.insert("email".to_owned(), after.name.as_str().into());
    members.insert("active".to_owned(), after.is_active().into());
    members.insert("tfa".to_owned(), tfa.into());
    members.insert("sendNotify".to_owned(), notify.into());
    for (name, value) in after.attributes.iter().flat_map(|attributes| attributes.iter()) {
        members.insert(name.to_string(), sent(name, value, tags_as));
    }
    members
}

/// A value in the type that the vendor's page gives it. Nothing is sent as nothing of that type, never as null.
fn sent(name: &str, value: &Value, tags_as: TagShape) -> Value {
    match (name, value) {
        (PHONE, Value::Null) => "".into(),
        (SEES_MASKED, Value::Null) => false.into(),
        (ADDRESSES | TAGS, Value::Null) => Value::Array(Vec::new()),
        (TAGS, Value::Array(tags)) if tags_as == TagShape::Objects => {
            tags.iter().map(|tag| json!({ "name": tag })).collect()
        }
        _ => value.clone(),
    }
}
