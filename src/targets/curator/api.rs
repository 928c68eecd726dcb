use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::config::{CuratorConfig, RequestStyle, SectionCase};
use super::key::Key;
use super::wire::{Verdict, verdict};
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, Secret, SendError};
use crate::http::{Answer, Client, Repeat};
use crate::principal::shown;

/// Requests a second where the configuration sets no `rate`: the vendor names no limit, and a portal is no API server.
pub(super) const RATE: u32 = 5;

/// A list of a large portal is put together by PHP, which takes its time.
const LONGEST_CALL: Duration = Duration::from_mins(5);

const DENIED: &str =
    "check `apiKey`, and that the key is not restricted (Settings > Curator > API Keys > Restrict Access)";

/// The calls of `{portal}/api/v1/{Section}/{endpoint}?apikey=KEY` (vendor: "Curator API Overview").
pub(super) struct Api {
    name: String,
    base: String,
    client: Client,
    key: Key,
    reads: Method,
    sections: SectionCase,
}

/// A call: section and endpoint, parameters, and the JSON body of a write.
struct Call<'a> {
    url: String,
    method: Method,
    parameters: &'a [(&'a str, &'a str)],
    body: Option<Vec<u8>>,
    repeat: Repeat,
}

impl Api {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        key: Secret,
        config: &CuratorConfig,
    ) -> Result<Self, BuildError> {
        let mut network = context.network.clone();
        network.rate = network.rate.or(Some(RATE));
        network.concurrency = network.concurrency.or(Some(1));
        Ok(Self {
            name: context.name.clone(),
            base: url.to_owned(),
            client: Client::new(&network, Some(LONGEST_CALL))?,
            key: Key::new(key),
            reads: if config.request_style == RequestStyle::Get { Method::GET } else { Method::POST },
            sections: config.section_case,
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

    /// Asks, and changes nothing; `read` makes of the answer what is wanted, or says why it cannot.
    ///
    /// # Errors
    /// When the answer is none, is or says a failure, or cannot be read.
    pub(super) async fn ask<T>(
        &self,
        doing: &str,
        section: &str,
        endpoint: &str,
        read: impl Fn(Value) -> Result<T, String>,
    ) -> Result<T, ConnectorError> {
        let call = Call {
            url: self.url(section, endpoint),
            method: self.reads.clone(),
            parameters: &[],
            body: None,
            repeat: Repeat::Safe,
        };
        let answer = self.send(doing, &call).await.map_err(SendError::into_error)?;
        if !answer.is_success() {
            return Err(refusal(&answer, doing));
        }
        let value: Value = answer.json(doing)?;
        if let Verdict::Refused(_) = verdict(&value) {
            return Err(refused(doing, &words(&answer)));
        }
        // What cannot be read is told from the masked answer: a list itself is never altered.
        read(value).map_err(|plain| {
            let masked = serde_json::from_str(&answer.masked(&String::from_utf8_lossy(&answer.body)));
            let why = masked.ok().and_then(|value| read(value).err());
            let why = why.unwrap_or_else(|| answer.masked(&plain));
            ConnectorError::new(FailureClass::Unexpected, doing, why)
                .with_hint("a portal may show its lists otherwise than was assumed: please report what it shows")
        })
    }

    /// Writes: a POST with its parameters in the query, and a JSON body where there is one (vendor: User API,
    /// createFrontendGroup).
    ///
    /// # Errors
    /// [`SendError::Failed`] when it says clearly that it was not done; else [`SendError::Unknown`].
    pub(super) async fn tell(
        &self,
        doing: &str,
        endpoint: &str,
        parameters: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Value, SendError> {
        let url = self.url("User", endpoint);
        let call = Call { url, method: Method::POST, parameters, body, repeat: Repeat::Never };
        let answer = self.send(doing, &call).await?;
        let value = understood(&answer, doing)?;
        match verdict(&value) {
            Verdict::Success => Ok(value),
            Verdict::Refused(_) => Err(doubted(refused(doing, &words(&answer)))),
            Verdict::Odd(_) => Err(SendError::Unknown(unclear(doing, &words(&answer)))),
            Verdict::Silent => Err(SendError::Unknown(unclear(doing, "no `result`"))),
        }
    }

    fn url(&self, section: &str, endpoint: &str) -> String {
        let section = match self.sections {
            SectionCase::Capital => section.to_owned(),
            SectionCase::Lower => section.to_ascii_lowercase(),
        };
        format!("{}/api/v1/{section}/{endpoint}", self.base)
    }

    /// Sends with the key. One that is refused is read once more, and then no longer shown.
    async fn send(&self, doing: &str, call: &Call<'_>) -> Result<Answer, SendError> {
        let mut key = self.key.get(doing).await?;
        loop {
            self.client.hide(&key);
            let answer = self.client.send(doing, call.repeat, |client| request(client, call, &key)).await?;
            let Some(refusal) = key_refused(&answer, doing) else { return Ok(answer) };
            key = self.key.replace(&key, &refusal).await.ok_or(refusal)?;
        }
    }
}

fn request(client: &reqwest::Client, call: &Call<'_>, key: &SecretString) -> RequestBuilder {
    let request = client
        .request(call.method.clone(), &call.url)
        .query(&[("apikey", key.expose_secret())])
        .query(call.parameters)
        .header("Accept", "application/json");
    match &call.body {
        Some(body) => request.header("Content-Type", "application/json").body(body.clone()),
        // A POST without a length is refused by some servers between.
        None if call.method == Method::POST => request.header("Content-Length", "0"),
        None => request,
    }
}

/// What the portal says to a key that is wrong, or to an address that is suspended: asking again would make it worse.
fn key_refused(answer: &Answer, doing: &str) -> Option<ConnectorError> {
    if answer.status == 401 {
        return Some(refusal(answer, doing));
    }
    // Only a short answer is a failure.
    if answer.body.len() > 10_000 {
        return None;
    }
    let Verdict::Refused(_) = verdict(&serde_json::from_slice(&answer.body).ok()?) else { return None };
    let why = words(answer);
    let text = why.to_lowercase();
    let about_key = text.contains("api key") || text.contains("apikey");
    let wrong = ["invalid", "not valid", "wrong", "unknown", "expired", "revoked", "missing"];
    let suspended = text.contains("suspended") || text.contains("too many failed");
    (suspended || about_key && wrong.iter().any(|word| text.contains(word))).then(|| {
        let why = format!("the portal refuses the key: {}", shown(&why, 300));
        ConnectorError::new(FailureClass::Denied, doing, why).with_hint(DENIED)
    })
}

/// What the answer says of itself, without the key: failures like to repeat the address.
fn words(answer: &Answer) -> String {
    let body = answer.masked(&String::from_utf8_lossy(&answer.body));
    match serde_json::from_str(&body).map(|value| verdict(&value)) {
        Ok(Verdict::Refused(why) | Verdict::Odd(why)) => why,
        _ => "nothing that can be read".to_owned(),
    }
}

/// The JSON of a write that was taken.
fn understood(answer: &Answer, doing: &str) -> Result<Value, SendError> {
    match answer.status {
        200..=299 => answer.json(doing).map_err(SendError::Unknown),
        // Something failed on the way: before or after it was done, nobody says.
        500..=599 => Err(SendError::Unknown(refusal(answer, doing))),
        300..=399 if !leads_to_sign_in(answer) => Err(SendError::Unknown(refusal(answer, doing))),
        _ => Err(doubted(refusal(answer, doing))),
    }
}

/// "It is so already" may be true: only a reading tells.
fn doubted(error: ConnectorError) -> SendError {
    if error.class == FailureClass::Conflict { SendError::Unknown(error) } else { SendError::Failed(error) }
}

fn unclear(doing: &str, said: &str) -> ConnectorError {
    let why = format!("the answer does not say that it was done: {}", shown(said, 300));
    ConnectorError::new(FailureClass::Unexpected, doing, why)
}

/// What a status that is no success means, with the portal's own words where it gives some.
fn refusal(answer: &Answer, doing: &str) -> ConnectorError {
    let mut error = answer.refusal(doing);
    if leads_to_sign_in(answer) {
        // Some answer so to whatever they refuse: that it is the key is not said.
        error.class = FailureClass::Forbidden;
        error.why = format!("the answer is {}, a redirect to the sign-in page", answer.status);
    } else if let Ok(body) = serde_json::from_slice(&answer.body)
        && let Verdict::Refused(_) = verdict(&body)
    {
        let why = words(answer);
        error.class = if error.class == FailureClass::Rejected { class(&why) } else { error.class };
        error.why = format!("the answer is {}: {}", answer.status, shown(&why, 300));
    }
    if matches!(error.class, FailureClass::Denied | FailureClass::Forbidden) {
        error.hint = Some(DENIED.to_owned());
    }
    error
}

fn leads_to_sign_in(answer: &Answer) -> bool {
    let place = answer.location().unwrap_or_default().split('?').next().unwrap_or_default().to_ascii_lowercase();
    ["login", "signin", "sign-in", "auth"].iter().any(|word| place.contains(word))
}

/// A failure that came as a success.
fn refused(doing: &str, why: &str) -> ConnectorError {
    let error = ConnectorError::new(class(why), doing, format!("the portal says: {}", shown(why, 300)));
    match error.class {
        FailureClass::Denied | FailureClass::Forbidden => error.with_hint(DENIED),
        FailureClass::Missing => error.with_hint(
            "a person appears in Curator at the first sign-in; else check `userRef`, `groupRef` and `matching`",
        ),
        FailureClass::Rejected => error.with_hint("check `userParam` and `groupParam` on the page API Keys"),
        _ => error,
    }
}

/// What a failure's words mean. No vendor page prints any: these are guesses, and only ever make a failure clearer.
fn class(why: &str) -> FailureClass {
    let text = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["suspended", "unauthenticated"]) {
        FailureClass::Denied
    } else if says(&["api key", "apikey", "access", "permission", "unauthori", "forbidden"]) {
        // A key that is wrong was found out before: this one is good, and may not do this.
        FailureClass::Forbidden
    } else if says(&["already", "not a member", "not in the group", "not in this group", "isn't a member"]) {
        FailureClass::Conflict
    } else if says(&["not found", "does not exist", "doesn't exist", "no such", "unknown"]) {
        FailureClass::Missing
    } else {
        FailureClass::Rejected
    }
}
