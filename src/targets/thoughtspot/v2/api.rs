//! Requests. Base path: `/api/rest/2.0`; everything that writes is a POST (vendor's description).

use std::time::Duration;

use compact_str::CompactString;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::error_body::{ErrorBody, explained};
use super::access::{Access, Gatekeeper};
use super::bodies::Update;
use super::wire::{Created, SessionUser, SystemInfo};
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, SendError};
use crate::http::{Answer, Client, Repeat};
use crate::principal::{Kind, shown};

/// A group with all its members, or a page of many users, takes a cluster its time.
const LONGEST_CALL: Duration = Duration::from_mins(2);

/// An identifier that means nobody, whatever the status (measured on live clusters).
const MEANS_NOBODY: u64 = 13_003;

/// The calls that a sync needs.
pub(super) struct Api {
    name: String,
    url: String,
    base: String,
    client: Client,
    gate: Gatekeeper,
}

impl Api {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        username: String,
        access: Access,
        org: Option<u32>,
    ) -> Result<Self, BuildError> {
        let base = format!("{url}/api/rest/2.0");
        let gate = Gatekeeper::new(&context.name, &base, username, access, org);
        let client = Client::new(&context.network, Some(LONGEST_CALL))?;
        Ok(Self { name: context.name.clone(), url: url.to_owned(), base, client, gate })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The address of the cluster.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn calls(&self) -> Calls {
        self.client.calls()
    }

    /// What is being done, for errors: ``creating user `ada` in ThoughtSpot `bi` ``.
    pub(super) fn doing(&self, verb: &str, kind: Kind, name: &str) -> String {
        format!("{verb} {kind} `{}` in ThoughtSpot `{}`", shown(name, 80), self.name)
    }

    pub(super) fn listing(&self, kind: Kind) -> String {
        format!("listing the {} of ThoughtSpot `{}` ({}/search)", kind.plural(), self.name, kind.plural())
    }

    /// `GET auth/session/user`: who is signed in, in which org, with which privileges.
    pub(super) async fn session(&self) -> Result<SessionUser, ConnectorError> {
        let doing = format!("asking ThoughtSpot `{}` who is signed in", self.name);
        self.get(&doing, "auth/session/user").await
    }

    /// `GET system`.
    pub(super) async fn system(&self) -> Result<SystemInfo, ConnectorError> {
        let doing = format!("asking ThoughtSpot `{}` for its release", self.name);
        self.get(&doing, "system").await
    }

    /// One page of a search: a bare array without a total (measured on live clusters). No filter by org is sent: with
    /// one a whole page can fail for a single dangling membership.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        kind: Kind,
        offset: usize,
        size: usize,
        descending: bool,
    ) -> Result<Vec<T>, ConnectorError> {
        let order = if descending { "DESC" } else { "ASC" };
        let mut body = json!({
            "record_offset": offset,
            "record_size": size,
            "sort_options": { "field_name": "NAME", "order": order },
        });
        if kind == Kind::Group {
            // Users tell their groups themselves; the group `All` would tell everybody once more.
            body["include_users"] = json!(false);
            body["include_sub_groups"] = json!(true);
        }
        self.search(&self.listing(kind), kind, &body).await
    }

    /// Whether a group of this GUID is there.
    pub(super) async fn has_group(&self, id: &str) -> Result<bool, ConnectorError> {
        let doing = format!("looking for a group of ThoughtSpot `{}` that users are in", self.name);
        let body = json!({ "group_identifier": id, "include_users": false });
        match self.search::<Value>(&doing, Kind::Group, &body).await {
            Ok(rows) => Ok(!rows.is_empty()),
            Err(error) if error.class == FailureClass::Missing => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn search<T: DeserializeOwned>(
        &self,
        doing: &str,
        kind: Kind,
        body: &Value,
    ) -> Result<Vec<T>, ConnectorError> {
        let url = format!("{}/{}/search", self.base, kind.plural());
        let answer = self.post(doing, &url, Some(body), Repeat::Safe).await.map_err(SendError::into_error)?;
        if !answer.is_success() {
            return Err(refusal(&answer, doing));
        }
        answer.json(doing)
    }

    /// `users/create` or `groups/create`: 200 with the principal.
    pub(super) async fn create(&self, kind: Kind, doing: &str, body: &Value) -> Result<CompactString, SendError> {
        let url = format!("{}/{}/create", self.base, kind.plural());
        let answer = self.write(doing, &url, Some(body)).await?;
        let Created { id } = answer.json(doing).map_err(SendError::Unknown)?;
        Ok(id)
    }

    /// `users/{id}/update` or `groups/{id}/update`: 204.
    pub(super) async fn update(&self, kind: Kind, doing: &str, id: &str, update: &Update) -> Result<(), SendError> {
        let url = self.of(kind, id, "update")?;
        self.write(doing, &url, Some(&update.body())).await.map(|_| ())
    }

    /// `users/{id}/delete` or `groups/{id}/delete`: 204.
    pub(super) async fn delete(&self, kind: Kind, doing: &str, id: &str) -> Result<(), SendError> {
        let url = self.of(kind, id, "delete")?;
        self.write(doing, &url, None).await.map(|_| ())
    }

    /// `POST user/transfer/ownership` of API v1, which takes the bearer token too: v2 moves objects only by their
    /// identifiers. A lost answer is not sent for again: the next run does.
    pub(super) async fn transfer(&self, from: &str, to: &str) -> Result<(), SendError> {
        let doing = format!("handing what `{}` owns to `{}` in ThoughtSpot `{}`", from, to, self.name);
        let url = format!("{}/callosum/v1/tspublic/v1/user/transfer/ownership", self.url);
        let names = [("fromUserName", from), ("toUserName", to)];
        let make = |inner: &reqwest::Client| {
            let request = inner.post(&url).query(&names).header("X-Requested-By", "ThoughtSpot");
            request.header(ACCEPT, "application/json")
        };
        let answer = self.gate.send(&self.client, &doing, Repeat::Never, make).await?;
        // 204 without a body, and nothing else: a page that something between answers with 200 hands nothing over.
        match answer.status {
            204 => Ok(()),
            200 if answer.body.is_empty() => Ok(()),
            _ if answer.is_success() => {
                let why = format!("the answer is {}, and not the empty 204 that was expected", answer.status);
                Err(ConnectorError::new(FailureClass::Unexpected, doing, why).into())
            }
            _ => Err(refusal(&answer, &doing).into()),
        }
    }

    async fn get<T: DeserializeOwned>(&self, doing: &str, path: &str) -> Result<T, ConnectorError> {
        let url = format!("{}/{path}", self.base);
        let make = |inner: &reqwest::Client| inner.get(&url).header(ACCEPT, "application/json");
        let answer = self.gate.send(&self.client, doing, Repeat::Safe, make).await.map_err(SendError::into_error)?;
        if answer.is_success() { answer.json(doing) } else { Err(refusal(&answer, doing)) }
    }

    /// A request that writes, and the proof that the product itself answered.
    async fn write(&self, doing: &str, url: &str, body: Option<&Value>) -> Result<Answer, SendError> {
        let answer = self.post(doing, url, body, Repeat::Never).await?;
        if !answer.is_success() {
            return Err(SendError::Failed(refusal(&answer, doing)));
        }
        // Behind a page for people nobody knows what was done.
        answer.text(doing).map_err(SendError::Unknown)?;
        Ok(answer)
    }

    async fn post(&self, doing: &str, url: &str, body: Option<&Value>, repeat: Repeat) -> Result<Answer, SendError> {
        let text = body.map(Value::to_string);
        let make = |inner: &reqwest::Client| {
            let request = inner.post(url).header(ACCEPT, "application/json");
            match &text {
                Some(text) => request.header(CONTENT_TYPE, "application/json").body(text.clone()),
                None => request,
            }
        };
        self.gate.send(&self.client, doing, repeat, make).await
    }

    /// The address of one principal.
    fn of(&self, kind: Kind, id: &str, deed: &str) -> Result<String, ConnectorError> {
        let mut url = reqwest::Url::parse(&self.base).ok();
        if let Some(mut segments) = url.as_mut().and_then(|url| url.path_segments_mut().ok()) {
            segments.extend([kind.plural(), id, deed]);
        }
        url.map(String::from)
            .ok_or_else(|| ConnectorError::new(FailureClass::Unexpected, "making an address", "`url` takes no path"))
    }
}

/// What a refusal means: the product's own code where it tells more than the status.
fn refusal(answer: &Answer, doing: &str) -> ConnectorError {
    let mut error = explained(answer.refusal(doing), answer);
    let code = ErrorBody::read(&answer.body).and_then(|body| body.code);
    if code == Some(MEANS_NOBODY) && matches!(answer.status, 400 | 404) {
        error.class = FailureClass::Missing;
    }
    error
}
