//! What this product makes of single changes of a plan.

use serde::Deserialize;
use serde_json::Value;

use super::attributes::complaint;
use super::convert::is_mail;
use crate::connector::Judgement;
use crate::plan::{Action, Change, Field};
use crate::principal::{Kind, Principal, shown};

const DEACTIVATION: &str = "a user who is deactivated loses every membership by it, those of groups made by hand too: \
                            whoever comes back is put into the groups of the source again";

/// How many ids a note tells.
const TOLD: usize = 10;

/// What a group has that goes with it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Shared {
    credential_ids: Vec<String>,
    connection_ids: Vec<String>,
}

pub(super) fn judge(change: &Change, force_delete: bool) -> Judgement {
    if let Some(reason) = impossible(change) {
        return Judgement::Cannot(reason);
    }
    match (change.kind(), change.action(), change.before()) {
        (Kind::User, Action::Disable, _) => Judgement::Note(DEACTIVATION.to_owned()),
        (Kind::Group, Action::Delete, Some(group)) => deletion(group, force_delete),
        _ => Judgement::Fine,
    }
}

/// Why the server could not do it.
fn impossible(change: &Change) -> Option<String> {
    let name = match (change.kind(), change.action()) {
        (Kind::User, Action::Create) => Some(change.name()),
        (Kind::User, _) => change.detail().new_name.as_deref(),
        (Kind::Group, _) => None,
    };
    if let Some(name) = name.filter(|name| !is_mail(name)) {
        let name = shown(name, 60);
        let advice = "set the name from the mail: `users.set.name: \"{{ mail }}\"`";
        return Some(format!("Alteryx Server calls a user by the e-mail address, and `{name}` is none: {advice}"));
    }
    if change.action() == Action::Create {
        let attributes = change.after().and_then(|after| after.attributes.as_deref());
        return attributes.into_iter().flatten().find_map(|(name, value)| complaint(name, value));
    }
    change.detail().fields.iter().find_map(|change| match &change.field {
        // What is cleared becomes what the server has for nothing.
        Field::Attribute(name) if change.to != Value::Null => complaint(name, &change.to),
        _ => None,
    })
}

/// What goes with a group. A plan that was saved has told it when it was made: the group of one does not carry it.
fn deletion(group: &Principal, force_delete: bool) -> Judgement {
    let Some(extra) = &group.extra else { return Judgement::Fine };
    let Shared { credential_ids, connection_ids } = serde_json::from_str(&format!("{{{extra}}}")).unwrap_or_default();
    let name = shown(&group.name, 60);
    let lost: Vec<String> = [("credentialIds", credential_ids), ("connectionIds", connection_ids)]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(kind, ids)| format!("{kind} {}", listed(&ids)))
        .collect();
    let lost = if lost.is_empty() { String::new() } else { format!(" (it has {})", lost.join(", ")) };
    let force = if force_delete { ", with its members in it (`forceDelete`)" } else { "" };
    Judgement::Note(format!(
        "group `{name}` goes for good{force}: `undo` brings back neither the credentials and connections shared with \
         it{lost} nor its rights on collections"
    ))
}

fn listed(ids: &[String]) -> String {
    let told: Vec<String> = ids.iter().take(TOLD).map(|id| shown(id, 40)).collect();
    let more = if ids.len() > TOLD { format!(" and {} more", ids.len() - TOLD) } else { String::new() };
    format!("{}{more}", told.join(", "))
}
