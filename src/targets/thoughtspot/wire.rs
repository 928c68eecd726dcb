use std::io::Write;

use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use crate::principal::{GroupNames, Kind, Password, Principal, PrincipalSet, PrincipalType, Visibility, shown};

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

/// An error of API v1: `debug` is a JSON array inside a string, or plain text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorBody {
    code: Value,
    incident_id_guid: Option<String>,
    debug: Option<String>,
}

impl ErrorBody {
    /// The server's words, with its code and incident, or nothing where the body is something else.
    pub(super) fn read(body: &[u8]) -> Option<String> {
        let Self { code, incident_id_guid, debug } = serde_json::from_slice(body).ok()?;
        let debug = debug?;
        let inner: Option<Vec<String>> = serde_json::from_str(&debug).ok();
        let text = inner
            .map_or(debug, |lines| lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; "));
        let incident = incident_id_guid.map(|id| format!(", incident {}", shown(&id, 60))).unwrap_or_default();
        Some(format!("{} (code {code}{incident})", shown(&text, 300)))
    }
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
    member(out, "displayName", &self::display_name(principal));
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

/// The display name that is sent: the product has no principal without one.
pub(super) fn display_name(principal: &Principal) -> &str {
    principal.display_name.as_deref().filter(|text| !text.is_empty()).unwrap_or(&principal.name)
}

fn member(out: &mut Vec<u8>, name: &str, value: &impl serde::Serialize) {
    let comma = if out.last() == Some(&b'{') { "" } else { "," };
    // Writing to memory does not fail, and texts have no keys that could be wrong.
    let _ = write!(out, "{comma}\"{name}\":");
    let _ = serde_json::to_writer(out, value);
}
