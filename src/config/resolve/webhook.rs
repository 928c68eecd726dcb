use secrecy::{ExposeSecret, SecretString};

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::webhook::{Scheme, SecretList, Webhook, WebhookFile};
use crate::connector::SecretFile;
use crate::http::SigningKey;

/// Each secret is tried at each call.
const MOST_SECRETS: usize = 10;

/// A shorter secret of free text can be guessed.
const SHORTEST: usize = 16;

/// A webhook from what is written at `path`; none where something is wrong with it.
pub(super) fn of(file: Option<WebhookFile>, path: &Path, at: &mut Resolving<'_>) -> Option<Webhook> {
    let WebhookFile { secret, scheme } = file?;
    let scheme = scheme.unwrap_or_default();
    let place = path.key("secret");
    let Some(SecretList(secrets)) = secret else {
        at.missing(path, "secret", "write `{ env: NAME }` or `{ file: PATH }`");
        return None;
    };
    if (secrets.is_empty() || secrets.len() > MOST_SECRETS) && !at.complaints.touch(&place) {
        let message = format!("expected 1 to {MOST_SECRETS} secrets, found {}", secrets.len());
        at.complaints.add(Complaint::at_value(place, message));
        return None;
    }
    let is_list = place.value(at.whole).is_some_and(serde_yaml::Value::is_sequence);
    for (index, secret) in secrets.iter().enumerate() {
        let place = if is_list { place.index(index) } else { place.clone() };
        check(secret, scheme, place, at);
    }
    Some(Webhook { scheme, secrets: secrets.iter().map(|secret| secret.secret(at.folder)).collect() })
}

/// Checks that a secret can be one of this scheme. What it is instead is not said.
fn check(secret: &SecretFile, scheme: Scheme, place: Path, at: &mut Resolving<'_>) {
    if at.complaints.touch(&place) {
        return;
    }
    let Some(text) = text(secret, at) else { return };
    match scheme {
        Scheme::Standard if SigningKey::parse(text.expose_secret()).is_none() => {
            let complaint = Complaint::at_value(place, "it is no secret of Standard Webhooks");
            let hint = "it is `whsec_` and 24 to 64 bytes in base64: `echo \"whsec_$(openssl rand -base64 32)\"` makes \
                        one; where the sender gives you another kind, write `scheme: github`";
            at.complaints.add(complaint.hinting(hint));
        }
        Scheme::Github if text.expose_secret().len() < SHORTEST => {
            let warning = Complaint::at_value(place, format!("the secret has fewer than {SHORTEST} letters"));
            at.complaints.warn(warning.hinting("`openssl rand -hex 32` makes one that nobody guesses"));
        }
        Scheme::Standard | Scheme::Github => {}
    }
}

/// What can be read now. A command is not run: it may ask for a person, or cost something.
fn text(secret: &SecretFile, at: &Resolving<'_>) -> Option<SecretString> {
    match secret {
        SecretFile::Plain(text) => Some(text.clone()),
        SecretFile::Env(name) => (at.environment)(name).map(Into::into),
        SecretFile::File(_) => secret.secret(at.folder).read().ok(),
        SecretFile::Command(_) => None,
    }
}
