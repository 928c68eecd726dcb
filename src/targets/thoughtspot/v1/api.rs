use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};

use super::super::error_body::explained;
use super::session::Session;
use super::wire::{SessionInfo, SyncAnswer};
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, Secret};
use crate::http::{Answer, Client, Repeat, SendError};

/// A public client allows a `user/sync` of a large tenant so long (`thoughtspot/cs_tools` 1.4).
const LONGEST_CALL: Duration = Duration::from_mins(15);

/// The calls of API v1 that a sync needs. Base path: `/callosum/v1/tspublic/v1` (vendor: "User API").
pub(super) struct Api {
    name: String,
    base: String,
    client: Client,
    session: Session,
}

impl Api {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        username: String,
        password: Secret,
    ) -> Result<Self, BuildError> {
        Ok(Self {
            name: context.name.clone(),
            base: format!("{url}/callosum/v1/tspublic/v1"),
            client: Client::new(&context.network, Some(LONGEST_CALL))?,
            session: Session::new(username, password),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The address, as a URL is normalised: the host in lower case, no default port, no slash at the end.
    pub(super) fn base(&self) -> String {
        let parsed = reqwest::Url::parse(&self.base).map(|url| url.to_string());
        parsed.unwrap_or_else(|_| self.base.clone())
    }

    pub(super) fn calls(&self) -> Calls {
        self.client.calls()
    }

    pub(super) fn username(&self) -> &str {
        self.session.username()
    }

    /// `GET session/info`: who is signed in, with which privileges.
    pub(super) async fn info(&self) -> Result<SessionInfo, ConnectorError> {
        let doing = format!("asking ThoughtSpot `{}` who is signed in", self.name);
        let url = format!("{}/session/info", self.base);
        let answer = self.call(&doing, Repeat::Safe, |client| client.get(&url)).await;
        answer.map_err(SendError::into_error)?.json(&doing)
    }

    /// `GET user/list`: every user and group, no paging. The text of a JSON array of principals.
    pub(super) async fn list(&self) -> Result<String, ConnectorError> {
        let doing = self.listing();
        let url = format!("{}/user/list", self.base);
        let answer = self.call(&doing, Repeat::Safe, |client| client.get(&url)).await.map_err(SendError::into_error)?;
        answer.text(&doing).map(str::to_owned)
    }

    pub(super) fn listing(&self) -> String {
        format!("listing the users and groups of ThoughtSpot `{}`", self.name)
    }

    /// `POST user/sync`, multipart. Both flags are always sent: the server's own default of `removeDeleted` is true.
    pub(super) async fn sync(&self, payload: &[u8], apply: bool, remove: bool) -> Result<SyncAnswer, SendError> {
        let doing = if apply {
            format!("synchronising ThoughtSpot `{}` (user/sync)", self.name)
        } else {
            format!("asking ThoughtSpot `{}` what it would change (user/sync, applyChanges=false)", self.name)
        };
        let url = format!("{}/user/sync", self.base);
        let form = || {
            let file = Part::bytes(payload.to_vec()).file_name("principals.json");
            // A constant that is a media type cannot fail to be one.
            let file = file.mime_str("application/json").unwrap_or_else(|_| Part::bytes(payload.to_vec()));
            Form::new()
                .part("principals", file)
                .text("applyChanges", apply.to_string())
                .text("removeDeleted", remove.to_string())
        };
        let repeat = if apply { Repeat::Never } else { Repeat::Safe };
        let answer = self.call(&doing, repeat, |client| client.post(&url).multipart(form())).await?;
        answer.json(&doing).map_err(|error| {
            if answer.is_success() && apply {
                // It was taken; only its answer cannot be read.
                SendError::Unknown(error)
            } else {
                SendError::Failed(explained(error, &answer))
            }
        })
    }

    /// `POST user/transfer/ownership`: 204. System and administrator users cannot take part.
    pub(super) async fn transfer(&self, from: &str, to: &str) -> Result<(), ConnectorError> {
        let doing = format!("handing what `{from}` owns to `{to}` in ThoughtSpot `{}`", self.name);
        let url = format!("{}/user/transfer/ownership", self.base);
        let names = [("fromUserName", from), ("toUserName", to)];
        // To hand over twice what is owned is to hand it over once.
        let answer = self.call(&doing, Repeat::Safe, |client| client.post(&url).query(&names)).await;
        let answer = answer.map_err(SendError::into_error)?;
        // 204 without a body, and nothing else: a page that something between answers with 200 hands nothing over.
        match answer.status {
            204 => Ok(()),
            200 if answer.body.is_empty() => Ok(()),
            _ if answer.is_success() => {
                let why = format!("the answer is {}, and not the empty 204 that was expected", answer.status);
                Err(ConnectorError::new(FailureClass::Unexpected, doing, why))
            }
            _ => Err(explained(answer.refusal(&doing), &answer)),
        }
    }

    /// Sends with the session cookie; a session that has ended is renewed once.
    async fn call(
        &self,
        doing: &str,
        repeat: Repeat,
        make: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Answer, SendError> {
        let login = format!("{}/session/login", self.base);
        loop {
            let ticket = self.session.ticket(&self.client, &login, &self.name).await?;
            let request = |client: &reqwest::Client| {
                make(client)
                    .header("X-Requested-By", "ThoughtSpot")
                    .header("Accept", "application/json")
                    .header("Cookie", &ticket.cookie)
            };
            let answer = self.client.send(doing, repeat, request).await?;
            if answer.status != 401 {
                return Ok(answer);
            }
            let refusal = explained(answer.refusal(doing), &answer);
            self.session.forget(&ticket, &refusal).await;
            if ticket.fresh {
                return Err(SendError::Failed(refusal));
            }
        }
    }
}
