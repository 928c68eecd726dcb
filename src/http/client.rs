use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::RequestBuilder;
use secrecy::SecretString;
use tokio::sync::Semaphore;

use super::answer::Answer;
use super::hidden::Hidden;
use super::pace::Pace;
use super::patience::{PATIENCE, Patience};
use super::retry::{Attempt, attempt};
use crate::connector::{BuildError, Calls, FailureClass, Network, SendError, Tls};
use crate::principal::neutral;

/// Connections that take longer are given up: a packet filter that drops silently must not hang a run.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Of one request where neither the configuration nor the connector says otherwise.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);

/// Whether a request may be sent again when its fate is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It changes nothing: sent again after 429, 5xx and lost connections.
    Safe,
    /// It writes: sent again only where it surely was not taken (429, no connection).
    Never,
}

/// An HTTP client for one target.
pub struct Client {
    inner: reqwest::Client,
    pace: Pace,
    /// Of one request, in all.
    patience: Duration,
    slots: Semaphore,
    sent: AtomicU64,
    throttled: AtomicU64,
    hidden: Hidden,
}

impl Client {
    /// A client with the certificates, proxy and limits of `network`; `timeout` is the connector's own where the
    /// configuration sets none.
    ///
    /// # Errors
    /// When a certificate file cannot be read or the proxy is no address.
    pub fn new(network: &Network, timeout: Option<Duration>) -> Result<Self, BuildError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that makes a client")]
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(network.timeout.or(timeout).unwrap_or(REQUEST_TIMEOUT));
        builder = certificates(builder, &network.tls)?;
        if let Some(address) = &network.proxy {
            let proxy = reqwest::Proxy::all(address);
            builder = builder.proxy(proxy.map_err(|error| BuildError::new("proxy", error.to_string()))?);
        }
        let inner = builder.build().map_err(|error| {
            BuildError::new("tls", format!("cannot make an HTTP client: {}", chain(&error)))
                .with_hint("install the system's CA certificates (Debian: ca-certificates), or set `tls.ca`")
        })?;
        let slots = Semaphore::new(network.concurrency.unwrap_or(Semaphore::MAX_PERMITS).max(1));
        Ok(Self {
            inner,
            pace: Pace::new(network.rate),
            patience: network.patience.unwrap_or(PATIENCE),
            slots,
            sent: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
            hidden: Hidden::default(),
        })
    }

    /// The requests that were sent so far.
    #[must_use]
    pub fn calls(&self) -> Calls {
        Calls { sent: self.sent.load(Ordering::Relaxed), throttled: self.throttled.load(Ordering::Relaxed) }
    }

    /// Masks a secret in everything that is told of the answers to come: for one that travels in the address.
    pub fn hide(&self, secret: &SecretString) {
        self.hidden.add(secret);
    }

    /// Sends the request that `make` builds, again where `repeat` and the answer allow it. Any status is an answer
    /// but 429 and, where it may be repeated, 500, 502, 503 and 504.
    ///
    /// # Errors
    /// When there is no answer, or it cannot be read to its end.
    pub async fn send(
        &self,
        doing: &str,
        repeat: Repeat,
        make: impl Fn(&reqwest::Client) -> RequestBuilder,
    ) -> Result<Answer, SendError> {
        let mut patience = Patience::new(self.patience);
        let mut pauses = pauses().build();
        loop {
            let attempt = match self.once(doing, repeat, &make, &mut patience).await {
                Ok(answer) => return Ok(answer),
                Err(attempt) => attempt,
            };
            let Some(pause) = pauses.next().filter(|_| attempt.is_worth_another()) else {
                return Err(attempt.into_error());
            };
            let pause = attempt.pause().unwrap_or(pause);
            if !patience.spend(pause) {
                return Err(attempt.given_up(pause, patience.whole()).into_error());
            }
            tell(&attempt, pause);
            tokio::time::sleep(pause).await;
        }
    }

    async fn once(
        &self,
        doing: &str,
        repeat: Repeat,
        make: &impl Fn(&reqwest::Client) -> RequestBuilder,
        patience: &mut Patience,
    ) -> Result<Answer, Attempt> {
        let _slot = self.slots.acquire().await;
        if let Err(pause) = self.pace.ready(patience).await {
            return Err(Attempt::unsent(doing).given_up(pause, patience.whole()));
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let answer = attempt(make(&self.inner), doing, repeat, &self.hidden).await;
        if let Err(refused) = &answer
            && refused.class() == FailureClass::Throttled
        {
            self.throttled.fetch_add(1, Ordering::Relaxed);
            self.pace.slow_down(refused.pause());
        }
        answer
    }
}

/// Says that a request waits, how long, and until when by the clock of the target.
fn tell(attempt: &Attempt, pause: Duration) {
    // What was being done may name a person: that is for the debug log.
    tracing::debug!(error = %neutral(&attempt.to_string()), "Why a request is tried again");
    match (attempt.pause(), attempt.until()) {
        (Some(_), Some(until)) => {
            tracing::warn!(class = ?attempt.class(), ?pause, %until, "The target asks for patience: a request waits");
        }
        (Some(_), None) => {
            tracing::warn!(class = ?attempt.class(), ?pause, "The target asks for patience: a request waits");
        }
        (None, _) => tracing::warn!(class = ?attempt.class(), ?pause, "A request is tried again"),
    }
}

/// The pauses before what failed for the moment is tried again: four times, from 0.3 s on, twice as long each time.
#[must_use]
pub fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(300))
        .with_max_delay(Duration::from_secs(30))
        .with_max_times(4)
        .with_jitter()
}

fn certificates(mut builder: reqwest::ClientBuilder, tls: &Tls) -> Result<reqwest::ClientBuilder, BuildError> {
    let read = |key: &str, path: &std::path::Path| {
        std::fs::read(path).map_err(|error| BuildError::new(key, format!("cannot read {}: {error}", path.display())))
    };
    if let Some(path) = &tls.ca {
        let found = reqwest::Certificate::from_pem_bundle(&read("tls.ca", path)?);
        let found =
            found.map_err(|error| BuildError::new("tls.ca", format!("{}: {}", path.display(), chain(&error))))?;
        if found.is_empty() {
            let hint = "it must hold PEM blocks that begin with -----BEGIN CERTIFICATE-----";
            return Err(BuildError::new("tls.ca", format!("{} holds no certificate", path.display())).with_hint(hint));
        }
        builder = builder.tls_certs_merge(found);
    }
    if let (Some(certificate), Some(key)) = (&tls.client_cert, &tls.client_key) {
        let mut pem = read("tls.clientCert", certificate)?;
        pem.push(b'\n');
        pem.extend(read("tls.clientKey", key)?);
        let identity = reqwest::Identity::from_pem(&pem);
        builder = builder.identity(identity.map_err(|error| BuildError::new("tls.clientCert", chain(&error)))?);
    }
    Ok(builder)
}

/// An error with everything behind it: reqwest alone says only that sending failed.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        let words = inner.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = inner.source();
    }
    text
}
