//! One step of an apply.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::api::written;
use super::config::Role;
use super::convert::{key, names};
use super::target::Alteryx;
use super::wire::{GroupRecord, NewGroup, UserRecord};
use super::{attributes, members, retire};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError, Site, told};
use crate::plan::{Action, Change, Field, Step};
use crate::principal::{Kind, shown};

/// Members that an update must hold, and what stands for nothing in them: a record that was read may show null there.
const TEXTS: [(&str, &str); 4] =
    [("defaultWorkerTag", ""), ("defaultCredentialId", ""), ("timeZone", ""), ("language", attributes::LANGUAGE)];

/// A step, its words, and where it is carried out.
pub(super) struct Deed<'a> {
    pub(super) target: &'a Alteryx,
    pub(super) site: &'a Site<'a>,
    pub(super) doing: String,
}

pub(super) async fn perform(target: &Alteryx, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
    let deed = Deed { target, site, doing: format!("{} on {}", told(step, site), target.api.title()) };
    match step {
        Step::Create { change, .. } if change.kind() == Kind::Group => deed.create_group(change).await,
        Step::Create { change, .. } => deed.create_user(change).await,
        Step::Change { change, .. } if change.kind() == Kind::Group => deed.change_group(change).await,
        Step::Change { change, .. } if change.action() == Action::Disable => retire::disable(&deed, change).await,
        Step::Change { change, .. } => deed.change_user(change).await.map(|()| Performed::default()),
        Step::Join { group, members } => members::join(&deed, *group, members).await,
        Step::Leave { group, members } => members::leave(&deed, *group, members).await,
        Step::Transfer { change, .. } => retire::transfer(&deed, change).await,
        Step::Delete { change, .. } if change.kind() == Kind::Group => retire::delete_group(&deed, change).await,
        Step::Delete { change, .. } => retire::delete_user(&deed, change).await,
    }
}

impl Deed<'_> {
    pub(super) fn fail(&self, class: FailureClass, why: impl Into<String>) -> ConnectorError {
        ConnectorError::new(class, self.doing.as_str(), why)
    }

    /// The server's own id of whom a change is about.
    pub(super) fn id_of(&self, change: &Change) -> Result<String, ConnectorError> {
        let id = self.site.id_of(change).map_err(|error| ConnectorError { doing: self.doing.clone(), ..error })?;
        Ok(id.to_string())
    }

    /// `POST users`. There is no password, and no language: that is set afterwards.
    async fn create_user(&self, change: &Change) -> Result<Performed, SendError> {
        let Some(after) = change.after() else {
            return Err(self.fail(FailureClass::Unexpected, "nobody to make").into());
        };
        let display = after.display_name.as_deref().unwrap_or(&after.name);
        let (first, last) = names(display, &self.target.settings.no_last_name);
        let role = Role::Evaluated.text();
        let mut body =
            json!({ "firstName": first, "lastName": last, "email": after.name, "role": role, "isActive": true });
        for (name, value) in attributes::of(after, Kind::User).filter(|(name, _)| *name != "language") {
            body[name] = value;
        }
        let answer = self.target.api.write(&self.doing, Method::POST, &["users"], &[], Some(&body)).await?;
        let made: UserRecord = written(&answer, &self.doing)?;
        let language = after.attributes.as_ref().and_then(|attributes| attributes.get("language"));
        let performed = Performed::made(made.id.as_str());
        if let Some(language) = language.filter(|language| language.as_str() != made.language.as_deref()) {
            let set = [("language".to_owned(), attributes::sent("language", language))];
            if let Err(error) = self.put(&made.id, &after.name, set.into_iter().collect()).await {
                // The user is there: the reading that follows tells whether the language is.
                let why = error.into_error();
                return Ok(
                    performed.with_remark(format!("the user was made, and the language was not set: {}", why.why))
                );
            }
        }
        Ok(performed)
    }

    /// An update, a rename or an enable.
    pub(super) async fn change_user(&self, change: &Change) -> Result<(), SendError> {
        let mut members = Map::new();
        for field in &change.detail().fields {
            match &field.field {
                Field::DisplayName => {
                    let display = field.to.as_str().unwrap_or(change.name());
                    let (first, last) = names(display, &self.target.settings.no_last_name);
                    members.insert("firstName".to_owned(), first.into());
                    members.insert("lastName".to_owned(), last.into());
                }
                Field::Attribute(name) => {
                    members.insert(name.to_string(), attributes::sent(name, &field.to));
                }
                // `project` leaves none of these.
                Field::Description | Field::Mail | Field::Visibility | Field::Active => {}
            }
        }
        if let Some(name) = &change.detail().new_name {
            members.insert("email".to_owned(), name.as_str().into());
        }
        if change.action() == Action::Enable {
            members.insert("isActive".to_owned(), true.into());
        }
        self.put(&self.id_of(change)?, change.name(), members).await
    }

    /// `PUT users/{id}` replaces the whole record: it is read, changed, and sent back with all that is in it, known to
    /// us or not.
    async fn put(&self, id: &str, name: &str, members: Map<String, Value>) -> Result<(), SendError> {
        let mut record = self.target.api.user(&self.doing, id).await?;
        let now = record.get("email").and_then(Value::as_str).unwrap_or_default();
        let settings = &self.target.settings;
        if key(now, settings) != key(name, settings) {
            let why = format!("the user is called `{}` by now", shown(now, 60));
            let error = self.fail(FailureClass::Conflict, why);
            return Err(error.with_hint("nothing was changed; the next run reads again").into());
        }
        record.extend(members);
        for (name, nothing) in TEXTS {
            let value = record.entry(name).or_insert(Value::Null);
            if value.is_null() || (name == "language" && *value == "") {
                *value = nothing.into();
            }
        }
        let body = Value::Object(record);
        let answer = self.target.api.write(&self.doing, Method::PUT, &["users", id], &[], Some(&body)).await?;
        let _updated: UserRecord = written(&answer, &self.doing)?;
        Ok(())
    }

    /// `POST usergroups`. Two groups may have one name: what may have been done is never sent again.
    async fn create_group(&self, change: &Change) -> Result<Performed, SendError> {
        let role =
            change.after().and_then(|after| attributes::of(after, Kind::Group).find(|(name, _)| *name == "role"));
        let role = role.map_or_else(|| Role::Evaluated.text().into(), |(_, role)| role);
        let body = json!({ "name": change.name(), "role": role });
        let answer = self.target.api.write(&self.doing, Method::POST, &["usergroups"], &[], Some(&body)).await?;
        let made: NewGroup = written(&answer, &self.doing)?;
        Ok(Performed::made(made.id()))
    }

    /// `PUT usergroups/{id}` wants both name and role: what does not change is read.
    async fn change_group(&self, change: &Change) -> Result<Performed, SendError> {
        let id = self.id_of(change)?;
        let GroupRecord { name, role, .. } = self.target.api.group(&self.doing, &id).await?;
        if name != change.name() {
            let error = self.fail(FailureClass::Conflict, format!("the group is called `{}` by now", shown(&name, 60)));
            return Err(error.with_hint("nothing was changed; the next run reads again").into());
        }
        let wanted = change.detail().fields.iter().find(|field| field.field == Field::Attribute("role".into()));
        let role = wanted.map_or_else(|| role.map(Value::from), |field| Some(attributes::sent("role", &field.to)));
        let name = change.detail().new_name.as_deref().unwrap_or(&name);
        let body = json!({ "name": name, "role": role.unwrap_or_else(|| Role::Evaluated.text().into()) });
        self.target.api.write(&self.doing, Method::PUT, &["usergroups", &id], &[], Some(&body)).await?;
        Ok(Performed::default())
    }
}
