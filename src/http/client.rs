use std::num::NonZeroU32;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::RequestBuilder;
use tokio::sync::Semaphore;

use super::answer::Answer;
use super::retry::{Attempt, attempt};
use crate::connector::{BuildError, ConnectorError, Network, Tls};

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

/// Why a request has no usable answer.
#[derive(Debug)]
pub enum SendError {
    /// It was not done.
    Failed(ConnectorError),
    /// It was sent, and whether it was done is unknown: ask the target.
    Unknown(ConnectorError),
}

impl SendError {
    /// The error where the difference does not matter, as for a read.
    #[must_use]
    pub fn into_error(self) -> ConnectorError {
        match self {
            Self::Failed(error) | Self::Unknown(error) => error,
        }
    }
}

/// An HTTP client for one target.
pub struct Client {
    inner: reqwest::Client,
    rate: Option<DefaultDirectRateLimiter>,
    slots: Semaphore,
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
        let rate = network.rate.and_then(NonZeroU32::new).map(|rate| RateLimiter::direct(Quota::per_second(rate)));
        let slots = Semaphore::new(network.concurrency.unwrap_or(Semaphore::MAX_PERMITS).max(1));
        Ok(Self { inner, rate, slots })
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
        let once = || async {
            let _slot = self.slots.acquire().await;
            if let Some(rate) = &self.rate {
                rate.until_ready().await;
            }
            attempt(make(&self.inner), doing, repeat).await
        };
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(300))
            .with_max_delay(Duration::from_secs(30))
            .with_max_times(4)
            .with_jitter();
        let answer = once
            .retry(pauses)
            .when(Attempt::is_worth_another)
            .adjust(|attempt, pause| pause.map(|pause| attempt.pause().unwrap_or(pause)))
            .notify(|attempt, pause| tracing::warn!(error = %attempt, ?pause, "A request is tried again"))
            .await;
        answer.map_err(Attempt::into_error)
    }
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
