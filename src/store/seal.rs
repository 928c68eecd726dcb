//! The key that signs the trail. By default it is made beside the state, one for each trail.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::{Place, Store, StoreError};
use crate::audit::{Personal, PersonalKey, SigningKey};
use crate::config::{AuditSettings, Settings};

/// How entries are written and sealed.
pub struct Seal {
    /// The name of the log, also that of its key.
    pub origin: String,
    /// Without one, the trail is not signed.
    pub key: Option<SigningKey>,
    pub personal: Personal,
}

impl Store {
    /// The same store, whose trail is sealed as the configuration says.
    ///
    /// # Errors
    /// When a key cannot be read or made, or is none.
    pub async fn sealed(mut self, settings: &Settings) -> Result<Self, StoreError> {
        let AuditSettings { key, personal_key } = &settings.audit;
        let personal = match personal_key {
            None => Personal::Keep,
            Some(secret) => {
                let secret = secret.read().map_err(|error| StoreError::Key(error.to_string()))?;
                Personal::Digest(PersonalKey::new(secret.expose_secret().as_bytes()))
            }
        };
        let log = self.log().await?;
        let origin = origin(settings.environment.as_deref(), &log);
        let key = match (key, self.place()) {
            (Some(secret), _) => {
                let text = secret.read().map_err(|error| StoreError::Key(error.to_string()))?;
                Some(
                    SigningKey::parse(text.expose_secret().trim())
                        .map_err(|error| StoreError::Key(error.to_string()))?,
                )
            }
            (None, Place::Sqlite(path)) => {
                let (key, is_new) = beside(path, &origin).map_err(|error| StoreError::Key(error.to_string()))?;
                if is_new && self.was_signed().await? {
                    tracing::warn!(
                        "The key that signed this audit trail is gone, and a new one was made: put the old one back, or tell \
                         the auditor"
                    );
                }
                Some(key)
            }
            // Several machines share it: a key that only one of them has would be no key of theirs.
            (None, Place::Postgres { .. }) => None,
        };
        let origin = key.as_ref().map_or(origin, |key| key.public().name().to_owned());
        self.seal = Some(Seal { origin, key, personal });
        Ok(self)
    }
}

/// `rollcall/ENVIRONMENT/LOG`: a name of a key has no blanks and no `+`.
fn origin(environment: Option<&str>, log: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '-' };
    let environment: String = environment.unwrap_or("default").chars().map(plain).collect();
    format!("rollcall/{environment}/{log}")
}

/// The key beside the state database, and whether it was made just now. One that belongs to another trail is set aside: no
/// key signs two.
fn beside(database: &Path, origin: &str) -> io::Result<(SigningKey, bool)> {
    let path = with_ending(database, ".audit-key");
    let log = |name: &str| name.rsplit('/').next().map(str::to_owned);
    if let Ok(text) = fs::read_to_string(&path) {
        let key = SigningKey::parse(text.trim()).map_err(|error| refused(&path, &error.to_string()))?;
        if log(key.public().name()) == log(origin) {
            return Ok((key, false));
        }
        let old = log(key.public().name()).unwrap_or_default();
        fs::rename(&path, with_ending(database, &format!(".audit-key.{old}")))?;
    }
    // The state may have been put back from a copy: its key was set aside then.
    let aside = with_ending(database, &format!(".audit-key.{}", log(origin).unwrap_or_default()));
    if aside.exists() {
        fs::rename(&aside, &path)?;
        return Ok((theirs(&path)?, false));
    }
    Ok((made(&path, origin)?, true))
}

fn made(path: &Path, origin: &str) -> io::Result<SigningKey> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| refused(path, &format!("no random bytes: {error}")))?;
    let key = SigningKey::new(origin, &seed).map_err(|error| refused(path, &error.to_string()))?;
    // Written aside and linked: nobody ever sees half a key, and of two who make one the first wins.
    let aside = with_ending(path, &format!(".{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    writeln!(file, "{}", key.text(&seed).expose_secret())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => theirs(path),
        Err(error) => Err(error),
    }
}

/// The key that another process has made meanwhile.
fn theirs(path: &Path) -> io::Result<SigningKey> {
    let text = fs::read_to_string(path)?;
    SigningKey::parse(text.trim()).map_err(|error| refused(path, &error.to_string()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn refused(path: &Path, why: &str) -> io::Error {
    io::Error::other(format!("the signing key {}: {why}", path.display()))
}
