use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::connector::{ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat, Token, Tokens};

/// What is said where the token is refused.
const HINT: &str = "check `token`: that it is of this service, has not ended, and may manage users and groups";

/// The token of the configuration: read when it is needed, read once more when it is refused, and not shown again
/// after that.
pub(super) struct Bearer {
    secret: Secret,
    tokens: Tokens,
    shown: Mutex<Option<SecretString>>,
}

impl Bearer {
    pub(super) fn new(secret: Secret) -> Self {
        Self { secret, tokens: Tokens::default(), shown: Mutex::default() }
    }

    /// Sends what `make` builds with the token.
    ///
    /// # Errors
    /// As [`Client::send`]; [`FailureClass::Denied`] where the token is refused.
    pub(super) async fn send(
        &self,
        client: &Client,
        doing: &str,
        repeat: Repeat,
        make: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
    ) -> Result<Answer, SendError> {
        let fetch = async || self.fetch(client, doing).await.map_err(SendError::Failed);
        let answer =
            self.tokens.send(client, doing, repeat, fetch, |inner, token| make(inner).bearer_auth(token)).await;
        answer.map_err(|error| {
            error.map(|error| if error.class == FailureClass::Denied { error.with_hint(HINT) } else { error })
        })
    }

    /// Asked for at the beginning, and after a refusal: the same token again would be refused again.
    async fn fetch(&self, client: &Client, doing: &str) -> Result<Token, ConnectorError> {
        let fail = |why: String| ConnectorError::new(FailureClass::Denied, doing, why).with_hint(HINT);
        let text = self.secret.read().map_err(|error| fail(error.to_string()))?;
        let mut shown = self.shown.lock().await;
        if shown.as_ref().is_some_and(|shown| shown.expose_secret() == text.expose_secret()) {
            return Err(fail(format!("the answer is 401, and {} holds no other token", self.secret.describe())));
        }
        client.hide(&text);
        *shown = Some(text.clone());
        Ok(Token { text, lifetime: None })
    }
}
