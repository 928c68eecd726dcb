//! Who calls: a bearer token, given or fetched.

use std::sync::Mutex;

use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use tokio::time::Instant;

use super::signin::Signin;
use crate::connector::{ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat, Token, Tokens};

/// What a token comes from.
pub(super) enum Credentials {
    /// It is given, and read again after a 401: it may have been replaced since.
    Token(Secret),
    Signin(Box<Signin>),
}

/// The token of one run.
pub(super) struct Access {
    name: String,
    credentials: Credentials,
    tokens: Tokens,
    signed_in: Mutex<SignedIn>,
}

/// What is known of signing in so far.
#[derive(Default)]
struct SignedIn {
    /// There was a token.
    once: bool,
    /// From when on it is no wonder that another is needed; none: nobody said.
    renewal: Option<Instant>,
    /// A token that should have been good was refused, and another was fetched.
    again: bool,
}

impl Access {
    pub(super) fn new(name: &str, credentials: Credentials) -> Self {
        Self { name: name.to_owned(), credentials, tokens: Tokens::default(), signed_in: Mutex::default() }
    }

    /// Sends what `make` builds with a token and `Accept: application/json` (vendor's page "Overview").
    pub(super) async fn send(
        &self,
        client: &Client,
        doing: &str,
        repeat: Repeat,
        make: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Answer, SendError> {
        let with_token = |inner: &reqwest::Client, token: &str| {
            make(inner).header(ACCEPT, "application/json").header(AUTHORIZATION, format!("Bearer {token}"))
        };
        self.tokens.send(client, doing, repeat, || self.fetch(client), with_token).await
    }

    async fn fetch(&self, client: &Client) -> Result<Token, SendError> {
        let doing = format!("reading the token of B2CORE `{}`", self.name);
        match &self.credentials {
            Credentials::Token(secret) => {
                let fail = |why: String| ConnectorError::new(FailureClass::Denied, doing.as_str(), why);
                let text = secret.read().map_err(|error| fail(error.to_string()))?;
                Ok(Token { text, lifetime: None })
            }
            Credentials::Signin(signin) => {
                self.permit()?;
                let token = signin.fetch(client, &self.name).await?;
                let mut signed_in = self.signed_in();
                signed_in.once = true;
                // `Tokens` renews no token before half its life is over.
                signed_in.renewal = token.lifetime.map(|lifetime| Instant::now() + lifetime / 2);
                drop(signed_in);
                Ok(token)
            }
        }
    }

    /// Signing in is locked after too many attempts (Front Office API, "Authentication"): a token that is refused
    /// before its time is replaced once and not again.
    fn permit(&self) -> Result<(), ConnectorError> {
        let mut signed_in = self.signed_in();
        let refused = signed_in.once && signed_in.renewal.is_none_or(|from| Instant::now() < from);
        if refused && std::mem::replace(&mut signed_in.again, true) {
            let doing = format!("signing in to B2CORE `{}`", self.name);
            let why = "a token was refused before its time for the second time in this run";
            return Err(ConnectorError::new(FailureClass::Denied, doing, why)
                .with_hint("does somebody else sign in with this account? rollcall needs one of its own"));
        }
        Ok(())
    }

    fn signed_in(&self) -> std::sync::MutexGuard<'_, SignedIn> {
        // A flag and a time are never left half-changed.
        self.signed_in.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
