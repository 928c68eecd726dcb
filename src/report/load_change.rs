//! One change of a saved plan, read again.

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::Deserialize;
use serde_json::Value;

use super::load::LoadError;
use crate::plan::{Action, Cause, Change, Detail, Field, FieldChange, Owner, ReasonCode, Whole};
use crate::principal::{GroupNames, GroupRef, Members, Origin, Password, Principal, PrincipalDocument, PrincipalId};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeFile {
    action: Action,
    name: CompactString,
    new_name: Option<CompactString>,
    reason_code: ReasonCode,
    origin: Option<String>,
    source_id: Option<CompactString>,
    privileged: bool,
    #[serde(default)]
    cause: Cause,
    owner: Option<Owner>,
    #[serde(default)]
    password_from_source: bool,
    #[serde(default)]
    fields: Vec<FieldFile>,
    groups: Option<GroupsFile>,
    transfer_to: Option<CompactString>,
    #[serde(default)]
    also_updates: Vec<String>,
    last_origin: Option<String>,
    last_seen: Option<String>,
    before: Option<PrincipalDocument>,
    after: Option<PrincipalDocument>,
}

#[derive(Debug, Deserialize)]
struct FieldFile {
    field: String,
    from: Value,
    to: Value,
    #[serde(default)]
    cause: Cause,
}

#[derive(Debug, Deserialize)]
struct GroupsFile {
    add: Vec<String>,
    remove: Vec<String>,
    #[serde(default)]
    causes: BTreeMap<String, Cause>,
}

impl ChangeFile {
    pub(super) fn read(self, names: &mut GroupNames, whole: Option<Whole>) -> Result<Change, LoadError> {
        let groups = self.groups.as_ref();
        let (add, remove) = groups.map(|groups| (&groups.add[..], &groups.remove[..])).unwrap_or_default();
        let mut join: Vec<_> = add.iter().map(|name| names.intern(name)).collect();
        let mut leave: Vec<_> = remove.iter().map(|name| names.intern(name)).collect();
        join.sort_unstable();
        leave.sort_unstable();
        let causes = groups.into_iter().flat_map(|groups| &groups.causes);
        let mut causes: Vec<_> = causes.map(|(name, cause)| (names.intern(name), *cause)).collect();
        causes.sort_unstable_by_key(|(group, _)| *group);
        let detail = self.detail(join, causes)?;
        let mut principal = |document: Option<PrincipalDocument>| -> Result<Option<Principal>, LoadError> {
            let read = document.map(|document| document.into_principal(names, Members::Strict));
            read.transpose().map_err(|error| LoadError::Shape(error.reason))
        };
        let (before, after) = (principal(self.before)?, principal(self.after)?);
        let told = after.clone();
        let origin = self.origin.as_deref().map(Origin::place);
        let mut change = match (self.action, before, after, whole) {
            (Action::Create, None, Some(mut after), _) => {
                // A mark only: the password itself is read from the source again, or the one that the sync gives to new users is used.
                after.password = self.password_from_source.then(|| Box::new(Password::new("")));
                let mut change = Change::create(after, None);
                if detail.source_id.is_some() || detail.cause != Cause::Unknown {
                    *change.detail_mut() = detail;
                }
                change
            }
            (action, Some(before), _, Some(whole)) if action.removes() => {
                Change::remove(whole, action, self.reason_code, before, detail)
            }
            (Action::Enable, Some(before), Some(after), _) if after.active.is_none() => {
                Change::edit(Action::Enable, self.reason_code, before, detail, None).without_active()
            }
            (action, Some(before), _, _) if !action.removes() && action != Action::Create => {
                Change::edit(action, self.reason_code, before, detail, None)
            }
            _ => return Err(LoadError::Shape(format!("change of `{}` does not fit its action", self.name))),
        };
        change.reason = self.reason_code;
        change.origin = origin;
        change.privileged = self.privileged;
        change.owner = self.owner.unwrap_or(Owner::None);
        let change = match (leave.is_empty(), whole) {
            (true, _) => change,
            (false, Some(whole)) => change.leaving(whole, leave),
            (false, None) => return Err(LoadError::Shape("it removes although a reading was not whole".into())),
        };
        Ok(match told.filter(|_| self.action != Action::Create) {
            Some(told) => change.exactly(&told),
            None => change,
        })
    }

    fn detail(&self, join: Vec<GroupRef>, causes: Vec<(GroupRef, Cause)>) -> Result<Detail, LoadError> {
        let bad = |what: &str| LoadError::Shape(format!("change of `{}`: {what}", self.name));
        let fields = self.fields.iter().map(|file| {
            let field = Field::parse(&file.field).filter(|field| *field != Field::Active);
            let field = field.ok_or_else(|| bad(&format!("unknown field `{}`", file.field)))?;
            Ok(FieldChange { cause: file.cause, ..FieldChange::new(field, file.from.clone(), file.to.clone()) })
        });
        let touches = self.also_updates.iter().map(|id| PrincipalId::parse(id).map_err(|why| bad(&why)));
        Ok(Detail {
            fields: fields.collect::<Result<_, LoadError>>()?,
            join,
            new_name: self.new_name.clone(),
            source_id: self.source_id.clone(),
            transfer_to: self.transfer_to.clone(),
            touches: touches.collect::<Result<_, LoadError>>()?,
            last_origin: self.last_origin.clone(),
            last_seen: self.last_seen.clone(),
            cause: self.cause,
            causes,
        })
    }
}
