use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass, Secret};
use crate::http::{Client, Repeat, SendError};

/// The session cookie, made on first use and once more when the server no longer takes it.
pub(super) struct Session {
    username: String,
    password: Secret,
    cookie: Mutex<Option<String>>,
}

/// A cookie, and whether it was made just now.
pub(super) struct Ticket {
    pub(super) cookie: String,
    pub(super) fresh: bool,
}

impl Session {
    pub(super) fn new(username: String, password: Secret) -> Self {
        Self { username, password, cookie: Mutex::new(None) }
    }

    pub(super) fn username(&self) -> &str {
        &self.username
    }

    /// The cookie to send. The password is read anew at each sign-in: it may have been changed since.
    pub(super) async fn ticket(&self, client: &Client, login: &str, name: &str) -> Result<Ticket, SendError> {
        let mut cookie = self.cookie.lock().await;
        if let Some(cookie) = cookie.as_ref() {
            return Ok(Ticket { cookie: cookie.clone(), fresh: false });
        }
        let new = self.login(client, login, name).await?;
        *cookie = Some(new.clone());
        Ok(Ticket { cookie: new, fresh: true })
    }

    /// Forgets a cookie that was refused, so that the next call signs in again.
    pub(super) async fn forget(&self) {
        *self.cookie.lock().await = None;
    }

    /// `session/login`: a form with `username`, `password`, `rememberme`; 204 and a cookie (vendor: "Session API").
    async fn login(&self, client: &Client, url: &str, name: &str) -> Result<String, SendError> {
        let doing = format!("signing in to ThoughtSpot `{name}` as `{}`", self.username);
        let password = self.password.read().map_err(|error| {
            SendError::Failed(ConnectorError::new(FailureClass::Denied, doing.as_str(), error.to_string()))
        })?;
        let form = |client: &reqwest::Client| {
            let fields =
                [("username", self.username.as_str()), ("password", password.expose_secret()), ("rememberme", "false")];
            client.post(url).header("X-Requested-By", "ThoughtSpot").header("Accept", "application/json").form(&fields)
        };
        // A sign-in changes nothing of the state: it may be repeated.
        let answer = client.send(&doing, Repeat::Safe, form).await.map_err(|error| match error {
            SendError::Failed(error) => SendError::Failed(error.without([password.expose_secret()])),
            SendError::Unknown(error) => SendError::Unknown(error.without([password.expose_secret()])),
        })?;
        if !answer.is_success() {
            return Err(SendError::Failed(answer.refusal(&doing).without([password.expose_secret()])));
        }
        if answer.cookies.is_empty() {
            // A page where a cookie was expected is best named as what it is.
            answer.text(&doing).map_err(SendError::Failed)?;
            let why = "the answer sets no session cookie";
            let error = ConnectorError::new(FailureClass::Unexpected, doing, why);
            return Err(SendError::Failed(error.with_hint("check that `url` is the cluster's own address")));
        }
        Ok(answer.cookies.join("; "))
    }
}
