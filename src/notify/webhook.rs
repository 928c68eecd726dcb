use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::document::document;
use super::hook::Hook;
use super::send::Clock;
use super::{Event, Notice, Sink};
use crate::connector::{
    BuildContext, BuildError, ConnectorError, FailureClass, Finding, Secret, SecretFile, SecretPlace,
};
use crate::http::SigningKey;

/// What is said of a secret that is none.
const SECRET: &str = "`secret` is no signing secret";
const SECRET_HINT: &str = "it is `whsec_` and the base64 of 24 to 64 bytes; `openssl rand -base64 32` makes some";

/// Somebody who takes events as JSON.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WebhookConfig {
    /// Where events are posted to: an address, or where it is kept.
    pub url: Option<SecretFile>,
    /// Events are signed with it, as Standard Webhooks 1.0 says: `whsec_` and base64. Without it they are not signed.
    pub secret: Option<SecretFile>,
}

/// A webhook, ready to be told.
pub struct Webhook {
    hook: Hook,
    secret: Option<Secret>,
}

impl WebhookConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str =
        "webhook:\n  url: https://alerts.example.org/rollcall\n  secret: { env: HOOK_SECRET }\n";

    /// # Errors
    /// When the address is missing or none, the secret that stands here is none, or a certificate cannot be used.
    pub fn build(&self, context: &BuildContext) -> Result<Sink, Vec<BuildError>> {
        let secret = self.secret.as_ref().map(|secret| secret.secret(&context.folder));
        let mut problems = Vec::new();
        if let Some(SecretPlace::Inline(text)) = secret.as_ref().map(Secret::place)
            && SigningKey::parse(text.expose_secret()).is_none()
        {
            problems.push(BuildError::new("secret", SECRET).with_hint(SECRET_HINT));
        }
        match Hook::new(self.url.as_ref(), context) {
            Ok(hook) if problems.is_empty() => Ok(Sink::Webhook(Webhook { hook, secret })),
            Ok(_) => Err(problems),
            Err(more) => Err(more.into_iter().chain(problems).collect()),
        }
    }
}

impl Webhook {
    pub(super) fn place(&self) -> &str {
        self.hook.place()
    }

    /// Posts the event; every attempt is signed anew, with its own time and the same id.
    pub(super) async fn tell(
        &self,
        doing: &str,
        event: &Event,
        notice: &Notice,
        clock: Clock<'_>,
    ) -> Result<(), ConnectorError> {
        let key = self.key(doing)?;
        let (id, body) = (event.id(), document(event, notice).to_string());
        self.hook
            .post(doing, |request| {
                let timestamp = clock().timestamp();
                let request = request.header("webhook-id", &id).header("webhook-timestamp", timestamp.to_string());
                let signature = key.as_ref().and_then(|key| key.sign(&id, timestamp, body.as_bytes()));
                let request = match signature {
                    Some(signature) => request.header("webhook-signature", signature),
                    None => request,
                };
                request.body(body.clone())
            })
            .await
    }

    pub(super) async fn check(&self, doing: &str) -> Result<Vec<Finding>, ConnectorError> {
        let key = self.key(doing)?;
        let place = self.hook.reach(doing).await?;
        let signed = match key {
            Some(_) => Finding::Good("events are signed".into()),
            None => Finding::Warning("events are not signed: set `secret`, so that the receiver can tell ours".into()),
        };
        Ok(vec![Finding::Good(format!("{place} answers; nothing was posted")), signed])
    }

    fn key(&self, doing: &str) -> Result<Option<SigningKey>, ConnectorError> {
        let wrong = |why: String| ConnectorError::new(FailureClass::Rejected, doing, why);
        let Some(secret) = &self.secret else { return Ok(None) };
        let text = secret.read().map_err(|error| wrong(error.to_string()))?;
        let key = SigningKey::parse(text.expose_secret());
        key.map(Some).ok_or_else(|| wrong(format!("{SECRET}: {}", secret.describe())).with_hint(SECRET_HINT))
    }
}
