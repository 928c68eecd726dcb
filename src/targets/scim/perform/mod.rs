//! One step of an apply.
//!
//! `users.rs` (make, change), `write.rs` (PATCH or PUT), `conflict.rs` (somebody has the name already), `groups.rs`,
//! `members.rs`, `remove.rs`.

mod conflict;
mod groups;
mod members;
mod remove;
mod users;
mod write;

use compact_str::CompactString;
use reqwest::Method;

use super::api::{Api, Write, refusal};
use super::config::{Clearing, ExternalId};
use super::target::Scim;
use super::wire::Resource;
use crate::connector::{ConnectorError, FailureClass, Performed, SendError, Site, told};
use crate::http::Answer;
use crate::plan::{Change, Step};
use crate::principal::Kind;

pub(super) async fn perform(target: &Scim, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
    let deed = Deed { target, site };
    match step {
        Step::Create { change, .. } if change.kind() == Kind::User => deed.create_user(change).await,
        Step::Create { change, .. } => deed.create_group(change).await,
        Step::Change { change, .. } if change.kind() == Kind::User => deed.change_user(change).await,
        Step::Change { change, .. } => deed.rename_group(change).await,
        Step::Join { group, members } => deed.join(*group, members).await,
        Step::Leave { group, members } => deed.leave(*group, members).await,
        Step::Delete { change, .. } => deed.delete(change).await,
        Step::Transfer { .. } => {
            let why = "SCIM has no such request";
            Err(ConnectorError::new(FailureClass::Unexpected, told(step, site), why).into())
        }
    }
}

/// A step under way.
struct Deed<'a> {
    target: &'a Scim,
    site: &'a Site<'a>,
}

/// A resource as it is now.
#[derive(Debug, Clone, Default)]
struct Looked {
    resource: Resource,
    /// For `If-Match`, where versions guard writes.
    version: Option<CompactString>,
}

impl Deed<'_> {
    fn api(&self) -> &Api {
        &self.target.api
    }

    fn doing(&self, verb: &str, change: &Change) -> String {
        self.api().doing(verb, change.kind(), change.name())
    }

    /// A resource by its id; nothing where there is none. Some services say 400 of an id that they do not know.
    async fn look(
        &self,
        kind: Kind,
        id: &str,
        with_members: bool,
        doing: &str,
    ) -> Result<Option<Looked>, ConnectorError> {
        let query: &[(&str, String)] = &[("excludedAttributes", "members".to_owned())];
        let query = if kind == Kind::Group && !with_members { query } else { &[] };
        let path = Api::path(kind, Some(id));
        let mut answer = self.api().get(doing, &path, query).await?;
        if answer.status == 400 && !query.is_empty() {
            answer = self.api().get(doing, &path, &[]).await?;
        }
        match answer.status {
            400 | 404 | 410 => Ok(None),
            _ if !answer.is_success() => Err(refusal(&answer, doing)),
            _ => {
                let resource = Resource::read(answer.json(doing)?).filter(|found| found.id().as_deref() == Some(id));
                let Some(resource) = resource else {
                    let why = "the answer is not the resource that was asked for";
                    return Err(ConnectorError::new(FailureClass::Unexpected, doing, why));
                };
                let version = self.version(&resource, &answer).await?;
                Ok(Some(Looked { resource, version }))
            }
        }
    }

    /// The version of a resource that an answer shows; nothing where versions guard no writes.
    async fn version(&self, resource: &Resource, answer: &Answer) -> Result<Option<CompactString>, ConnectorError> {
        if !self.target.uses_versions().await? {
            return Ok(None);
        }
        Ok(resource.version().or_else(|| answer.etag().map(CompactString::from)))
    }

    /// Sends a write once. A page for people says nothing of what was done behind it.
    async fn send(
        &self,
        doing: &str,
        method: Method,
        path: String,
        body: Option<&serde_json::Value>,
        version: Option<&str>,
    ) -> Result<Answer, SendError> {
        let answer = self.api().write(doing, &Write { method, path, body, version }).await?;
        if answer.is_success() && !answer.body.is_empty() {
            answer.text(doing).map_err(SendError::Unknown)?;
        }
        Ok(answer)
    }

    /// Whether PATCH is tried: the configuration decides, else what the service says, else its answers.
    async fn patches(&self) -> Result<bool, ConnectorError> {
        let said = match self.target.manner.patch {
            Some(said) => said,
            None => self.target.service().await?.patch != Some(false),
        };
        Ok(said && self.target.forms.takes_patch())
    }

    /// What `externalId` is to be of whom a change is about.
    fn external_id(&self, change: &Change) -> Option<CompactString> {
        match self.target.manner.external_id {
            ExternalId::SourceId => change.detail().source_id.clone(),
            ExternalId::Name => {
                Some(change.detail().new_name.clone().unwrap_or_else(|| CompactString::from(change.name())))
            }
            ExternalId::Off => None,
        }
    }

    fn clear(&self) -> Clearing {
        self.target.manner.clear
    }
}

/// The resource that an answer to a write shows; nothing where it shows a part or nothing: it is then read.
fn shown(answer: &Answer, kind: Kind) -> Option<Resource> {
    let resource = Resource::read(serde_json::from_slice(&answer.body).ok()?)?;
    (resource.id().is_some() && resource.name(kind).is_some()).then_some(resource)
}

fn failed(class: FailureClass, doing: &str, why: &str, hint: &str) -> SendError {
    SendError::Failed(ConnectorError::new(class, doing, why).with_hint(hint))
}
