//! One change as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::connector::{ConnectorError, Outcome};
use crate::plan::{Action, Cause, Change, FieldChange, Owner, ReasonCode};
use crate::principal::{GroupNames, Kind, PrincipalView};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeDocument<'a> {
    action: Action,
    kind: Kind,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_name: Option<&'a str>,
    reason_code: ReasonCode,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_id: Option<&'a str>,
    privileged: bool,
    /// Who moved, where it is made again, switched on or switched off; left out where nothing is remembered.
    #[serde(skip_serializing_if = "is_unknown")]
    cause: Cause,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
    /// The source gives the new user's password; it is not here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    password_from_source: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<GroupsDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer_to: Option<&'a str>,
    /// Who loses or follows a membership because this group goes or is renamed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_updates: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_origin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<PrincipalView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<PrincipalView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct FieldDocument<'a> {
    field: String,
    from: &'a Value,
    to: &'a Value,
    #[serde(skip_serializing_if = "is_unknown")]
    cause: Cause,
}

#[derive(Serialize)]
struct GroupsDocument<'a> {
    add: Vec<&'a str>,
    remove: Vec<&'a str>,
    /// Of those of which something is remembered.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    causes: BTreeMap<&'a str, Cause>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_unknown(cause: &Cause) -> bool {
    *cause == Cause::Unknown
}

impl<'a> ChangeDocument<'a> {
    pub(super) fn new(change: &'a Change, names: &'a GroupNames, outcome: Option<&'a Outcome>) -> Self {
        let detail = change.detail();
        let groups = GroupsDocument {
            add: names.sorted(&detail.join),
            remove: names.sorted(change.leaves()),
            causes: detail.causes.iter().map(|(group, cause)| (names.name(*group), *cause)).collect(),
        };
        let has_groups = !(groups.add.is_empty() && groups.remove.is_empty());
        let removes = change.action().removes();
        let (word, error, hint) = outcome.map_or((None, None, None), told);
        Self {
            action: change.action(),
            kind: change.kind(),
            name: change.name(),
            new_name: detail.new_name.as_deref(),
            reason_code: change.reason,
            reason: change.reason.sentence(),
            origin: change.origin.as_ref().map(ToString::to_string),
            source_id: detail.source_id.as_deref(),
            target_id: change.before().and_then(|before| before.id.as_deref()),
            privileged: change.privileged,
            cause: detail.cause,
            owner: removes.then_some(change.owner),
            password_from_source: change.before().is_none()
                && change.after().is_some_and(|after| after.password.is_some()),
            fields: detail.fields.iter().map(field).collect(),
            groups: has_groups.then_some(groups),
            transfer_to: detail.transfer_to.as_deref(),
            also_updates: detail.touches.iter().map(ToString::to_string).collect(),
            last_origin: detail.last_origin.as_deref(),
            last_seen: detail.last_seen.as_deref(),
            before: change.before().map(|before| PrincipalView::new(before, names)),
            after: change.after().map(|after| PrincipalView::new(after, names)),
            outcome: word,
            error,
            hint,
        }
    }
}

fn field(change: &FieldChange) -> FieldDocument<'_> {
    let FieldChange { field, from, to, cause } = change;
    FieldDocument { field: field.text(), from, to, cause: *cause }
}

fn told(outcome: &Outcome) -> (Option<&'static str>, Option<String>, Option<&str>) {
    match outcome {
        Outcome::Done => (Some("done"), None, None),
        Outcome::Failed(error) => {
            let ConnectorError { hint, .. } = error;
            (Some("failed"), Some(error.to_string()), hint.as_deref())
        }
        Outcome::SetAside(why) => (Some("set-aside"), Some(why.clone()), None),
        Outcome::NotTried(why) => (Some("not-tried"), Some(why.clone()), None),
    }
}
