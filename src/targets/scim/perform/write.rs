//! Writing values of a user who is there: by PATCH, in the forms that the service takes; by PUT of all of it where it
//! takes no PATCH.

use compact_str::CompactString;
use reqwest::Method;
use serde_json::Value;

use super::{Deed, Looked, failed};
use crate::connector::{ConnectorError, FailureClass, SendError};
use crate::http::Answer;
use crate::plan::Field;
use crate::principal::Kind;
use crate::targets::scim::api::{Api, refusal};
use crate::targets::scim::convert::Wish;
use crate::targets::scim::fields::Place;
use crate::targets::scim::patch::{Form, Operation, body};
use crate::targets::scim::wire::{Failure, Resource, flag, member_mut, remove};

/// What came of a write.
#[derive(Debug)]
pub(super) enum Written {
    /// It is done. The last answer, and values that the service says it cannot hold.
    Done(Option<Answer>, Vec<Field>),
    /// Somebody else has changed it since it was read.
    Moved,
}

/// What came of one request.
enum Sent {
    Done(Answer),
    Moved,
    /// The service has no such method, or no such form of it.
    Lacking(Answer),
    Refused(Answer),
}

/// A user, and what is written.
pub(super) struct Letter<'a> {
    pub(super) id: &'a str,
    pub(super) now: &'a Looked,
    pub(super) wish: &'a Wish,
    pub(super) external_id: Option<&'a str>,
    pub(super) doing: &'a str,
}

/// An operation and the value it is for; none for the name and the state.
type Line = (Operation, Option<Field>);

impl Deed<'_> {
    /// Writes what differs.
    pub(super) async fn write_user(&self, letter: &Letter<'_>) -> Result<Written, SendError> {
        if !self.patches().await? {
            return self.put_user(letter).await;
        }
        let filters = self.target.forms.takes_value_paths();
        let lines = self.lines(letter, filters);
        if lines.is_empty() {
            return Ok(Written::Done(None, Vec::new()));
        }
        let mut last = None;
        let mut lost = Vec::new();
        for part in self.parts(lines) {
            match self.patch_part(letter, part, filters).await? {
                Some(Written::Moved) => return Ok(Written::Moved),
                Some(Written::Done(answer, more)) => {
                    last = answer.or(last);
                    lost.extend(more);
                }
                None => return self.put_user(letter).await,
            }
        }
        Ok(Written::Done(last, lost))
    }

    /// One operation for each value that differs.
    fn lines(&self, letter: &Letter<'_>, filters: bool) -> Vec<Line> {
        let Letter { now, wish, .. } = letter;
        let form = Form { choice: self.target.choice(), clear: self.clear(), filters };
        let mut lines: Vec<Line> = Vec::new();
        for (field, wanted) in &wish.values {
            let place = Place::of(field);
            let operation = place.and_then(|place| Operation::of(place, &now.resource, wanted.as_deref(), form));
            lines.extend(operation.map(|operation| (operation, Some(field.clone()))));
        }
        if let Some(name) = &wish.user_name
            && now.resource.name(Kind::User).as_ref() != Some(name)
        {
            lines.push((Operation::replace("userName", name.as_str()), None));
        }
        if let Some(active) = wish.active.filter(|active| now.resource.active() != Some(*active)) {
            lines.push((Operation::replace("active", active), None));
        }
        lines
    }

    /// What goes into one request. Some services want `userName` and `active` alone (AWS, `PatchUser`).
    fn parts(&self, lines: Vec<Line>) -> Vec<Vec<Line>> {
        if !self.target.manner.separate {
            return vec![lines];
        }
        let (values, alone): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|(_, field)| field.is_some());
        let values = std::iter::once(values).filter(|values| !values.is_empty());
        values.chain(alone.into_iter().map(|line| vec![line])).collect()
    }

    /// Sends one request; in another form, and line by line, where it is refused. Nothing where PATCH is not offered.
    async fn patch_part(
        &self,
        letter: &Letter<'_>,
        lines: Vec<Line>,
        filters: bool,
    ) -> Result<Option<Written>, SendError> {
        let mut lines = lines;
        let mut sent = self.patch(letter, &lines, letter.now.version.as_deref()).await?;
        let with_filter = filters && lines.iter().any(|(operation, _)| operation.has_filter());
        if with_filter && matches!(sent, Sent::Lacking(_) | Sent::Refused(_)) {
            let plain = self.lines(letter, false);
            for line in &mut lines {
                if let Some(same) = plain.iter().find(|(_, field)| field.is_some() && *field == line.1) {
                    *line = same.clone();
                }
            }
            sent = self.patch(letter, &lines, letter.now.version.as_deref()).await?;
            if matches!(sent, Sent::Done(_)) {
                self.target.forms.forget_value_paths();
            }
        }
        match sent {
            Sent::Done(answer) => Ok(Some(Written::Done(Some(answer), Vec::new()))),
            Sent::Moved => Ok(Some(Written::Moved)),
            Sent::Lacking(_) => {
                self.target.forms.forget_patch();
                Ok(None)
            }
            Sent::Refused(answer) if lines.len() > 1 && answer.status == 400 => self.line_by_line(letter, lines).await,
            Sent::Refused(answer) => {
                let lost = lines.iter().filter_map(|line| unable(line, &answer)).collect::<Vec<_>>();
                if lost.is_empty() {
                    return Err(refusal(&answer, letter.doing).into());
                }
                Ok(Some(Written::Done(None, lost)))
            }
        }
    }

    /// One bad value must not lose the others: each is sent by itself.
    async fn line_by_line(&self, letter: &Letter<'_>, lines: Vec<Line>) -> Result<Option<Written>, SendError> {
        let (mut last, mut lost, mut refused) = (None, Vec::new(), Vec::new());
        let mut version = letter.now.version.clone();
        for line in lines {
            match self.patch(letter, std::slice::from_ref(&line), version.as_deref()).await? {
                Sent::Done(answer) => {
                    version = self.version_after(&answer).await?;
                    last = Some(answer);
                }
                Sent::Moved => return Ok(Some(Written::Moved)),
                Sent::Lacking(answer) | Sent::Refused(answer) => match unable(&line, &answer) {
                    Some(field) => lost.push(field),
                    None => refused.push((line.0.path().to_owned(), refusal(&answer, letter.doing))),
                },
            }
        }
        let Some((path, first)) = refused.first() else { return Ok(Some(Written::Done(last, lost))) };
        let why = format!("`{path}` is refused, what else differed was written: {}", first.why);
        let mut error = ConnectorError { why, ..first.clone() };
        if error.class == FailureClass::Unreachable {
            error.class = FailureClass::Rejected;
        }
        Err(error.into())
    }

    async fn version_after(&self, answer: &Answer) -> Result<Option<CompactString>, ConnectorError> {
        let resource = serde_json::from_slice(&answer.body).ok().and_then(Resource::read).unwrap_or_default();
        self.version(&resource, answer).await
    }

    async fn patch(&self, letter: &Letter<'_>, lines: &[Line], version: Option<&str>) -> Result<Sent, SendError> {
        let operations: Vec<Operation> = lines.iter().map(|(operation, _)| operation.clone()).collect();
        let path = Api::path(Kind::User, Some(letter.id));
        let answer = self.send(letter.doing, Method::PATCH, path, Some(&body(&operations)), version).await?;
        Ok(sorted(answer))
    }

    /// The whole resource as it was read, with what differs: what a PUT leaves out is gone.
    async fn put_user(&self, letter: &Letter<'_>) -> Result<Written, SendError> {
        let Letter { id, now, wish, external_id, doing } = letter;
        let mut resource = sendable(&now.resource);
        for (field, wanted) in &wish.values {
            if let Some(place) = Place::of(field) {
                place.write(&mut resource, wanted.as_deref(), self.target.choice());
            }
        }
        if let Some(name) = &wish.user_name {
            *member_mut(&mut resource.raw, "userName") = name.as_str().into();
        }
        if let Some(active) = wish.active {
            *member_mut(&mut resource.raw, "active") = active.into();
        }
        if let Some(external_id) = external_id.filter(|_| now.resource.text("externalId").is_none()) {
            *member_mut(&mut resource.raw, "externalId") = external_id.into();
        }
        if resource == sendable(&now.resource) {
            return Ok(Written::Done(None, Vec::new()));
        }
        let path = Api::path(Kind::User, Some(id));
        let whole = Value::Object(resource.raw);
        let answer = self.send(doing, Method::PUT, path, Some(&whole), now.version.as_deref()).await?;
        match sorted(answer) {
            Sent::Done(answer) => Ok(Written::Done(Some(answer), Vec::new())),
            Sent::Moved => Ok(Written::Moved),
            Sent::Lacking(answer) => {
                let why = format!("the service takes neither PATCH nor PUT: the answer is {}", answer.status);
                Err(failed(FailureClass::Rejected, doing, &why, "set `patch: true` where it takes PATCH after all"))
            }
            Sent::Refused(answer) => Err(refusal(&answer, doing).into()),
        }
    }
}

fn sorted(answer: Answer) -> Sent {
    match answer.status {
        200..=299 => Sent::Done(answer),
        412 => Sent::Moved,
        405 | 501 => Sent::Lacking(answer),
        _ => Sent::Refused(answer),
    }
}

/// The value that the service says it cannot hold: an attribute of an extension that it does not know, or one that it
/// says cannot be written. A value that is merely wrong is another matter.
fn unable((operation, field): &Line, answer: &Answer) -> Option<Field> {
    let said = Failure::read(&String::from_utf8_lossy(&answer.body)).and_then(|failure| failure.kind);
    let said = said.unwrap_or_default();
    let fixed = answer.status == 400 && said == "mutability";
    let unknown =
        operation.is_extension() && (answer.status == 501 || ["invalidPath", "noTarget"].contains(&said.as_str()));
    field.clone().filter(|_| fixed || unknown)
}

/// A resource as it may be sent back: what the service says itself is left out, and booleans are some.
pub(super) fn sendable(resource: &Resource) -> Resource {
    let mut resource = resource.clone();
    for own in ["meta", "groups"] {
        remove(&mut resource.raw, own);
    }
    if let Some(active) = resource.active() {
        *member_mut(&mut resource.raw, "active") = active.into();
    }
    for (_, value) in &mut resource.raw {
        let Value::Array(items) = value else { continue };
        for map in items.iter_mut().filter_map(Value::as_object_mut) {
            for (_, part) in map.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("primary")) {
                *part = flag(part).unwrap_or(false).into();
            }
        }
    }
    resource
}
