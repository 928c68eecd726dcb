//! One attempt, and whether another is worth it.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use humantime::format_duration;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};

use super::answer::Answer;
use super::client::{Repeat, chain};
use super::hidden::Hidden;
use crate::connector::{ConnectorError, FailureClass, SendError};

/// Longer pauses are all alike: nobody waits for them.
const LONGEST_PAUSE: Duration = Duration::from_hours(24 * 365);

/// An answer larger than this is no list of people.
const LARGEST_ANSWER: usize = 1 << 30;

/// A failed attempt.
pub(super) struct Attempt {
    error: ConnectorError,
    fate: Fate,
    asked: Option<Pause>,
}

/// What the product asks for.
#[derive(Clone, Copy)]
struct Pause {
    length: Duration,
    /// By its own clock, where it shows that.
    until: Option<DateTime<FixedOffset>>,
}

/// What became of the request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Not taken, or it changes nothing: may be sent again.
    Again,
    /// Sending it again would not help.
    Final,
    /// It writes, and may have been done.
    Unknown,
}

impl Attempt {
    pub(super) fn is_worth_another(&self) -> bool {
        self.fate == Fate::Again
    }

    pub(super) fn class(&self) -> FailureClass {
        self.error.class
    }

    /// How long the product asks to be left alone.
    pub(super) fn pause(&self) -> Option<Duration> {
        self.asked.map(|asked| asked.length)
    }

    pub(super) fn until(&self) -> Option<DateTime<FixedOffset>> {
        self.asked.and_then(|asked| asked.until)
    }

    /// One that was not sent, since the product has asked to be left alone.
    pub(super) fn unsent(doing: &str) -> Self {
        let error = ConnectorError::new(FailureClass::Throttled, doing, "the target takes no request for now");
        Self { error, fate: Fate::Final, asked: None }
    }

    /// It would have to wait longer than it may.
    pub(super) fn given_up(mut self, pause: Duration, patience: Duration) -> Self {
        let [pause, patience] = [pause, patience].map(|time| format_duration(Duration::from_secs(time.as_secs())));
        self.error.why = format!("{}; it asks to wait {pause}, and a request waits {patience} in all", self.error.why);
        self.error.class = FailureClass::Throttled;
        self.error.hint =
            Some("the next run goes on from here; set `rate` of the target lower, or its `patience` higher".into());
        self
    }

    pub(super) fn into_error(self) -> SendError {
        match self.fate {
            Fate::Unknown => SendError::Unknown(self.error),
            Fate::Again | Fate::Final => SendError::Failed(self.error),
        }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(out)
    }
}

/// Sends a request once and reads the answer to its end.
pub(super) async fn attempt(
    request: RequestBuilder,
    doing: &str,
    repeat: Repeat,
    hidden: &Hidden,
) -> Result<Answer, Attempt> {
    let response = request.send().await.map_err(|error| not_answered(&error, doing, repeat))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = read(response, doing, repeat).await?;
    let answer = Answer::new(status, &headers, body, hidden.clone());
    let busy = matches!(status, 500 | 502 | 503 | 504);
    if status != 429 && !busy {
        return Ok(answer);
    }
    let fate = match repeat {
        _ if status == 429 => Fate::Again,
        Repeat::Safe => Fate::Again,
        // A 500 is the product's own answer; the others may come from something between.
        Repeat::Never if status == 500 => return Ok(answer),
        Repeat::Never => Fate::Unknown,
    };
    Err(Attempt { error: answer.refusal(doing), fate, asked: asked(&headers) })
}

fn not_answered(error: &reqwest::Error, doing: &str, repeat: Repeat) -> Attempt {
    let why = chain(&Plain(error));
    let mut failure = ConnectorError::new(FailureClass::Unreachable, doing, why);
    if error.is_connect() {
        failure = failure.with_hint("check the address, the network and the certificate; is the service up?");
    } else if error.is_timeout() {
        failure = failure.with_hint("set a longer `timeout` if the product is that slow");
    }
    let certificate = failure.why.contains("certificate");
    let fate = match repeat {
        _ if error.is_builder() || certificate => Fate::Final,
        _ if error.is_connect() => Fate::Again,
        Repeat::Safe => Fate::Again,
        Repeat::Never => Fate::Unknown,
    };
    Attempt { error: failure, fate, asked: None }
}

async fn read(mut response: Response, doing: &str, repeat: Repeat) -> Result<Vec<u8>, Attempt> {
    let fate = if repeat == Repeat::Safe { Fate::Final } else { Fate::Unknown };
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => {
                let why = format!("the answer is larger than {} MiB", LARGEST_ANSWER >> 20);
                let error = ConnectorError::new(FailureClass::Unexpected, doing, why);
                return Err(Attempt { error, fate, asked: None });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => {
                let why = format!("the answer was cut short after {} bytes: {}", body.len(), chain(&error));
                let error = ConnectorError::new(FailureClass::Unexpected, doing, why);
                let error = error.with_hint("the connection broke, or something between cuts long answers");
                return Err(Attempt { error, fate, asked: None });
            }
        }
    }
}

/// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); a date is measured against the answer's own `Date`.
fn asked(headers: &HeaderMap) -> Option<Pause> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text(RETRY_AFTER)?;
    let now = text(DATE).and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    if let Ok(seconds) = asked.parse::<u64>() {
        let length = Duration::from_secs(seconds).min(LONGEST_PAUSE);
        let until = now.and_then(|now| now.checked_add_signed(chrono::TimeDelta::from_std(length).ok()?));
        return Some(Pause { length, until });
    }
    let until = DateTime::parse_from_rfc2822(asked).ok()?;
    let seconds = u64::try_from((until - now?).num_seconds()).ok()?;
    Some(Pause { length: Duration::from_secs(seconds).min(LONGEST_PAUSE), until: Some(until) })
}

/// Reqwest's own errors name the address, and some products want their key in it.
struct Plain<'a>(&'a reqwest::Error);

impl fmt::Debug for Plain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.0.is_timeout() {
            "no answer in time"
        } else if self.0.is_connect() {
            "cannot connect"
        } else {
            "the connection broke before an answer came"
        };
        out.write_str(text)
    }
}

impl std::error::Error for Plain<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.0)
    }
}
