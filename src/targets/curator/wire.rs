//! Their JSON. No vendor page shows a row of a list or a failure, so that rows are read by every name and in every
//! envelope that the vendor's other samples have (K1: `curator_api/api_docs`), and failures by their words.

use compact_str::CompactString;
use serde_json::{Map, Value};

use crate::principal::{Attributes, shown};

/// Names that a member may have, the most telling first: `name` is the user name in the vendor's sample of
/// Tableau/listUsers, but would be the person's name beside a `username`.
const USER_NAME: [&str; 4] = ["username", "user_name", "name", "login"];
const MAIL: [&str; 2] = ["email", "mail"];
const FULL_NAME: [&str; 4] = ["full_name", "fullname", "display_name", "displayName"];
const GROUPS: [&str; 2] = ["groups", "frontend_groups"];
const GROUP_NAME: [&str; 3] = ["name", "title", "group_name"];
const MEMBERS: [&str; 2] = ["users", "members"];
const ATTRIBUTES: [&str; 2] = ["custom_attributes", "customAttributes"];
const PLATFORMS: [&str; 3] = ["metadata", "platforms", "platform_groups"];

/// A frontend user as far as a row tells. What is `None` was not told; what is empty was told to be so.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct UserRow {
    pub(super) id: Option<CompactString>,
    pub(super) name: CompactString,
    pub(super) mail: Option<CompactString>,
    pub(super) full_name: Option<CompactString>,
    pub(super) groups: Option<Vec<Mention>>,
}

/// A frontend group as far as a row tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GroupRow {
    pub(super) id: Option<CompactString>,
    pub(super) name: CompactString,
    pub(super) members: Option<Vec<Mention>>,
    pub(super) attributes: Option<Attributes>,
    /// Whether groups of other platforms are attached, where it tells.
    pub(super) has_platforms: bool,
}

/// Somebody or something named inside the row of another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) id: Option<CompactString>,
    pub(super) name: Option<CompactString>,
}

/// What an answer says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// `result` or `status` is "success", in any case.
    Success,
    /// It says nothing of that.
    Silent,
    /// It says that it failed, and why.
    Refused(String),
    /// It says a word that is neither.
    Odd(String),
}

/// Reads what an answer says of itself (vendor: User API; `result` in most samples, `status` in
/// getManageablePermissions, the word in either case).
pub(super) fn verdict(answer: &Value) -> Verdict {
    let Value::Object(members) = answer else { return Verdict::Silent };
    let failed = ["error", "errors", "exception"].iter().any(|name| members.get(*name).is_some_and(is_something));
    if failed || members.get("success") == Some(&Value::Bool(false)) {
        return Verdict::Refused(text(members));
    }
    let word = ["result", "status"].iter().find_map(|name| members.get(*name)?.as_str());
    match word.map(str::to_ascii_lowercase).as_deref() {
        None => Verdict::Silent,
        Some("success") => Verdict::Success,
        Some("error" | "errors" | "fail" | "failed" | "failure" | "denied" | "forbidden" | "unauthorized") => {
            Verdict::Refused(text(members))
        }
        Some(word) => Verdict::Odd(format!("`{word}`: {}", text(members))),
    }
}

/// The words of an answer for a person, as they came.
fn text(members: &Map<String, Value>) -> String {
    let found = ["msg", "message", "error"].iter().find_map(|name| members.get(*name)?.as_str());
    let whole = || serde_json::to_string(members).unwrap_or_default();
    found.map_or_else(whole, str::to_owned)
}

/// The rows of a list, each with its key where the list is keyed. `name` is what the list is of: `users`, `groups`.
///
/// # Errors
/// A sentence, when there is nothing that could be a list.
pub(super) fn rows(answer: Value, name: &str) -> Result<Vec<(Option<String>, Value)>, String> {
    match verdict(&answer) {
        Verdict::Success | Verdict::Silent => {}
        Verdict::Refused(why) => return Err(format!("the answer is a failure: {}", shown(&why, 300))),
        Verdict::Odd(word) => {
            return Err(format!("the answer is neither a success nor a list: {}", shown(&word, 300)));
        }
    }
    list(answer, name, true)
}

fn list(found: Value, name: &str, outer: bool) -> Result<Vec<(Option<String>, Value)>, String> {
    let mut members = match found {
        Value::Array(rows) => return Ok(rows.into_iter().map(|row| (None, row)).collect()),
        Value::Object(members) => members,
        other => return Err(format!("the answer holds no list: {}", shown(&other.to_string(), 60))),
    };
    if outer {
        for word in ["result", "status", "success"] {
            if !members.get(word).is_some_and(|value| value.is_object() || value.is_array()) {
                members.remove(word);
            }
        }
    }
    if let Some(inner) = members.remove(name) {
        return list(inner, name, false);
    }
    if let Some(inner) = members.remove("msg").or_else(|| members.remove("data")).filter(|_| outer) {
        return list(inner, name, false);
    }
    let keyed = members.iter().all(|(key, row)| key.parse::<u64>().is_ok() && !row.is_null());
    if !keyed {
        let known: Vec<&str> = members.keys().map(String::as_str).take(8).collect();
        return Err(format!("the answer holds no list of {name}, but: {}", shown(&known.join(", "), 200)));
    }
    Ok(members.into_iter().map(|(key, row)| (Some(key), row)).collect())
}

/// Reads every row of a list by `read`.
///
/// # Errors
/// A sentence, when there is no list or a row of it cannot be read.
pub(super) fn table<T>(
    answer: Value,
    name: &str,
    read: fn(Option<&str>, &Value) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let rows = rows(answer, name)?.into_iter().enumerate();
    rows.map(|(at, (key, row))| read(key.as_deref(), &row).map_err(|why| format!("row {}: {why}", at + 1))).collect()
}

/// Reads a row of User/listUsers.
///
/// # Errors
/// A sentence, when it names nobody or a member cannot be read.
pub(super) fn user_row(key: Option<&str>, row: &Value) -> Result<UserRow, String> {
    let members = match row {
        Value::String(name) => return Ok(UserRow { name: named(name)?, ..UserRow::default() }),
        Value::Object(members) => members,
        other => return Err(format!("it is no object: {}", shown(&other.to_string(), 60))),
    };
    let name = words(members, &USER_NAME)?.ok_or_else(|| missing("user name", &USER_NAME, members))?;
    Ok(UserRow {
        id: id(members, "user_id")?.or_else(|| key.map(CompactString::from)),
        name: named(&name)?,
        mail: words(members, &MAIL)?,
        full_name: words(members, &FULL_NAME)?,
        groups: mentions(members, &GROUPS, "group_id", &GROUP_NAME)?,
    })
}

/// Reads a row of User/listGroups.
///
/// # Errors
/// A sentence, when it names nothing or a member cannot be read.
pub(super) fn group_row(key: Option<&str>, row: &Value) -> Result<GroupRow, String> {
    let members = match row {
        Value::String(name) => return Ok(GroupRow { name: named(name)?, ..GroupRow::default() }),
        Value::Object(members) => members,
        other => return Err(format!("it is no object: {}", shown(&other.to_string(), 60))),
    };
    let name = words(members, &GROUP_NAME)?.ok_or_else(|| missing("name", &GROUP_NAME, members))?;
    let platforms = PLATFORMS.iter().find_map(|name| members.get(*name));
    Ok(GroupRow {
        id: id(members, "group_id")?.or_else(|| key.map(CompactString::from)),
        name: named(&name)?,
        members: mentions(members, &MEMBERS, "user_id", &USER_NAME)?,
        attributes: ATTRIBUTES.iter().find_map(|name| members.get(*name)).map(attributes).transpose()?,
        has_platforms: platforms.is_some_and(holds_something),
    })
}

/// An object, or the `[]` that PHP prints for an empty one.
fn attributes(found: &Value) -> Result<Attributes, String> {
    match found {
        Value::Object(members) => {
            Ok(members.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect())
        }
        Value::Array(items) if items.is_empty() => Ok(Attributes::new()),
        Value::Null => Ok(Attributes::new()),
        other => Err(format!("its custom attributes are no object: {}", shown(&other.to_string(), 60))),
    }
}

/// Names or objects; `None` where the row has no such member.
fn mentions(
    members: &Map<String, Value>,
    names: &[&str],
    id_name: &str,
    called: &[&str],
) -> Result<Option<Vec<Mention>>, String> {
    let Some((name, found)) = names.iter().find_map(|name| members.get_key_value(*name)) else { return Ok(None) };
    let one = |key: Option<&str>, value: &Value| match value {
        Value::String(text) => Ok(Mention { id: None, name: Some(named(text)?) }),
        Value::Number(number) => Ok(Mention { id: Some(number.to_string().into()), name: None }),
        Value::Object(inside) => {
            let mention = Mention {
                id: id(inside, id_name)?.or_else(|| key.map(CompactString::from)),
                name: words(inside, called)?.filter(|text| !text.is_empty()),
            };
            let known = mention.id.is_some() || mention.name.is_some();
            known.then_some(mention).ok_or_else(|| format!("`{name}` holds something without a name"))
        }
        other => Err(format!("`{name}` holds {}", shown(&other.to_string(), 60))),
    };
    match found {
        Value::Null => Ok(None),
        Value::Array(items) => items.iter().map(|item| one(None, item)).collect::<Result<_, _>>().map(Some),
        Value::Object(items) => {
            items.iter().map(|(key, item)| one(Some(key), item)).collect::<Result<_, _>>().map(Some)
        }
        other => Err(format!("`{name}` is no list: {}", shown(&other.to_string(), 60))),
    }
}

/// The first of these members, as text. `null` is an empty text.
fn words(members: &Map<String, Value>, names: &[&str]) -> Result<Option<CompactString>, String> {
    let Some((name, found)) = names.iter().find_map(|name| members.get_key_value(*name)) else { return Ok(None) };
    match found {
        Value::String(text) => Ok(Some(text.as_str().into())),
        Value::Null => Ok(Some(CompactString::default())),
        Value::Number(number) => Ok(Some(number.to_string().into())),
        other => Err(format!("`{name}` is no text: {}", shown(&other.to_string(), 60))),
    }
}

fn id(members: &Map<String, Value>, other: &str) -> Result<Option<CompactString>, String> {
    Ok(words(members, &["id", other])?.filter(|id| !id.is_empty()))
}

fn named(name: &str) -> Result<CompactString, String> {
    if name.trim().is_empty() {
        return Err("its name is empty".to_owned());
    }
    Ok(name.into())
}

fn missing(what: &str, names: &[&str], members: &Map<String, Value>) -> String {
    let known: Vec<&str> = members.keys().map(String::as_str).take(12).collect();
    format!("it has no {what} ({}), but: {}", names.join(", "), shown(&known.join(", "), 200))
}

fn is_something(value: &Value) -> bool {
    !matches!(value, Value::Bool(false)) && holds_something(value)
}

fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(holds_something),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The platform groups that an answer of createFrontendGroup says it did not find, in a sentence; none where it found
/// all. Older pages of the vendor spell one member without its `t`.
pub(super) fn not_found(answer: &Value) -> Option<String> {
    let fields = [
        ("tableauGroupsNotFound", "Tableau"),
        ("thoughtspotGroupsNotFound", "ThoughtSpot"),
        ("thoughspotGroupsNotFound", "ThoughtSpot"),
    ];
    let found = fields.iter().filter_map(|(field, platform)| {
        let names = match answer.get(*field)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        };
        (!names.is_empty()).then(|| format!("{platform} has no group {}", shown(&names, 200)))
    });
    let found: Vec<String> = found.collect();
    (!found.is_empty()).then(|| found.join("; "))
}
