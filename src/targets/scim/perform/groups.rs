//! Groups: made empty, and renamed. Members follow by themselves.

use compact_str::CompactString;
use reqwest::Method;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::write::sendable;
use super::{Deed, failed};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError};
use crate::http::Answer;
use crate::plan::Change;
use crate::principal::{Kind, Principal};
use crate::targets::scim::api::{Api, refusal};
use crate::targets::scim::patch::{Operation, body};
use crate::targets::scim::wire::{GROUP, Resource, member_mut};

/// A group that others write too is read so often.
const ATTEMPTS: u32 = 3;

impl Deed<'_> {
    /// `POST /Groups`, without members: some ignore them there.
    pub(super) async fn create_group(&self, change: &Change) -> Result<Performed, SendError> {
        let doing = self.doing("creating", change);
        let mut group = json!({ "schemas": [GROUP], "displayName": change.name() });
        if let Some(external_id) = self.external_id(change) {
            group["externalId"] = external_id.as_str().into();
        }
        let answer = self.send(&doing, Method::POST, Api::path(Kind::Group, None), Some(&group), None).await?;
        match answer.status {
            200..=299 => {
                let made = serde_json::from_slice(&answer.body).ok().and_then(Resource::read);
                let Some(id) = made.as_ref().and_then(Resource::id) else { return Ok(Performed::default()) };
                self.note_version(&id, &answer).await?;
                Ok(Performed::made(id))
            }
            // A name that is taken was seen to break a service.
            409 | 500 => match self.find(Kind::Group, change.name(), &doing).await? {
                Some(id) => {
                    self.target.forms.adopt(&id);
                    let remark = "it was there already and is taken over, with whoever is in it";
                    Ok(Performed::made(id).with_remark(remark))
                }
                None => Err(refusal(&answer, &doing).into()),
            },
            _ => Err(refusal(&answer, &doing).into()),
        }
    }

    /// `displayName` of a group.
    pub(super) async fn rename_group(&self, change: &Change) -> Result<Performed, SendError> {
        let Some(name) = &change.detail().new_name else { return Ok(Performed::default()) };
        let id = self.site.id_of(change)?;
        let doing = self.doing("renaming", change);
        let operations = [Operation::replace("displayName", name.as_str())];
        let answer = if let Some(answer) = self.patch_group(&id, &operations, &doing).await? {
            answer
        } else {
            let set = |group: &mut Resource| *member_mut(&mut group.raw, "displayName") = name.as_str().into();
            self.put_group(&id, set, &doing).await?
        };
        if answer.is_success() { Ok(Performed::default()) } else { Err(refusal(&answer, &doing).into()) }
    }

    /// Changes a group in places; nothing where PATCH is not offered. What is refused with 501 may be one form of it.
    pub(super) async fn patch_group(
        &self,
        id: &CompactString,
        operations: &[Operation],
        doing: &str,
    ) -> Result<Option<Answer>, SendError> {
        if !self.patches().await? {
            return Ok(None);
        }
        let body = body(operations);
        for _ in 0..ATTEMPTS {
            let version = self.group_version(id, doing).await?;
            let path = Api::path(Kind::Group, Some(id));
            let answer = self.send(doing, Method::PATCH, path, Some(&body), version.as_deref()).await?;
            if answer.status == 412 {
                self.target.forms.note_version(id, None);
                continue;
            }
            self.note_version(id, &answer).await?;
            return Ok(Some(answer));
        }
        Err(moved(doing))
    }

    /// Reads a group whole, changes it, and writes it whole. Never from a part: what is left out would be gone.
    pub(super) async fn put_group(
        &self,
        id: &CompactString,
        change: impl Fn(&mut Resource),
        doing: &str,
    ) -> Result<Answer, SendError> {
        if !self.target.shows_whole_groups() {
            let why = "without PATCH the whole group would have to be written, and not all of its members are shown";
            return Err(failed(FailureClass::Rejected, doing, why, "set `patch: true` where the service takes PATCH"));
        }
        for _ in 0..ATTEMPTS {
            let Some(now) = self.look(Kind::Group, id, true, doing).await? else {
                let why = "the service no longer has the group";
                return Err(failed(FailureClass::Missing, doing, why, "the next run reads again"));
            };
            let shown = now.resource.members().unwrap_or_default();
            if !self.shows_all(id, &shown) {
                let why = "the whole group would have to be written, and not all of its members are shown";
                return Err(failed(FailureClass::Rejected, doing, why, "take care of this group by hand"));
            }
            let mut group = sendable(&now.resource);
            change(&mut group);
            let path = Api::path(Kind::Group, Some(id));
            let whole = Value::Object(group.raw);
            let answer = self.send(doing, Method::PUT, path, Some(&whole), now.version.as_deref()).await?;
            if answer.status != 412 {
                self.note_version(id, &answer).await?;
                return Ok(answer);
            }
        }
        Err(moved(doing))
    }

    /// Whether a group that was read once more shows everybody whom the last reading showed in it, and is none of
    /// those that may be cut.
    fn shows_all(&self, id: &str, shown: &[CompactString]) -> bool {
        let current = self.site.work.current;
        let groups = &current.set.records()[..current.set.count(Kind::Group)];
        let Some(group) = groups.iter().map(|record| &record.principal).find(|group| group.id.as_deref() == Some(id))
        else {
            // Made just now: whoever is in it came by this work.
            return true;
        };
        if current.untold.unsure.contains(&group.name) {
            return false;
        }
        let Some(reference) = current.set.names().find(&group.name) else { return true };
        let known: FxHashSet<&str> = shown.iter().map(CompactString::as_str).collect();
        let members = current.set.records().iter().map(|record| &record.principal);
        let mut members = members.filter(|member| member.group_refs().contains(&reference));
        members.all(|member| member.id.as_deref().is_none_or(|id| known.contains(id)) || self.has_left(member))
    }

    /// Whether this work takes the principal out of groups.
    fn has_left(&self, member: &Principal) -> bool {
        let of = |change: &&&Change| change.name() == member.name && change.kind() == member.kind;
        self.site
            .work
            .changes
            .iter()
            .find(of)
            .is_some_and(|change| !change.leaves().is_empty() || change.action().removes())
    }

    async fn group_version(&self, id: &str, doing: &str) -> Result<Option<CompactString>, ConnectorError> {
        if !self.target.uses_versions().await? {
            return Ok(None);
        }
        match self.target.forms.version(id) {
            Some(version) => Ok(Some(version)),
            None => Ok(self.look(Kind::Group, id, false, doing).await?.and_then(|looked| looked.version)),
        }
    }

    async fn note_version(&self, id: &str, answer: &Answer) -> Result<(), ConnectorError> {
        let resource = serde_json::from_slice(&answer.body).ok().and_then(Resource::read).unwrap_or_default();
        let version = self.version(&resource, answer).await?;
        self.target.forms.note_version(id, version);
        Ok(())
    }
}

fn moved(doing: &str) -> SendError {
    let why = format!("somebody else changed the group {ATTEMPTS} times while it was being written");
    failed(FailureClass::Conflict, doing, &why, "the next run reads again and finishes")
}
