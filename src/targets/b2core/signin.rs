//! Fetching a token with an address and a password.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::lifetime::lifetime;
use super::wire::explained;
use crate::connector::{ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat, Token};

/// A sign-in as it is configured. Pointers are JSON pointers (RFC 6901) into the answer.
pub(super) struct Signin {
    pub(super) url: String,
    pub(super) email: String,
    pub(super) password: Secret,
    pub(super) token_pointer: String,
    pub(super) created_pointer: String,
    pub(super) expires_pointer: String,
    pub(super) two_factor_pointer: String,
}

impl Signin {
    /// Signs in. The password is read anew each time: it may have been changed since.
    pub(super) async fn fetch(&self, client: &Client, name: &str) -> Result<Token, SendError> {
        let doing = format!("signing in to B2CORE `{name}` as `{}`", self.email);
        let denied = |why: String| ConnectorError::new(FailureClass::Denied, doing.as_str(), why);
        let password = self.password.read().map_err(|error| denied(error.to_string()))?;
        let safe = |error: ConnectorError| error.without([password.expose_secret()]);
        let body = json!({ "email": self.email, "password": password.expose_secret() }).to_string();
        let make = |inner: &reqwest::Client| {
            let request = inner.post(&self.url).header(ACCEPT, "application/json");
            request.header(CONTENT_TYPE, "application/json").body(body.clone())
        };
        // Attempts are counted, so that not even one that failed on the way is repeated.
        let answer = client.send(&doing, Repeat::Never, make).await;
        let answer = answer.map_err(|error| SendError::Failed(safe(error.into_error())))?;
        if answer.is_success() {
            return Ok(self.read(&answer, &doing).map_err(safe)?);
        }
        let mut error = safe(explained(answer.refusal(&doing), &answer));
        if (400..500).contains(&answer.status) && answer.status != 404 {
            error.class = FailureClass::Denied;
            error.hint =
                Some("check `signin.email` and `signin.password`; after too many attempts it is locked".into());
        }
        Err(SendError::Failed(error))
    }

    /// The token in an answer. The answer itself is never quoted: it may hold a token somewhere else.
    pub(super) fn read(&self, answer: &Answer, doing: &str) -> Result<Token, ConnectorError> {
        let fail = |class, why: String| ConnectorError::new(class, doing, why);
        let text = answer.text(doing)?;
        let body: Value = serde_json::from_str(text)
            .map_err(|_| fail(FailureClass::Unexpected, "the answer is not JSON".to_owned()))?;
        if body.pointer(&self.two_factor_pointer).and_then(Value::as_bool) == Some(true) {
            let why = "the account asks for a second factor, which a program does not have";
            let hint = "use an account without two-factor authentication, or a `token` instead of `signin`";
            return Err(fail(FailureClass::Denied, why.to_owned()).with_hint(hint));
        }
        let token = body.pointer(&self.token_pointer).and_then(Value::as_str).filter(|token| !token.is_empty());
        let Some(token) = token else {
            let why = format!("the answer has no token at `{}`", self.token_pointer);
            return Err(fail(FailureClass::Unexpected, why).with_hint("set `signin.tokenPointer` to where it is"));
        };
        let (created, expires) = (body.pointer(&self.created_pointer), body.pointer(&self.expires_pointer));
        Ok(Token { text: token.to_owned().into(), lifetime: lifetime(token, created, expires) })
    }
}
