//! Requests.

use std::fmt::Write as _;

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use serde_json::Value;

use super::bearer::Bearer;
use super::config::ContentType;
use super::manner::Manner;
use super::wire::Failure;
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat};
use crate::principal::{Kind, shown};

const BOTH: &str = "application/scim+json, application/json";

/// The requests of one service (RFC 7644, 3).
pub(super) struct Api {
    name: String,
    base: String,
    content_type: &'static str,
    client: Client,
    bearer: Bearer,
}

/// A write: one request, sent once.
pub(super) struct Write<'a> {
    pub(super) method: Method,
    /// Below the base, as [`Api::path`] makes it.
    pub(super) path: String,
    pub(super) body: Option<&'a Value>,
    /// For `If-Match`.
    pub(super) version: Option<&'a str>,
}

impl Api {
    pub(super) fn new(context: &BuildContext, url: &str, token: Secret, manner: &Manner) -> Result<Self, BuildError> {
        let mut network = context.network.clone();
        network.rate = network.rate.or(manner.rate);
        network.concurrency = network.concurrency.or(Some(manner.concurrency));
        Ok(Self {
            name: context.name.clone(),
            base: url.to_owned(),
            content_type: match manner.content_type {
                ContentType::Scim => "application/scim+json",
                ContentType::Json => "application/json",
            },
            client: Client::new(&network, None)?,
            bearer: Bearer::new(token),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn calls(&self) -> Calls {
        self.client.calls()
    }

    /// What is being done, for errors: ``creating user `ada` in SCIM service `chat` ``.
    pub(super) fn doing(&self, verb: &str, kind: Kind, name: &str) -> String {
        format!("{verb} {kind} `{}` in SCIM service `{}`", shown(name, 80), self.name)
    }

    /// The path of a resource, or of all of a kind. An id is whatever the service likes: an address, a number, a word.
    pub(super) fn path(kind: Kind, id: Option<&str>) -> String {
        let endpoint = match kind {
            Kind::User => "Users",
            Kind::Group => "Groups",
        };
        id.map_or_else(|| endpoint.to_owned(), |id| format!("{endpoint}/{}", encoded(id)))
    }

    /// `GET`; any status but 401 and what was tried in vain is an answer.
    pub(super) async fn get(
        &self,
        doing: &str,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Answer, ConnectorError> {
        let url = self.url(path, query);
        let make = |inner: &reqwest::Client| inner.get(&url).header(ACCEPT, BOTH);
        self.bearer.send(&self.client, doing, Repeat::Safe, make).await.map_err(SendError::into_error)
    }

    /// Sends a write; any status but 401 and those that leave its fate open is an answer.
    pub(super) async fn write(&self, doing: &str, write: &Write<'_>) -> Result<Answer, SendError> {
        let url = self.url(&write.path, &[]);
        let text = write.body.map(Value::to_string);
        let make = |inner: &reqwest::Client| {
            let request = inner.request(write.method.clone(), &url);
            let request = match write.version {
                Some(version) => request.header(IF_MATCH, version),
                None => request,
            };
            // A DELETE has no body, and some services refuse one that says what it would be.
            match &text {
                Some(text) => request.header(ACCEPT, BOTH).header(CONTENT_TYPE, self.content_type).body(text.clone()),
                None => request,
            }
        };
        self.bearer.send(&self.client, doing, Repeat::Never, make).await
    }

    fn url(&self, path: &str, query: &[(&str, String)]) -> String {
        let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let (mark, query) = if pairs.is_empty() { ("", String::new()) } else { ("?", pairs.join("&")) };
        format!("{}/{path}{mark}{query}", self.base)
    }
}

/// What a status that is no success means, in the service's own words where it gives some (RFC 7644, 3.12). The status
/// decides: `scimType` and `detail` are often missing.
pub(super) fn refusal(answer: &Answer, doing: &str) -> ConnectorError {
    let mut error = answer.refusal(doing);
    error.hint = error.hint.filter(|_| !matches!(error.class, FailureClass::Denied | FailureClass::Forbidden));
    let body = answer.masked(&String::from_utf8_lossy(&answer.body));
    if let Some(Failure { detail, kind }) = Failure::read(&body) {
        let kind = kind.map(|kind| format!(" ({})", shown(&kind, 40))).unwrap_or_default();
        error.why = format!("the answer is {}{kind}: {}", answer.status, shown(&detail, 300));
    }
    if let Some(request) = answer.request_id() {
        let _ = write!(error.why, " [request {}]", shown(request, 80));
    }
    match answer.status {
        403 => error.with_hint("the token may not do this: check its scopes"),
        405 | 501 => {
            error.class = FailureClass::Rejected;
            error
        }
        _ => error,
    }
}

/// Everything but unreserved characters as `%XX` (RFC 3986, 2.3): a space is `%20`, and `+` is not a space.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Api, encoded};
    use crate::principal::Kind;

    #[test]
    fn an_id_that_is_an_address_is_one_segment_of_the_path() {
        assert_eq!(Api::path(Kind::User, Some("o+n@x.test/1")), "Users/o%2Bn%40x.test%2F1");
        assert_eq!(encoded("userName eq \"a b\""), "userName%20eq%20%22a%20b%22");
    }
}
