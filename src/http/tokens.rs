//! Bearer tokens: fetched when they are needed, renewed before they end, and never asked for again once refused.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::answer::Answer;
use super::client::{Client, Repeat};
use crate::connector::{ConnectorError, FailureClass, SendError};

/// A token is renewed when less than a tenth of its life is left, and no less than this long before its end.
const EARLY: Duration = Duration::from_secs(10);

/// A token, and for how long it is good.
#[derive(Debug, Clone)]
pub struct Token {
    pub text: SecretString,
    /// From now on; none where the product does not say: good until it is refused.
    pub lifetime: Option<Duration>,
}

/// The token of one account.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    token: Option<SecretString>,
    renew: Option<Instant>,
    /// Counts the tokens: who was refused with an older one takes the newer.
    generation: u64,
    /// The credentials are refused: asking again would lock the account.
    refused: Option<ConnectorError>,
}

struct Ticket {
    text: SecretString,
    generation: u64,
    fresh: bool,
}

impl Tokens {
    /// Sends what `make` builds with a token. One that has ended is fetched anew, once.
    ///
    /// # Errors
    /// As [`Client::send`]; [`FailureClass::Denied`] when no token is given, or a new one is refused: from then on no
    /// request is sent at all.
    pub async fn send<F: Future<Output = Result<Token, SendError>>>(
        &self,
        client: &Client,
        doing: &str,
        repeat: Repeat,
        // Not an `AsyncFn`: that of its future which is `Send` cannot be said of it yet.
        fetch: impl Fn() -> F,
        make: impl Fn(&reqwest::Client, &str) -> reqwest::RequestBuilder,
    ) -> Result<Answer, SendError> {
        let mut ticket = self.ticket(client, &fetch).await?;
        loop {
            let answer = client.send(doing, repeat, |inner| make(inner, ticket.text.expose_secret())).await;
            let answer = answer.map_err(|error| error.map(|error| error.without([ticket.text.expose_secret()])))?;
            if answer.status != 401 {
                return Ok(answer);
            }
            let refusal = answer.refusal(doing).without([ticket.text.expose_secret()]);
            self.drop_token(&ticket, &refusal).await;
            ticket = self.ticket(client, &fetch).await?;
        }
    }

    async fn ticket<F: Future<Output = Result<Token, SendError>>>(
        &self,
        client: &Client,
        fetch: &impl Fn() -> F,
    ) -> Result<Ticket, SendError> {
        let mut held = self.0.lock().await;
        if let Some(error) = &held.refused {
            return Err(SendError::Failed(error.clone()));
        }
        let good = held.renew.is_none_or(|renew| Instant::now() < renew);
        if let (Some(text), true) = (&held.token, good) {
            return Ok(Ticket { text: text.clone(), generation: held.generation, fresh: false });
        }
        match fetch().await {
            Ok(Token { text, lifetime }) => {
                client.hide(&text);
                let early = |life: Duration| life.saturating_sub((life / 10).max(EARLY)).max(life / 2);
                held.renew = lifetime.map(|life| Instant::now() + early(life));
                held.token = Some(text.clone());
                held.generation += 1;
                Ok(Ticket { text, generation: held.generation, fresh: true })
            }
            Err(SendError::Failed(mut error)) => {
                // Who may not sign in has credentials that are refused.
                if error.class == FailureClass::Forbidden {
                    error.class = FailureClass::Denied;
                }
                if error.class == FailureClass::Denied {
                    held.refused = Some(error.clone());
                }
                Err(SendError::Failed(error))
            }
            Err(error) => Err(error),
        }
    }

    /// Forgets a token that was refused. One that was new is the end.
    async fn drop_token(&self, ticket: &Ticket, refusal: &ConnectorError) {
        let mut held = self.0.lock().await;
        if held.generation != ticket.generation {
            return;
        }
        held.token = None;
        if ticket.fresh {
            held.refused = Some(refusal.clone());
        }
    }
}
