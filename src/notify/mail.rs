use std::time::SystemTime;

use lettre::Address;
use lettre::message::Mailbox;
use schemars::JsonSchema;
use serde::Deserialize;

use super::place::Place;
use super::smtp::Server;
use super::{Event, Notice, Sink, letter};
use crate::connector::{BuildContext, BuildError, ConnectorError, FailureClass, Finding, SecretFile, TextList};

/// Mail by SMTP.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MailConfig {
    /// The server that takes mail: `smtp://mail.example.org` (port 587, with STARTTLS) or `smtps://mail.example.org`
    /// (port 465, TLS from the beginning).
    pub url: Option<String>,
    /// Whether `smtp://` must turn to TLS before anything else is said: `required` (default, but on this machine) or
    /// `off`.
    pub start_tls: Option<StartTls>,
    /// Who signs in; needs `password`. Without it: nobody.
    pub username: Option<String>,
    /// The password of `username`.
    pub password: Option<SecretFile>,
    /// Who writes: `rollcall@example.org` or `Rollcall <rollcall@example.org>`.
    pub from: Option<String>,
    /// Who is written to: an address, or a list of them.
    pub to: TextList,
}

/// Whether TLS must come about before anything else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StartTls {
    Required,
    /// In the clear: on this machine only.
    Off,
}

/// A mail server, ready to be told.
pub struct Mail {
    server: Server,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl MailConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "mail:\n  url: smtp://mail.example.org\n  username: rollcall\n  password: { file: smtp-password }\n  from: Rollcall <rollcall@example.org>\n  to: [ops@example.org]\n";

    /// # Errors
    /// Every value that mail cannot be sent with.
    pub fn build(&self, context: &BuildContext) -> Result<Sink, Vec<BuildError>> {
        let mut problems = Vec::new();
        let place = Place::parse(self.url.as_deref(), self.start_tls).map_err(|problem| problems.push(problem)).ok();
        let from = self.from.as_deref().map(|from| mailbox("from", from));
        let from = from.unwrap_or_else(|| missing("from")).map_err(|problem| problems.push(problem)).ok();
        let to: Vec<_> = self
            .to
            .0
            .iter()
            .filter_map(|to| mailbox("to", to).map_err(|problem| problems.push(problem)).ok())
            .collect();
        if self.to.0.is_empty() {
            problems.extend(missing("to").err());
        }
        let login = match (&self.username, &self.password) {
            (Some(name), Some(password)) if !name.is_empty() => Some((name.clone(), password.secret(&context.folder))),
            (None, None) => None,
            (None, Some(_)) => {
                problems.push(BuildError::new("username", "`password` needs `username`"));
                None
            }
            (Some(_), None) => {
                problems.push(BuildError::new("password", "`username` needs `password`"));
                None
            }
            (Some(_), Some(_)) => {
                problems.push(BuildError::new("username", "`username` is empty"));
                None
            }
        };
        let server = place.map(|place| Server::new(place, login, &context.network));
        match (server, from) {
            (Some(Ok(server)), Some(from)) if problems.is_empty() => Ok(Sink::Mail(Mail { server, from, to })),
            (Some(Err(problem)), _) => Err(problems.into_iter().chain([problem]).collect()),
            _ => Err(problems),
        }
    }
}

impl Mail {
    pub(super) fn place(&self) -> &str {
        self.server.place()
    }

    /// Sends the notice to everybody at once; where the server refuses one of them, to each alone: one address that is
    /// gone does not silence the others.
    pub(super) async fn tell(&self, doing: &str, event: &Event, notice: &Notice) -> Result<(), ConnectorError> {
        let wrong = |why: String| ConnectorError::new(FailureClass::Rejected, doing, why);
        let letter = letter::letter(event, notice, &self.from, &self.to).map_err(wrong)?;
        let all: Vec<Address> = self.to.iter().map(|to| to.email.clone()).collect();
        match self.server.send(doing, &self.from.email, &all, &letter).await {
            Err(error) if error.class == FailureClass::Rejected && all.len() > 1 => {}
            sent => return sent,
        }
        let mut refused = Vec::new();
        for to in &all {
            if let Err(error) = self.server.send(doing, &self.from.email, std::slice::from_ref(to), &letter).await {
                refused.push(format!("{to}: {}", error.why));
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        let why = format!("{} of {} addresses did not get it: {}", refused.len(), all.len(), refused.join("; "));
        Err(wrong(why).with_hint("check `to`; the others have it"))
    }

    pub(super) async fn check(&self, doing: &str) -> Result<Vec<Finding>, ConnectorError> {
        let findings = self.server.check(doing).await?;
        let to = if self.to.len() == 1 { "1 address".into() } else { format!("{} addresses", self.to.len()) };
        let last = Finding::Good(format!("mail goes to {to}; none was sent"));
        Ok(findings.into_iter().chain([last]).collect())
    }
}

fn mailbox(key: &str, text: &str) -> Result<Mailbox, BuildError> {
    text.parse().map_err(|_| {
        let shown = crate::principal::shown(text, 100);
        let problem = BuildError::new(key, format!("`{shown}` is no address of mail"));
        problem.with_hint("write `name@example.org` or `Name <name@example.org>`")
    })
}

fn missing(key: &str) -> Result<Mailbox, BuildError> {
    let problem = BuildError::new(key, format!("`{key}` is missing"));
    Err(problem.with_hint(format!("write `{key}: name@example.org`")))
}

/// The time of an event for a header; before 1970 there is none.
pub(super) fn date(time: chrono::DateTime<chrono::Utc>) -> SystemTime {
    time.max(chrono::DateTime::UNIX_EPOCH).into()
}
