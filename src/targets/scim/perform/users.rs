//! Users: made and changed.

use compact_str::CompactString;
use reqwest::Method;
use serde_json::Value;

use super::write::{Letter, Written};
use super::{Deed, Looked, failed, shown};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError};
use crate::http::Answer;
use crate::plan::{Action, Change, Field};
use crate::principal::{Kind, Password};
use crate::targets::scim::api::{Api, refusal};
use crate::targets::scim::convert::Wish;
use crate::targets::scim::fields::Place;
use crate::targets::scim::kept::{lost, remark};
use crate::targets::scim::memory::Echo;
use crate::targets::scim::patch::{Operation, body};
use crate::targets::scim::wire::{ENTERPRISE, Resource, USER, member_mut};

/// A user whom others write too is read so often.
const ATTEMPTS: u32 = 3;

impl Deed<'_> {
    /// `POST /Users`. What a service says of it may repeat what it was sent: the password is taken out.
    pub(super) async fn create_user(&self, change: &Change) -> Result<Performed, SendError> {
        let secret = self.site.password(change).map(Password::reveal);
        self.post_whole(change).await.map_err(|error| error.map(|error| error.without(secret)))
    }

    async fn post_whole(&self, change: &Change) -> Result<Performed, SendError> {
        let doing = self.doing("creating", change);
        let Some(after) = change.after() else {
            return Err(failed(FailureClass::Unexpected, &doing, "the plan does not say what it is to be", ""));
        };
        let mut wish = Wish::new(after);
        let lacks = &self.target.service().await?.schema.lacks;
        wish.values.retain(|(field, _)| !lacks.contains(field));
        let with_extension =
            self.target.forms.takes_extension() && wish.values.iter().any(|(field, _)| is_extended(field));
        let answer = self.post_user(change, &wish, with_extension, &doing).await?;
        match answer.status {
            200..=299 => self.made(change, &wish, &answer, &doing).await,
            409 => self.adopt_user(change, &wish, refusal(&answer, &doing)).await,
            // Some refuse everybody who comes with an extension that they do not know.
            // After a 500 it may be there all the same: that is never sent again.
            400 | 501 if with_extension => {
                let plain = self.post_user(change, &wish, false, &doing).await?;
                if !plain.is_success() {
                    return Err(refusal(&answer, &doing).into());
                }
                self.target.forms.forget_extension();
                self.made(change, &wish, &plain, &doing).await
            }
            _ => Err(refusal(&answer, &doing).into()),
        }
    }

    async fn post_user(
        &self,
        change: &Change,
        wish: &Wish,
        with_extension: bool,
        doing: &str,
    ) -> Result<Answer, SendError> {
        let mut resource = Resource::default();
        resource.raw.insert("schemas".to_owned(), Value::from(vec![USER]));
        resource.raw.insert("userName".to_owned(), change.name().into());
        resource.raw.extend(self.external_id(change).map(|id| ("externalId".to_owned(), id.as_str().into())));
        let values = wish.values.iter().filter(|(field, _)| with_extension || !is_extended(field));
        for (field, wanted) in values {
            if let Some(place) = Place::of(field) {
                place.write(&mut resource, wanted.as_deref(), self.target.choice());
            }
        }
        resource.raw.insert("active".to_owned(), wish.active.unwrap_or(true).into());
        let password = self.site.password(change).filter(|_| self.sends_passwords());
        if let Some(password) = password {
            *member_mut(&mut resource.raw, "password") = password.reveal().into();
        }
        let whole = Value::Object(resource.raw);
        self.send(doing, Method::POST, Api::path(Kind::User, None), Some(&whole), None).await
    }

    fn sends_passwords(&self) -> bool {
        self.target.manner.password == crate::targets::scim::config::Passwords::Send
    }

    /// What was made is compared with what was sent.
    async fn made(&self, change: &Change, wish: &Wish, answer: &Answer, doing: &str) -> Result<Performed, SendError> {
        let brief = serde_json::from_slice(&answer.body).ok().and_then(Resource::read);
        // Without an id the target is read to find it.
        let Some(id) = brief.and_then(|resource| resource.id()) else { return Ok(Performed::default()) };
        let remark = self.keep(&id, wish, &[], shown(answer, Kind::User), doing).await;
        tracing::debug!(kind = %change.kind(), "made");
        let made = Performed::made(id);
        Ok(match remark {
            Ok(Some(remark)) => made.with_remark(remark),
            // It was made: that it cannot be read again is told by the reading that follows.
            Ok(None) | Err(_) => made,
        })
    }

    /// Values, the name and the state of a user who is there.
    pub(super) async fn change_user(&self, change: &Change) -> Result<Performed, SendError> {
        let id = self.site.id_of(change)?;
        let verb = match change.action() {
            Action::Rename => "renaming",
            Action::Disable => "switching off",
            Action::Enable => "switching on",
            _ => "changing",
        };
        let mut wish = Wish::of(change);
        let lacks = &self.target.service().await?.schema.lacks;
        wish.values.retain(|(field, _)| !lacks.contains(field));
        let settled = self.settle_user(change, &id, &wish, &self.doing(verb, change)).await;
        self.park(change, &id, settled.as_ref().err());
        let remarks = settled?;
        let done = Performed::default();
        Ok(if remarks.is_empty() { done } else { done.with_remark(remarks.join("; ")) })
    }

    /// Who is switched off may be out of sight from now on; who cannot be switched on again is no longer there.
    fn park(&self, change: &Change, id: &CompactString, failure: Option<&SendError>) {
        self.target.memory.with(|memory| match (change.action(), failure) {
            (Action::Disable, None) => {
                memory.parked.insert(id.clone(), change.name().into());
            }
            (Action::Enable, Some(SendError::Failed(error))) if error.class == FailureClass::Missing => {
                memory.parked.remove(id);
            }
            _ => {}
        });
    }

    /// Writes what differs until it is written, or was changed by somebody else too often. Remarks.
    pub(super) async fn settle_user(
        &self,
        change: &Change,
        id: &CompactString,
        wish: &Wish,
        doing: &str,
    ) -> Result<Vec<String>, SendError> {
        for _ in 0..ATTEMPTS {
            let now = self.present(change, id, wish, doing).await?;
            let external_id = self.external_id(change).filter(|_| wish.active != Some(false));
            let external_id = external_id.filter(|_| now.resource.text("externalId").is_none());
            let letter = Letter { id, now: &now, wish, external_id: external_id.as_deref(), doing };
            let Written::Done(answer, unable) = self.write_user(&letter).await? else { continue };
            let mut remarks = Vec::new();
            if let Some(answer) = answer {
                remarks.extend(self.keep(id, wish, &unable, shown(&answer, Kind::User), doing).await?);
                remarks.extend(self.fill_external_id(id, external_id.as_deref(), doing).await);
            } else if !unable.is_empty() {
                remarks.extend(self.keep(id, wish, &unable, Some(now.resource.clone()), doing).await?);
            }
            return Ok(remarks);
        }
        let why = format!("somebody else changed it {ATTEMPTS} times while it was being written");
        Err(failed(FailureClass::Conflict, doing, &why, "the next run reads again and finishes"))
    }

    /// The user as of now, if it is still the one that the plan means.
    async fn present(
        &self,
        change: &Change,
        id: &CompactString,
        wish: &Wish,
        doing: &str,
    ) -> Result<Looked, SendError> {
        let Some(now) = self.look(Kind::User, id, false, doing).await? else {
            // Some show nobody who is switched off; to switch on is then all that they take.
            if wish.active == Some(true) {
                return Ok(Looked::default());
            }
            let why = "the service no longer has it";
            return Err(failed(FailureClass::Missing, doing, why, "the next run reads again"));
        };
        let key = |name: &str| self.target.rules().key(Kind::User, name);
        let name = now.resource.name(Kind::User).unwrap_or_default();
        if key(&name) != key(change.name()) {
            let why = "its `userName` was changed since it was read";
            return Err(failed(FailureClass::Conflict, doing, why, "the next run reads again"));
        }
        Ok(now)
    }

    /// Compares what is stored with what was sent, and remembers what the service writes its own way. That it does not
    /// keep the state or the name is a failure.
    async fn keep(
        &self,
        id: &CompactString,
        wish: &Wish,
        unable: &[Field],
        stored: Option<Resource>,
        doing: &str,
    ) -> Result<Option<String>, SendError> {
        let stored = match stored {
            Some(stored) => Some(stored),
            None => self.look(Kind::User, id, false, doing).await?.map(|looked| looked.resource),
        };
        let Some(stored) = stored else {
            if wish.active == Some(false) {
                return Ok(None);
            }
            let why = "the service no longer shows it";
            return Err(failed(FailureClass::Missing, doing, why, "the next run reads again"));
        };
        if let Some(active) = wish.active.filter(|active| stored.active() == Some(!active)) {
            let why = format!("the service took it and did not set `active` to {active}");
            return Err(failed(FailureClass::Unexpected, doing, &why, "look into the account in the service"));
        }
        let lost = lost(&wish.values, &stored, self.target.choice());
        let told = remark(&lost);
        self.target.memory.with(|memory| {
            for one in lost {
                memory.note_echo(id, &one.field, one.echo);
            }
            // It was not asked for what the service says it cannot hold, unless it is there all the same.
            for field in unable {
                let sent = wish.values.iter().find(|(known, _)| known == field).and_then(|(_, value)| value.clone());
                let shown = Place::of(field).and_then(|place| place.read(&stored, self.target.choice()));
                memory.note_echo(id, field, Echo { sent, shown });
            }
        });
        Ok(told)
    }

    /// Sets `externalId` where there is none, in a request of its own: a refusal loses nothing else. A remark.
    async fn fill_external_id(&self, id: &str, external_id: Option<&str>, doing: &str) -> Option<String> {
        let external_id = external_id?;
        if !self.patches().await.ok()? {
            return None;
        }
        let operation = body(&[Operation::replace("externalId", external_id)]);
        let path = Api::path(Kind::User, Some(id));
        let version = if self.target.uses_versions().await.ok()? {
            self.look(Kind::User, id, false, doing).await.ok()??.version
        } else {
            None
        };
        let why: ConnectorError =
            match self.send(doing, Method::PATCH, path, Some(&operation), version.as_deref()).await {
                Ok(answer) if answer.is_success() => return None,
                Ok(answer) => refusal(&answer, doing),
                Err(error) => error.into_error(),
            };
        Some(format!("its `externalId` could not be set: {}", why.why))
    }
}

/// Whether it is kept in the extension.
fn is_extended(field: &Field) -> bool {
    Place::of(field).is_some_and(|place| place.path().starts_with(ENTERPRISE))
}
