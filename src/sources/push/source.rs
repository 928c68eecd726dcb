use std::sync::Arc;

use async_trait::async_trait;
use chrono::SecondsFormat;

use super::list::read;
use crate::connector::{ConnectorError, FailureClass, Progress, PushedList, Reading, Silent, Source};
use crate::principal::Kind;
use crate::sources::count::count;

/// The list that was last pushed.
pub(super) struct PushSource {
    name: String,
    list: Option<PushedList>,
}

impl PushSource {
    pub(super) fn new(name: &str, list: Option<PushedList>) -> Self {
        Self { name: name.to_owned(), list }
    }

    fn list(&self) -> Result<&PushedList, ConnectorError> {
        self.list.as_ref().ok_or_else(|| {
            let hint = format!("`POST /api/v1/sources/{}/principals` of the daemon takes one", self.name);
            self.fail(FailureClass::Missing, "no list was pushed yet").with_hint(hint)
        })
    }

    fn fail(&self, class: FailureClass, why: impl Into<String>) -> ConnectorError {
        ConnectorError::new(class, format!("reading pushed source `{}`", self.name), why.into())
    }
}

#[async_trait]
impl Source for PushSource {
    fn kind(&self) -> &'static str {
        "push"
    }

    async fn check(&self) -> Result<Vec<String>, ConnectorError> {
        let list = self.list()?;
        let reading = self.read(&Silent).await?;
        let of = |kind| reading.records.iter().filter(|record| record.kind() == kind).count();
        let received = list.received.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (users, groups) = (count(of(Kind::User), "user"), count(of(Kind::Group), "group"));
        Ok(vec![format!("the last list came at {received} from {}: {users}, {groups}", list.sender)])
    }

    async fn read(&self, progress: &dyn Progress) -> Result<Reading, ConnectorError> {
        let list = self.list()?.clone();
        let received = list.received;
        progress.step(&format!("reading the list pushed to {}", self.name), None);
        let place: Arc<str> = format!("pushed to {}", self.name).into();
        let work = tokio::task::spawn_blocking(move || read(list.text.as_bytes().to_vec(), &place)).await;
        progress.done();
        let work =
            work.map_err(|error| self.fail(FailureClass::Unexpected, format!("the work ended early: {error}")))?;
        let mut reading = work.map_err(|flaw| self.fail(FailureClass::Unexpected, flaw.why))?;
        reading.data_time = Some(received);
        Ok(reading)
    }
}
