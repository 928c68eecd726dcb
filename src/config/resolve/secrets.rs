use secrecy::ExposeSecret;
use serde::Deserialize;

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::hidden::secret_root;
use crate::config::path::{Path, walk};
use crate::config::strict::Strict;
use crate::connector::SecretFile;

/// Checks that every secret is there. A command is not run: it may ask for a person, or cost something.
pub(super) fn check(at: &mut Resolving<'_>) {
    let mut secrets = Vec::new();
    walk(at.whole, &mut |path, value| {
        if secret_root(path).as_ref() == Some(path) {
            let several = value.as_sequence().into_iter().flatten().enumerate();
            let several = several.map(|(index, value)| (path.index(index), value));
            for (path, value) in std::iter::once((path.clone(), value)).chain(several) {
                secrets.extend(SecretFile::deserialize(Strict(value)).ok().map(|secret| (path, secret)));
            }
        }
    });
    for (path, secret) in secrets {
        let generated = path.is_like("syncs.*.password") || path.is_like("defaults.sync.password");
        let settled = at.complaints.touch(&path) || (generated && secret.is_word("generate"));
        if !settled {
            check_one(path, &secret, at);
        }
    }
}

pub(super) fn check_one(path: Path, secret: &SecretFile, at: &mut Resolving<'_>) {
    let variable = |text: &str| text.contains("${");
    let problem = match secret {
        SecretFile::Plain(text) if variable(text.expose_secret()) => not_replaced(),
        SecretFile::Env(name) if variable(name) => not_replaced(),
        SecretFile::File(file) if variable(&file.to_string_lossy()) => not_replaced(),
        SecretFile::Plain(text) if text.expose_secret().is_empty() => {
            ("the secret is empty".to_owned(), "write `{ env: NAME }` or `{ file: PATH }`".to_owned())
        }
        SecretFile::Plain(_) => {
            let warning = "the secret stands in the configuration: whoever reads the file has it";
            let warning = Complaint::at_value(path, warning).hinting("write `{ env: NAME }` or `{ file: PATH }`");
            return at.complaints.warn(warning);
        }
        SecretFile::Command(words) if words.is_empty() => {
            ("the command is empty".to_owned(), "write `{ command: [PROGRAM, ARGUMENT, …] }`".to_owned())
        }
        SecretFile::Command(_) => return,
        SecretFile::Env(name) => match (at.environment)(name).as_deref() {
            None => (format!("environment variable {name} is not set"), "set it before rollcall starts".to_owned()),
            Some("") => (format!("environment variable {name} is empty"), "set it before rollcall starts".to_owned()),
            Some(_) => return,
        },
        SecretFile::File(_) => match secret.secret(at.folder).read() {
            Err(error) => (
                error.to_string(),
                "a relative path is looked up beside the configuration file, then in $CREDENTIALS_DIRECTORY".to_owned(),
            ),
            Ok(_) => return,
        },
    };
    let (message, hint) = problem;
    at.complaints.add(Complaint::at_value(path, message).hinting(hint));
}

fn not_replaced() -> (String, String) {
    ("`${…}` is not replaced in a secret".into(), "write `{ env: NAME }` or a plain path".into())
}
