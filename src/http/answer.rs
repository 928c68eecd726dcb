use std::fmt::Write;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LOCATION, SET_COOKIE};
use serde::de::DeserializeOwned;

use super::hidden::Hidden;
use crate::connector::{ConnectorError, FailureClass};
use crate::principal::shown;

/// Characters of an answer that are shown.
const EXCERPT: usize = 300;

/// Bytes of an answer that are looked through for what is shown: masked secrets take less room.
const LOOKED_AT: usize = 64 * 1024;

/// Headers in which servers name a request.
const REQUEST_IDS: [&str; 4] = ["x-request-id", "x-amzn-requestid", "request-id", "x-correlation-id"];

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    content_type: String,
    location: Option<String>,
    etag: Option<String>,
    request_id: Option<String>,
    /// `name=value` of each cookie set.
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
    hidden: Hidden,
}

impl Answer {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: Vec<u8>, hidden: Hidden) -> Self {
        let text = |name| headers_text(headers, &name);
        let cookies = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookies =
            cookies.filter_map(|cookie| cookie.split(';').next()).map(|pair| pair.trim().to_owned()).collect();
        let content_type = text(CONTENT_TYPE).unwrap_or_default();
        let location = text(LOCATION).map(|place| hidden.mask(&place));
        let request_id = REQUEST_IDS.iter().find_map(|name| headers.get(*name)?.to_str().ok());
        let request_id = request_id.map(|id| hidden.mask(id));
        Self { status, content_type, location, etag: headers_text(headers, &ETAG), request_id, cookies, body, hidden }
    }

    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Where a redirect leads, without secrets.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// The entity tag (RFC 9110, 8.8.3).
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// What the server calls the request: its own people can look it up.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Words of the answer without the secrets of the client.
    #[must_use]
    pub fn masked(&self, words: &str) -> String {
        self.hidden.mask(words)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When the status is no success, or the body is not the JSON that was expected; an HTML page is named as one.
    pub fn json<T: DeserializeOwned>(&self, doing: &str) -> Result<T, ConnectorError> {
        serde_json::from_str(self.text(doing)?).map_err(|error| {
            let why = format!("the answer is not the JSON that was expected: {error}: {}", self.excerpt());
            ConnectorError::new(FailureClass::Unexpected, doing, why)
        })
    }

    /// The body of a success, as text that is not a page for people.
    ///
    /// # Errors
    /// When the status is no success, or the body is HTML or not UTF-8.
    pub fn text(&self, doing: &str) -> Result<&str, ConnectorError> {
        if !self.is_success() {
            return Err(self.refusal(doing));
        }
        if self.is_page() {
            let why = "the answer is an HTML page, not JSON";
            let hint =
                "a sign-in page or a proxy stands between: check `url`, and that the address is the product's own";
            return Err(ConnectorError::new(FailureClass::Unexpected, doing, why).with_hint(hint));
        }
        std::str::from_utf8(&self.body)
            .map_err(|_| ConnectorError::new(FailureClass::Unexpected, doing, "the answer is not UTF-8 text"))
    }

    /// What a status that is no success means.
    #[must_use]
    pub fn refusal(&self, doing: &str) -> ConnectorError {
        let class = match self.status {
            401 => FailureClass::Denied,
            403 => FailureClass::Forbidden,
            404 | 410 => FailureClass::Missing,
            409 | 412 => FailureClass::Conflict,
            429 => FailureClass::Throttled,
            400 | 405 | 406 | 411 | 413 | 415 | 422 => FailureClass::Rejected,
            500..=599 => FailureClass::Unreachable,
            _ => FailureClass::Unexpected,
        };
        let mut why = format!("the answer is {}", self.status);
        if let Some(place) = &self.location {
            let _ = write!(why, ", a redirect to {}", shown(place, 200));
        }
        if !self.body.is_empty() {
            let _ = write!(why, ": {}", self.excerpt());
        }
        let error = ConnectorError::new(class, doing, why);
        match class {
            FailureClass::Denied => error.with_hint("check the user name, the password and the account's rights"),
            FailureClass::Forbidden => error.with_hint("check the account's rights: it may not do this"),
            FailureClass::Throttled => error.with_hint("set `rate` of the target lower"),
            _ if self.location.is_some() => {
                error.with_hint("redirects are not followed: set `url` to the final address")
            }
            _ => error,
        }
    }

    /// Whether it is for people. Some call their JSON a page.
    fn is_page(&self) -> bool {
        match self.body.trim_ascii_start().first() {
            Some(b'<') => true,
            Some(b'{' | b'[') => false,
            _ => self.content_type.starts_with("text/html"),
        }
    }

    /// The beginning of the body, made safe to show.
    fn excerpt(&self) -> String {
        if self.is_page() {
            return "an HTML page".into();
        }
        shown(&self.hidden.mask_beginning(&self.body, LOOKED_AT), EXCERPT)
    }
}

fn headers_text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(String::from)
}
