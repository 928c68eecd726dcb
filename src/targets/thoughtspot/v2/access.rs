//! Signing in: a bearer token, and the proof that it is for the org that is meant.

use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::super::error_body::{ErrorBody, explained};
use super::wire::{SessionUser, TokenAnswer};
use crate::connector::{ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat, Token, Tokens};
use crate::principal::shown;

/// How long a token is asked for, in seconds: the default of the vendor, said so that no cluster decides otherwise.
const VALIDITY: u64 = 300;

/// The primary org of every cluster.
const PRIMARY: u32 = 0;

/// The code of a refusal for want of access to an org (measured on live clusters).
const NO_ORG: u64 = 13_090;

/// What vouches for the account.
#[derive(Debug, Clone)]
pub(in super::super) enum Access {
    Password(Secret),
    /// The key of trusted authentication, which vouches for any user.
    SecretKey(Secret),
}

/// The sign-in of one account.
pub(super) struct Gatekeeper {
    name: String,
    base: String,
    username: String,
    access: Access,
    org: Option<u32>,
    tokens: Tokens,
}

impl Gatekeeper {
    pub(super) fn new(name: &str, base: &str, username: String, access: Access, org: Option<u32>) -> Self {
        let (name, base) = (name.to_owned(), base.to_owned());
        Self { name, base, username, access, org, tokens: Tokens::default() }
    }

    /// Sends what `make` builds with the bearer token.
    pub(super) async fn send(
        &self,
        client: &Client,
        doing: &str,
        repeat: Repeat,
        make: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Answer, SendError> {
        let fetch = || self.fetch(client);
        self.tokens.send(client, doing, repeat, fetch, |inner, token| make(inner).bearer_auth(token)).await
    }

    /// `POST auth/token/full`, and `GET auth/session/user` to see for which org the token is: without `org_id` a token
    /// lands in the org of the account's last sign-in, and `org_identifier` is passed over (measured on live clusters).
    async fn fetch(&self, client: &Client) -> Result<Token, SendError> {
        let doing = format!("signing in to ThoughtSpot `{}` as `{}`", self.name, shown(&self.username, 60));
        let (key, secret) = match &self.access {
            Access::Password(secret) => ("password", secret),
            Access::SecretKey(secret) => ("secret_key", secret),
        };
        let secret = secret.read().map_err(|error| {
            SendError::Failed(ConnectorError::new(FailureClass::Denied, doing.as_str(), error.to_string()))
        })?;
        let mut body = Map::new();
        body.insert("username".into(), json!(self.username));
        body.insert(key.into(), json!(secret.expose_secret()));
        body.insert("validity_time_in_sec".into(), json!(VALIDITY));
        if let Some(org) = self.org {
            body.insert("org_id".into(), json!(org));
        }
        let (url, body) = (format!("{}/auth/token/full", self.base), Value::Object(body).to_string());
        let make = |inner: &reqwest::Client| {
            let request = inner.post(&url).header(ACCEPT, "application/json");
            request.header(CONTENT_TYPE, "application/json").body(body.clone())
        };
        // A sign-in changes nothing of the state: it may be repeated.
        let answer = client.send(&doing, Repeat::Safe, make).await;
        let answer = answer.map_err(|error| error.map(|error| error.without([secret.expose_secret()])))?;
        if !answer.is_success() {
            return Err(SendError::Failed(self.refusal(&answer, &doing).without([secret.expose_secret()])));
        }
        let token = read(&answer, &doing)?;
        self.verify(client, &token.text).await?;
        Ok(token)
    }

    fn refusal(&self, answer: &Answer, doing: &str) -> ConnectorError {
        let error = explained(answer.refusal(doing), answer);
        let code = ErrorBody::read(&answer.body).and_then(|body| body.code);
        if code == Some(NO_ORG) {
            let org = self.org.map_or_else(|| "the primary org".to_owned(), |org| format!("org {org}"));
            let hint = format!("the account may not enter {org}: check `org`, or add the account to it");
            return ConnectorError { class: FailureClass::Denied, ..error }.with_hint(hint);
        }
        error
    }

    /// Whether the token is for the org that is meant.
    async fn verify(&self, client: &Client, token: &SecretString) -> Result<(), SendError> {
        let doing = format!("asking ThoughtSpot `{}` which org the sign-in is for", self.name);
        let url = format!("{}/auth/session/user", self.base);
        let make = |inner: &reqwest::Client| {
            inner.get(&url).header(ACCEPT, "application/json").bearer_auth(token.expose_secret())
        };
        let answer = client.send(&doing, Repeat::Safe, make).await;
        let safe = |error: ConnectorError| error.without([token.expose_secret()]);
        let answer = answer.map_err(|error| error.map(safe))?;
        let user: SessionUser = answer.json(&doing).map_err(|error| safe(explained(error, &answer)))?;
        meant(self.org, &user).map(|_| ()).map_err(|why| {
            let error = ConnectorError::new(FailureClass::Denied, doing, why);
            SendError::Failed(error.with_hint("set `org` of the target to the number of the org that is meant"))
        })
    }
}

/// The org that a session is in; none where the cluster has no orgs.
///
/// # Errors
/// A sentence, when it is another org than the one that is meant: the one of the configuration, else the primary one.
pub(super) fn meant(org: Option<u32>, user: &SessionUser) -> Result<Option<u32>, String> {
    let Some(current) = &user.current_org else {
        return match org {
            None => Ok(None),
            Some(org) => Err(format!("the sign-in is for no org, and org {org} is meant")),
        };
    };
    let wanted = org.unwrap_or(PRIMARY);
    if current.id == wanted {
        return Ok(Some(wanted));
    }
    let name = current.name.as_deref().map(|name| format!(" `{}`", shown(name, 60))).unwrap_or_default();
    Err(format!("the sign-in is for org {}{name}, and org {wanted} is meant", current.id))
}

/// The token in an answer, which itself is never quoted.
fn read(answer: &Answer, doing: &str) -> Result<Token, ConnectorError> {
    let text = answer.text(doing)?;
    let TokenAnswer { token, creation_time_in_millis, expiration_time_in_millis } = serde_json::from_str(text)
        .map_err(|_| ConnectorError::new(FailureClass::Unexpected, doing, "the answer holds no token"))?;
    let life = expiration_time_in_millis.zip(creation_time_in_millis);
    let life = life.map(|(end, start)| Duration::from_millis(end.saturating_sub(start)));
    Ok(Token { text: token.into(), lifetime: Some(life.unwrap_or(Duration::from_secs(VALIDITY))) })
}
