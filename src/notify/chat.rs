use schemars::JsonSchema;
use serde::Deserialize;

use super::harmless::{harmless, harmless_title};
use super::hook::Hook;
use super::template::Template;
use super::{Event, NextStep, Notice, Sink, document};
use crate::connector::{BuildContext, BuildError, ConnectorError, Finding, SecretFile};

/// What is posted where the configuration has no `body`: Slack, Mattermost, Rocket.Chat and Google Chat read it.
const BODY: &str = "{\"text\": {{ text | tojson }}}";

/// An incoming webhook of a chat.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChatConfig {
    /// Where it takes messages: a secret, for whoever has it may write there.
    pub url: Option<SecretFile>,
    /// The JSON that is posted, as a template: `text`, `title` and `event` are known, and `tojson` writes one as JSON.
    /// Default: `{"text": {{ text | tojson }}}`.
    pub body: Option<String>,
}

/// A chat, ready to be told.
pub struct Chat {
    hook: Hook,
    body: Template,
}

impl ChatConfig {
    /// A working sample.
    pub const EXAMPLE: &'static str = "chat:\n  url: { env: CHAT_URL }\n";

    /// # Errors
    /// When the address is missing or none, the template cannot be used or does not give JSON, or a certificate cannot
    /// be used.
    pub fn build(&self, context: &BuildContext) -> Result<Sink, Vec<BuildError>> {
        let body = Template::compile(self.body.as_deref().unwrap_or(BODY));
        let body = body.map_err(|(why, hint)| BuildError { hint, ..BuildError::new("body", why) });
        match (Hook::new(self.url.as_ref(), context), body) {
            (Ok(hook), Ok(body)) => Ok(Sink::Chat(Box::new(Chat { hook, body }))),
            (Ok(_), Err(problem)) => Err(vec![problem]),
            (Err(problems), body) => Err(problems.into_iter().chain(body.err()).collect()),
        }
    }
}

impl Chat {
    pub(super) fn place(&self) -> &str {
        self.hook.place()
    }

    pub(super) async fn tell(&self, doing: &str, event: &Event, notice: &Notice) -> Result<(), ConnectorError> {
        let body = self.body.render(&variables(event, notice)).map_err(|why| {
            ConnectorError::new(crate::connector::FailureClass::Rejected, doing, format!("`body` gives nothing: {why}"))
        })?;
        self.hook.post(doing, |request| request.body(body.clone())).await
    }

    pub(super) async fn check(&self, doing: &str) -> Result<Vec<Finding>, ConnectorError> {
        let place = self.hook.reach(doing).await?;
        Ok(vec![Finding::Good(format!("{place} answers; nothing was posted"))])
    }
}

/// What a template sees.
pub(super) fn variables(event: &Event, notice: &Notice) -> serde_json::Value {
    serde_json::json!({
        "text": text(notice),
        "title": harmless_title(&notice.title),
        "event": document::data(event, notice),
    })
}

/// The notice in a few lines, without meaning to a chat but for the commands, which stand as code.
pub(super) fn text(notice: &Notice) -> String {
    let Notice { title, first, why, plan, next, place, report } = notice;
    let mut lines = vec![harmless_title(title), harmless(first)];
    lines.extend(why.iter().map(|why| format!("• {}", harmless(why))));
    lines.extend(plan.iter().map(|plan| format!("The plan: {}", harmless(plan))));
    for NextStep { text, command } in next {
        let command = command.as_ref().map(|command| format!(" `{}`", harmless(command))).unwrap_or_default();
        lines.push(format!("→ {}{command}", harmless(text)));
    }
    lines.push(harmless(place));
    lines.extend(report.iter().map(|address| harmless(address)));
    lines.join("\n")
}
