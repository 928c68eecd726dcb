use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::connector::{BuildContext, BuildError, ConnectorError, FailureClass, Secret, SecretFile, SecretPlace};
use crate::http::{Answer, Client, Repeat, hook_address};

/// Parts of an address of at least so many characters may be a token.
const TOKEN: usize = 12;

/// The address of somebody who takes posts. Whoever knows it may post too: only its host is ever shown.
pub(super) struct Hook {
    url: Secret,
    client: Client,
    /// `https://chat.example.org`, or where the address is kept.
    place: String,
}

/// How an address is written.
pub(super) const EXAMPLE: &str = "https://chat.example.org/hook";

impl Hook {
    /// # Errors
    /// When the address is missing or no address, or a certificate cannot be used.
    pub(super) fn new(url: Option<&SecretFile>, context: &BuildContext) -> Result<Self, Vec<BuildError>> {
        let url = url.map(|url| url.secret(&context.folder));
        let Some(url) = url else {
            let problem = BuildError::new("url", "`url` is missing");
            return Err(vec![problem.with_hint(format!("write it like `{EXAMPLE}`"))]);
        };
        let mut problems = Vec::new();
        let place = match url.place() {
            SecretPlace::Inline(text) => match hook_address(text.expose_secret(), EXAMPLE) {
                Ok(url) => origin(&url),
                Err(problem) => {
                    problems.push(problem);
                    String::new()
                }
            },
            _ => format!("the address in {}", url.describe()),
        };
        match Client::new(&context.network, Some(super::send::ATTEMPT)) {
            Ok(client) if problems.is_empty() => Ok(Self { url, client, place }),
            Ok(_) => Err(problems),
            Err(problem) => {
                problems.push(problem);
                Err(problems)
            }
        }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Posts what `make` adds to the request: JSON. Sent again after 429, 5xx and a lost connection too: a notice that
    /// comes twice does less harm than one that never comes.
    pub(super) async fn post(
        &self,
        doing: &str,
        make: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<(), ConnectorError> {
        let url = self.address(doing)?;
        let send = |client: &reqwest::Client| {
            make(client.post(url.clone()).header(reqwest::header::CONTENT_TYPE, "application/json"))
        };
        let answer = self.client.send(doing, Repeat::Safe, send).await.map_err(|error| told(error.into_error()))?;
        if answer.is_success() { Ok(()) } else { Err(told(refusal(&answer, doing))) }
    }

    /// Connects to the host, and posts nothing: `HEAD /`, whatever it answers. The hook itself is not asked.
    pub(super) async fn reach(&self, doing: &str) -> Result<String, ConnectorError> {
        let mut url = self.address(doing)?;
        let place = origin(&url);
        url.set_path("/");
        url.set_query(None);
        let answer = self.client.send(doing, Repeat::Never, |client| client.head(url.clone())).await;
        answer.map_err(|error| told(error.into_error()))?;
        Ok(place)
    }

    fn address(&self, doing: &str) -> Result<Url, ConnectorError> {
        let wrong = |why: String| ConnectorError::new(FailureClass::Rejected, doing, why);
        let text = self.url.read().map_err(|error| wrong(error.to_string()))?;
        let url = hook_address(text.expose_secret(), EXAMPLE).map_err(|problem| {
            let error = wrong(format!("{}: {}", self.url.describe(), problem.why));
            ConnectorError { hint: problem.hint, ..error }
        })?;
        self.hide(&text, &url);
        Ok(url)
    }

    /// Takes the address, and whatever in it may be a token, out of what the other side says.
    fn hide(&self, text: &SecretString, url: &Url) {
        self.client.hide(text);
        let tail = url.as_str().strip_prefix(origin(url).as_str()).unwrap_or_default();
        let values = url.query_pairs().map(|(_, value)| value.into_owned());
        let segments = url.path_segments().into_iter().flatten().map(str::to_owned);
        let parts = segments.chain(values).filter(|part| part.chars().count() >= TOKEN);
        let whole = (tail.len() > 1).then(|| tail.to_owned());
        parts.chain(whole).for_each(|part| self.client.hide(&part.into()));
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn refusal(answer: &Answer, doing: &str) -> ConnectorError {
    let error = answer.refusal(doing);
    match answer.status {
        401 | 403 => error.with_hint("check `url`, and `secret` where the receiver checks signatures"),
        404 | 410 => error.with_hint("the hook is gone: make a new one there, and set `url` to it"),
        _ => error,
    }
}

/// Hints of `http` are about products; a hook has other keys.
fn told(error: ConnectorError) -> ConnectorError {
    match error.class {
        FailureClass::Throttled => error.with_hint("it takes fewer notices than there are; the next one is sent again"),
        _ => error,
    }
}
