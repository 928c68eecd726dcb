use std::fmt;

use super::chat::Chat;
use super::mail::Mail;
use super::send::Clock;
use super::webhook::Webhook;
use super::{Event, Notice};
use crate::connector::{ConnectorError, Finding};

/// Somebody who is told, ready to be.
pub enum Sink {
    Webhook(Webhook),
    Chat(Box<Chat>),
    Mail(Mail),
}

impl Sink {
    /// Where it is, without secrets: `https://chat.example.org`, `mail.example.org:587`.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Webhook(webhook) => webhook.place(),
            Self::Chat(chat) => chat.place(),
            Self::Mail(mail) => mail.place(),
        }
    }

    /// Tells it of an event.
    ///
    /// # Errors
    /// When it does not take it, also not when tried again.
    pub(super) async fn tell(&self, event: &Event, notice: &Notice, clock: Clock<'_>) -> Result<(), ConnectorError> {
        let doing = format!("sending a notice to {}", self.place());
        match self {
            Self::Webhook(webhook) => webhook.tell(&doing, event, notice, clock).await,
            Self::Chat(chat) => chat.tell(&doing, event, notice).await,
            Self::Mail(mail) => mail.tell(&doing, event, notice).await,
        }
    }

    /// Connects, signs in where there is somebody to sign in as, and sends nothing.
    ///
    /// # Errors
    /// When it cannot be reached, or its secrets cannot be used.
    pub async fn check(&self) -> Result<Vec<Finding>, ConnectorError> {
        let doing = format!("connecting to {}", self.place());
        match self {
            Self::Webhook(webhook) => webhook.check(&doing).await,
            Self::Chat(chat) => chat.check(&doing).await,
            Self::Mail(mail) => mail.check(&doing).await,
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sink({})", self.place())
    }
}
