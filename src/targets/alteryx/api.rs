use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Url};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::config::Credentials;
use super::wire::{Assets, GroupRecord, GroupRow, TokenReply, UserRecord, refusal};
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat, Token, Tokens};

/// A list of all users comes in one answer, which takes a large server its time.
const LONGEST_CALL: Duration = Duration::from_mins(5);

const DENIED: &str =
    "check `key` and `secret`, that their owner is active and has API access, and how `credentials` are sent";

/// The calls of `{base}/v3/…`, with a bearer token of `{base}/oauth2/token` (vendor: "Server API Configuration and
/// Authorization").
pub(super) struct Api {
    name: String,
    base: Url,
    client: Client,
    tokens: Tokens,
    key: String,
    secret: Secret,
    credentials: Credentials,
}

impl Api {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        key: String,
        secret: Secret,
        credentials: Credentials,
    ) -> Result<Self, BuildError> {
        let base = Url::parse(url).map_err(|error| BuildError::new("url", error.to_string()))?;
        let client = Client::new(&context.network, Some(LONGEST_CALL))?;
        Ok(Self { name: context.name.clone(), base, client, tokens: Tokens::default(), key, secret, credentials })
    }

    /// Where it is.
    pub(super) fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// For a person: ``Alteryx Server `bi` ``.
    pub(super) fn title(&self) -> String {
        format!("Alteryx Server `{}`", self.name)
    }

    pub(super) fn calls(&self) -> Calls {
        self.client.calls()
    }

    /// `GET users?view=Full`: everybody, inactive users too, in one answer. There are no pages.
    pub(super) async fn users(&self) -> Result<Vec<UserRecord>, ConnectorError> {
        let doing = format!("listing the users of {}", self.title());
        self.get(&doing, &["users"], &[("view", "Full")]).await
    }

    /// `GET usergroups`: custom groups, without members.
    pub(super) async fn groups(&self) -> Result<Vec<GroupRow>, ConnectorError> {
        let doing = format!("listing the user groups of {}", self.title());
        self.get(&doing, &["usergroups"], &[]).await
    }

    /// `GET usergroups/{id}`: one group with its members.
    pub(super) async fn group(&self, doing: &str, id: &str) -> Result<GroupRecord, ConnectorError> {
        self.get(doing, &["usergroups", id], &[]).await
    }

    /// `GET users/{id}`, with every member the server has, known or not.
    pub(super) async fn user(&self, doing: &str, id: &str) -> Result<Map<String, Value>, ConnectorError> {
        self.get(doing, &["users", id], &[]).await
    }

    /// `GET users/{id}/assets`.
    pub(super) async fn assets(&self, doing: &str, id: &str) -> Result<Assets, ConnectorError> {
        self.get(doing, &["users", id, "assets"], &[]).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        doing: &str,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let url = self.url(path, query);
        let answer = self.send(doing, Repeat::Safe, &Method::GET, &url, None).await;
        answer.map_err(SendError::into_error)?.json(doing)
    }

    /// Writes, once.
    ///
    /// # Errors
    /// [`SendError::Failed`] when the server refuses; [`SendError::Unknown`] where it may have been done.
    pub(super) async fn write(
        &self,
        doing: &str,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, SendError> {
        let answer = self.send(doing, Repeat::Never, &method, &self.url(path, query), body).await?;
        // A page where an answer was expected comes from something between.
        answer.text(doing).map_err(SendError::Unknown)?;
        Ok(answer)
    }

    async fn send(
        &self,
        doing: &str,
        repeat: Repeat,
        method: &Method,
        url: &Url,
        body: Option<&Value>,
    ) -> Result<Answer, SendError> {
        let body = body.map(Value::to_string);
        let make = |client: &reqwest::Client, token: &str| {
            let request = client.request(method.clone(), url.clone()).header(ACCEPT, "application/json");
            let request = request.bearer_auth(token);
            match &body {
                Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
                // A POST without a length is refused by some servers between.
                None if *method == Method::POST => request.body(""),
                None => request,
            }
        };
        let answer = self.tokens.send(&self.client, doing, repeat, || self.token(), make).await?;
        if answer.is_success() { Ok(answer) } else { Err(SendError::Failed(refusal(&answer, doing))) }
    }

    /// `POST oauth2/token`: a form with `grant_type=client_credentials`; key and secret as HTTP Basic or in the form.
    /// The lifetime is documented nowhere: `expires_in` says it.
    async fn token(&self) -> Result<Token, SendError> {
        let doing = format!("getting a token of {}", self.title());
        let secret = self.secret.read();
        let secret =
            secret.map_err(|error| ConnectorError::new(FailureClass::Denied, doing.as_str(), error.to_string()))?;
        self.client.hide(&secret);
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["oauth2", "token"]);
        }
        let make = |client: &reqwest::Client| {
            let request = client.post(url.clone()).header(ACCEPT, "application/json");
            let grant = ("grant_type", "client_credentials");
            match self.credentials {
                Credentials::Basic => request.basic_auth(&self.key, Some(secret.expose_secret())).form(&[grant]),
                Credentials::Form => {
                    let own = [("client_id", self.key.as_str()), ("client_secret", secret.expose_secret())];
                    request.form(&[grant, own[0], own[1]])
                }
            }
        };
        // A new token changes nothing of the state: it may be asked for again.
        let answer = self.client.send(&doing, Repeat::Safe, make).await?;
        if !answer.is_success() {
            let mut error = refusal(&answer, &doing);
            // RFC 6749, section 5.2: a key that is refused is a 400 or a 401.
            if matches!(answer.status, 400 | 401 | 403) {
                error.class = FailureClass::Denied;
                error.hint = Some(DENIED.to_owned());
            } else if answer.status == 404 {
                error.hint = Some("check `url`: it is the Web API address of System Settings, such as …/webapi".into());
            }
            return Err(SendError::Failed(error));
        }
        let text = answer.text(&doing)?;
        // What came may hold a token: it is not shown.
        let reply: TokenReply = serde_json::from_str(text)
            .map_err(|_| ConnectorError::new(FailureClass::Unexpected, doing.as_str(), "the answer holds no token"))?;
        let lifetime = reply.seconds().map(Duration::from_secs);
        Ok(Token { text: reply.access_token.into(), lifetime })
    }

    /// Ids come from the server, and are quoted all the same.
    fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v3").extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

/// The JSON of a write that was taken; what cannot be read may have been done.
pub(super) fn written<T: DeserializeOwned>(answer: &Answer, doing: &str) -> Result<T, SendError> {
    answer.json(doing).map_err(SendError::Unknown)
}
