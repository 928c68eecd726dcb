use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass, Secret};
use crate::http::{Client, Repeat, SendError};

/// The session cookie, made on first use and once more when the server no longer takes it. A password that was refused
/// is not shown again: that would lock the account.
pub(super) struct Session {
    username: String,
    password: Secret,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    cookie: Option<String>,
    /// What was shown last.
    password: Option<SecretString>,
    /// Why it is not shown again.
    refused: Option<ConnectorError>,
}

/// A cookie, and whether it was made just now.
pub(super) struct Ticket {
    pub(super) cookie: String,
    pub(super) fresh: bool,
}

impl Session {
    pub(super) fn new(username: String, password: Secret) -> Self {
        Self { username, password, held: Mutex::default() }
    }

    pub(super) fn username(&self) -> &str {
        &self.username
    }

    /// The cookie to send. The password is read anew at each sign-in: it may have been changed since.
    pub(super) async fn ticket(&self, client: &Client, login: &str, name: &str) -> Result<Ticket, SendError> {
        let mut held = self.held.lock().await;
        if let Some(cookie) = &held.cookie {
            return Ok(Ticket { cookie: cookie.clone(), fresh: false });
        }
        let doing = format!("signing in to ThoughtSpot `{name}` as `{}`", self.username);
        let password = self.password.read().map_err(|error| {
            SendError::Failed(ConnectorError::new(FailureClass::Denied, doing.as_str(), error.to_string()))
        })?;
        let known = held.password.as_ref().is_some_and(|known| known.expose_secret() == password.expose_secret());
        if let Some(refused) = held.refused.clone().filter(|_| known) {
            return Err(SendError::Failed(refused));
        }
        held.refused = None;
        held.password = Some(password.clone());
        match self.login(client, login, &doing, &password).await {
            Ok(cookie) => {
                held.cookie = Some(cookie.clone());
                Ok(Ticket { cookie, fresh: true })
            }
            Err(SendError::Failed(mut error)) => {
                // Who may not sign in has credentials that are refused.
                if matches!(error.class, FailureClass::Denied | FailureClass::Forbidden) {
                    error.class = FailureClass::Denied;
                    held.refused = Some(error.clone());
                }
                Err(SendError::Failed(error))
            }
            Err(error) => Err(error),
        }
    }

    /// Forgets a cookie that was refused, so that the next call signs in again; not where it was new.
    pub(super) async fn forget(&self, ticket: &Ticket, refusal: &ConnectorError) {
        let mut held = self.held.lock().await;
        if held.cookie.as_ref() == Some(&ticket.cookie) {
            held.cookie = None;
        }
        if ticket.fresh {
            held.refused = Some(refusal.clone());
        }
    }

    /// `session/login`: a form with `username`, `password`, `rememberme`; 204 and a cookie (vendor: "Session API").
    async fn login(
        &self,
        client: &Client,
        url: &str,
        doing: &str,
        password: &SecretString,
    ) -> Result<String, SendError> {
        let form = |client: &reqwest::Client| {
            let fields =
                [("username", self.username.as_str()), ("password", password.expose_secret()), ("rememberme", "false")];
            client.post(url).header("X-Requested-By", "ThoughtSpot").header("Accept", "application/json").form(&fields)
        };
        // A sign-in changes nothing of the state: it may be repeated.
        let answer = client.send(doing, Repeat::Safe, form).await;
        let answer = answer.map_err(|error| error.map(|error| error.without([password.expose_secret()])))?;
        if !answer.is_success() {
            return Err(SendError::Failed(answer.refusal(doing).without([password.expose_secret()])));
        }
        if answer.cookies.is_empty() {
            // A page where a cookie was expected is best named as what it is.
            answer.text(doing).map_err(SendError::Failed)?;
            let why = "the answer sets no session cookie";
            let error = ConnectorError::new(FailureClass::Unexpected, doing, why);
            return Err(SendError::Failed(error.with_hint("check that `url` is the cluster's own address")));
        }
        Ok(answer.cookies.join("; "))
    }
}
