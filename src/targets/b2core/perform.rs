//! One step of an apply.

use std::time::Duration;

use compact_str::CompactString;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::api::Created;
use super::config::Method;
use super::convert;
use super::target::BackOffice;
use super::wire::{Row, number};
use crate::connector::{ConnectorError, FailureClass, Performed, SendError, Site, told};
use crate::plan::{Action, Change, Step};
use crate::principal::{CaseRules, GroupRef, Kind, Principal};

/// The pause before the second look for what was only accepted; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

pub(super) async fn perform(target: &BackOffice, step: &Step<'_>, site: &Site<'_>) -> Result<Performed, SendError> {
    let deed = Deed { target, site };
    match step {
        Step::Create { change, .. } if change.kind() == Kind::User => deed.create_user(change).await,
        Step::Create { change, .. } => deed.create_group(change).await,
        Step::Change { change, .. } if change.kind() == Kind::User => deed.change_user(change).await,
        Step::Change { change, .. } => deed.rename_group(change).await,
        Step::Delete { change, .. } if change.kind() == Kind::User => deed.delete_user(change).await,
        Step::Delete { .. } | Step::Join { .. } | Step::Leave { .. } | Step::Transfer { .. } => {
            let why = "the Back Office has no such request";
            Err(ConnectorError::new(FailureClass::Unexpected, told(step, site), why).into())
        }
    }
}

struct Deed<'a> {
    target: &'a BackOffice,
    site: &'a Site<'a>,
}

impl Deed<'_> {
    /// `POST users`. A refusal may be about the address: it is looked for once, and whoever has it is the one.
    async fn create_user(&self, change: &Change) -> Result<Performed, SendError> {
        let (api, manner) = (&self.target.api, &self.target.manner);
        let doing = api.doing("creating", Kind::User, change.name());
        let fail = |class, why: &str| ConnectorError::new(class, doing.as_str(), why);
        let Some(after) = change.after() else {
            return Err(fail(FailureClass::Unexpected, "the plan does not say what it is to be").into());
        };
        let Some(password) = self.site.password(change) else {
            return Err(fail(FailureClass::Rejected, "there is no password for it, which B2CORE requires").into());
        };
        let mut body = convert::newcomer(after, manner.tfa, manner.send_notify, manner.tags_as);
        body.insert("groups".to_owned(), self.first_groups(after, &doing)?);
        body.insert("password".to_owned(), password.reveal().into());
        match api.create(Kind::User, &body, &doing, &[password.reveal()]).await {
            Ok(Created::Now(id)) => Ok(Performed::made(id)),
            Ok(Created::Unseen) => Ok(Performed::default()),
            Err(SendError::Failed(error)) if matches!(error.class, FailureClass::Rejected | FailureClass::Conflict) => {
                let id = self.holder(change.name()).await.ok_or(error)?;
                let remark = "it was there already and is adopted as it is; the next run makes it equal";
                Ok(Performed::made(id).with_remark(remark))
            }
            Err(error) => Err(error),
        }
    }

    /// The groups of somebody new: those of the plan, else the default group.
    fn first_groups(&self, after: &Principal, doing: &str) -> Result<Value, ConnectorError> {
        let ids = after.group_refs().iter().map(|group| self.site.group_id(*group));
        let mut ids = ids.collect::<Result<Vec<CompactString>, _>>()?;
        if ids.is_empty() {
            let default = self.target.manner.default_group.as_deref();
            let found = default.and_then(|name| self.site.found(Kind::Group, name)?.id.clone());
            ids.push(found.ok_or_else(|| {
                match default {
                    None => ConnectorError::new(FailureClass::Rejected, doing, "it would be in no group")
                        .with_hint("set `defaultGroup` of the target"),
                    Some(name) => {
                        let why = format!("it would be in no group, and there is no default group `{name}`");
                        ConnectorError::new(FailureClass::Missing, doing, why).with_hint("make it in the Back Office")
                    }
                }
            })?);
        }
        Ok(ids.iter().map(|id| number(id)).collect())
    }

    /// The id of whoever has this address. What a filter lets through is not published: one that lets anybody through gives
    /// everybody, and they serve whoever comes after.
    async fn holder(&self, email: &str) -> Option<CompactString> {
        let key = |text: &str| self.target.manner.rules.key(Kind::User, text.trim());
        let wanted = key(email);
        let called = |row: &Row| row.text("email").map(key);
        let mut everybody = self.target.everybody.lock().await;
        if let Some(rows) = &*everybody {
            return rows.iter().find(|row| called(row).as_ref() == Some(&wanted))?.id();
        }
        let rows = self.target.api.list(Kind::User, Some(email)).await.ok()?.rows;
        let id = rows.iter().find(|row| called(row).as_ref() == Some(&wanted)).and_then(Row::id);
        if !rows.iter().all(|row| called(row).is_some_and(|text| text.contains(wanted.as_str()))) {
            *everybody = Some(rows);
        }
        id
    }

    /// What differs in one request, and nothing else. Memberships are a whole list there: it is read the moment
    /// before, so that groups nobody asked about stay.
    async fn change_user(&self, change: &Change) -> Result<Performed, SendError> {
        let (api, manner) = (&self.target.api, &self.target.manner);
        let id = self.site.id_of(change)?;
        let doing = api.doing("changing", Kind::User, change.name());
        let mut members = convert::members(change, manner.tags_as);
        let (join, leave) = moves(change);
        let moves = !(join.is_empty() && leave.is_empty());
        if !moves && manner.method == Method::Patch {
            if !members.is_empty() {
                api.change(reqwest::Method::PATCH, Kind::User, &id, &members, &doing).await?;
            }
            return Ok(Performed::default());
        }
        let now = api.one(Kind::User, &id, &doing).await?;
        is_still(change, &now, manner.rules, &doing)?;
        if moves && let Some(groups) = self.groups_after(&now, join, leave, &doing)? {
            members.insert("groups".to_owned(), groups);
        }
        if members.is_empty() {
            return Ok(Performed::default().with_remark("it was so already"));
        }
        let (method, body) = match manner.method {
            Method::Patch => (reqwest::Method::PATCH, members),
            Method::Put => (reqwest::Method::PUT, whole(&now, members)),
        };
        api.change(method, Kind::User, &id, &body, &doing).await?;
        Ok(Performed::default())
    }

    /// The ids of its groups with those joined and without those left; none where that changes nothing.
    fn groups_after(
        &self,
        now: &Row,
        join: &[GroupRef],
        leave: &[GroupRef],
        doing: &str,
    ) -> Result<Option<Value>, ConnectorError> {
        let ids = |groups: &[GroupRef]| groups.iter().map(|group| self.site.group_id(*group)).collect::<Result<_, _>>();
        let has = now.groups().ok_or_else(|| {
            ConnectorError::new(FailureClass::Unexpected, doing, "the answer does not tell which groups it is in")
        })?;
        let (join, leave): (Vec<CompactString>, FxHashSet<CompactString>) =
            (join.iter().map(|group| self.site.group_id(*group)).collect::<Result<_, _>>()?, ids(leave)?);
        let mut after: Vec<CompactString> = has.iter().filter(|id| !leave.contains(*id)).cloned().collect();
        for id in join {
            if !after.contains(&id) {
                after.push(id);
            }
        }
        Ok((after != has).then(|| after.iter().map(|id| number(id)).collect()))
    }

    /// `DELETE users/{id}`. Who is gone already is gone.
    async fn delete_user(&self, change: &Change) -> Result<Performed, SendError> {
        let doing = self.target.api.doing("deleting", Kind::User, change.name());
        match self.target.api.delete(Kind::User, &self.site.id_of(change)?, &doing).await {
            Err(SendError::Failed(error)) if error.class == FailureClass::Missing => {
                Ok(Performed::default().with_remark("it was gone already"))
            }
            done => done.map(|()| Performed::default()),
        }
    }

    /// `POST groups` with no permissions: those are for a person to give. Whether two groups may share a name is not
    /// published, so that the list is looked at first.
    async fn create_group(&self, change: &Change) -> Result<Performed, SendError> {
        let api = &self.target.api;
        let doing = api.doing("creating", Kind::Group, change.name());
        if let Some(id) = self.group_there(change.name(), &doing).await? {
            return Ok(Performed::made(id).with_remark("it was there already and is taken as it is"));
        }
        let body =
            Map::from_iter([("name".to_owned(), Value::from(change.name())), ("permissions".to_owned(), json!([]))]);
        match api.create(Kind::Group, &body, &doing, &[]).await? {
            Created::Now(id) => Ok(Performed::made(id)),
            Created::Unseen => self.await_group(change.name(), &doing).await,
        }
    }

    /// Waits for a group that was only accepted: users are put into it next.
    async fn await_group(&self, name: &str, doing: &str) -> Result<Performed, SendError> {
        let api = &self.target.api;
        let end = Instant::now() + self.target.manner.settle;
        let mut pause = FIRST_PAUSE;
        loop {
            // It was taken, so that a look that fails says nothing of it.
            let list = api.list(Kind::Group, None).await.ok();
            if let Some(id) =
                list.and_then(|list| one_called(&list.rows, name, self.target.manner.rules, doing).ok().flatten())
            {
                return Ok(Performed::made(id));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Performed::default());
            }
            tokio::time::sleep(pause.min(left)).await;
            pause *= 2;
        }
    }

    /// The id of the one group of this name, if somebody has made it since the plan. One list serves all groups that are to
    /// be made; those that this work renames are on their way to another name.
    async fn group_there(&self, name: &str, doing: &str) -> Result<Option<CompactString>, ConnectorError> {
        let list = async { Ok::<_, ConnectorError>(self.target.api.list(Kind::Group, None).await?.rows) };
        let rows = self.target.groups.get(list).await?;
        let found = one_called(&rows, name, self.target.manner.rules, doing)?;
        let renamed = |change: &&&Change| change.kind() == Kind::Group && change.name() == name;
        let leaves =
            self.site.work.changes.iter().find(renamed).is_some_and(|change| change.action() == Action::Rename);
        Ok(found.filter(|_| !leaves))
    }

    /// `PATCH groups/{id}`; a PUT sends the permissions with it, as they are.
    async fn rename_group(&self, change: &Change) -> Result<Performed, SendError> {
        let Some(name) = &change.detail().new_name else { return Ok(Performed::default()) };
        let api = &self.target.api;
        let id = self.site.id_of(change)?;
        let doing = api.doing("renaming", Kind::Group, change.name());
        let members = Map::from_iter([("name".to_owned(), Value::from(name.as_str()))]);
        let (method, body) = match self.target.manner.method {
            Method::Patch => (reqwest::Method::PATCH, members),
            Method::Put => {
                let mut body = api.one(Kind::Group, &id, &doing).await?.sendable();
                body.extend(members);
                (reqwest::Method::PUT, body)
            }
        };
        api.change(method, Kind::Group, &id, &body, &doing).await?;
        Ok(Performed::default())
    }
}

/// The id of the one group of this name.
fn one_called(
    rows: &[Row],
    name: &str,
    rules: CaseRules,
    doing: &str,
) -> Result<Option<CompactString>, ConnectorError> {
    let key = rules.key(Kind::Group, name);
    let called = |row: &&Row| row.text("name").is_some_and(|text| rules.key(Kind::Group, text) == key);
    let mut found = rows.iter().filter(called).filter_map(Row::id);
    let first = found.next();
    if found.next().is_some() {
        let why = "several groups of the Back Office are called so";
        return Err(
            ConnectorError::new(FailureClass::Conflict, doing, why).with_hint("rename all but one of them there")
        );
    }
    Ok(first)
}

/// Whether the id is still that of whom the plan means.
fn is_still(change: &Change, now: &Row, rules: CaseRules, doing: &str) -> Result<(), ConnectorError> {
    let key = |name: &str| rules.key(Kind::User, name);
    if now.text("email").is_some_and(|email| key(email.trim()) == key(change.name())) {
        return Ok(());
    }
    let why = "its e-mail address was changed since it was read";
    Err(ConnectorError::new(FailureClass::Conflict, doing, why).with_hint("the next run reads again"))
}

/// The groups that a change puts somebody into and takes it out of.
fn moves(change: &Change) -> (&[GroupRef], &[GroupRef]) {
    let stripped = change.before().filter(|_| change.action() == Action::Strip).map(Principal::group_refs);
    (change.joins(), stripped.unwrap_or(change.leaves()))
}

/// A whole record with what changes: what a PUT leaves out may be blanked.
fn whole(now: &Row, members: Map<String, Value>) -> Map<String, Value> {
    let mut body = now.sendable();
    if let Some(groups) = now.groups() {
        body.insert("groups".to_owned(), groups.iter().map(|id| number(id)).collect());
    }
    body.extend(members);
    body
}
