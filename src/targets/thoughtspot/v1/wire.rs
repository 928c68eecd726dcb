use std::io::Write;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::super::product::display_name;
use crate::principal::{GroupNames, Kind, Password, Principal, PrincipalSet, PrincipalType, Visibility};

/// The six arrays of names that `user/sync` answers with. A missing or `null` one is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SyncAnswer {
    pub(super) users_added: Option<Vec<String>>,
    pub(super) users_updated: Option<Vec<String>>,
    pub(super) users_deleted: Option<Vec<String>>,
    pub(super) groups_added: Option<Vec<String>>,
    pub(super) groups_updated: Option<Vec<String>>,
    pub(super) groups_deleted: Option<Vec<String>>,
}

/// What `session/info` tells of the account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SessionInfo {
    pub(super) user_name: Option<String>,
    pub(super) privileges: Option<Vec<String>>,
}

/// The payload of `user/sync`: every principal of `set`, those that are new with their password.
pub(super) fn payload(set: &PrincipalSet, passwords: &FxHashMap<CompactString, Password>) -> Vec<u8> {
    let mut out = Vec::with_capacity(set.len() * 256);
    out.push(b'[');
    for (at, record) in set.records().iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b",\n");
        }
        write_principal(&mut out, &record.principal, set.names(), passwords);
    }
    out.push(b']');
    out
}

fn write_principal(
    out: &mut Vec<u8>,
    principal: &Principal,
    names: &GroupNames,
    passwords: &FxHashMap<CompactString, Password>,
) {
    let Principal {
        kind,
        name,
        display_name: _,
        description,
        mail,
        visibility,
        active: _,
        id: _,
        type_name,
        groups: _,
        attributes: _,
        password,
        extra,
    } = principal;
    let type_name = type_name.as_ref().unwrap_or(&PrincipalType::Local).text(*kind);
    out.push(b'{');
    member(out, "name", &name.as_str());
    member(out, "displayName", &display_name(principal));
    if let Some(text) = description {
        member(out, "description", &text.as_str());
    }
    if let Some(text) = mail {
        member(out, "mail", &text.as_str());
    }
    member(out, "principalTypeEnum", &type_name);
    member(out, "groupNames", &names.sorted(principal.group_refs()));
    member(out, "visibility", &visibility.unwrap_or(Visibility::Default).text());
    let given = password.as_deref().filter(|password| !password.reveal().is_empty());
    let password = given.or_else(|| passwords.get(name).filter(|_| *kind == Kind::User));
    if let Some(password) = password {
        member(out, "password", &password.reveal());
    }
    if let Some(extra) = extra {
        out.push(b',');
        out.extend_from_slice(extra.as_bytes());
    }
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, name: &str, value: &impl serde::Serialize) {
    let comma = if out.last() == Some(&b'{') { "" } else { "," };
    // Writing to memory does not fail, and texts have no keys that could be wrong.
    let _ = write!(out, "{comma}\"{name}\":");
    let _ = serde_json::to_writer(out, value);
}
