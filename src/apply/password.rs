use secrecy::ExposeSecret;

use crate::connector::{Secret, SecretError};
use crate::principal::Password;

/// Where the password of a new user comes from, unless the source gives one.
#[derive(Debug, Clone, Default)]
pub enum PasswordRule {
    /// A random one that nobody is told: the user signs in by single sign-on or resets it.
    #[default]
    Generate,
    /// One for everybody, from the configuration.
    Secret(Secret),
}

impl PasswordRule {
    /// A password for one new user.
    ///
    /// # Errors
    /// When the secret cannot be read or the system gives no random bytes.
    pub fn password(&self) -> Result<Password, SecretError> {
        match self {
            Self::Generate => generate(),
            Self::Secret(secret) => secret.read().map(|text| Password::new(text.expose_secret())),
        }
    }
}

const LENGTH: usize = 28;
const CLASSES: [&[u8]; 4] = [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnopqrstuvwxyz", b"23456789", b"-_.+!#%"];

/// A random password of 28 characters from four classes, each there at least once: about 160 bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn generate() -> Result<Password, SecretError> {
    let all: Vec<u8> = CLASSES.concat();
    loop {
        let mut bytes = [0_u8; LENGTH * 4];
        getrandom::fill(&mut bytes).map_err(|error| SecretError::new(format!("no random bytes: {error}")))?;
        // Bytes that would favour some characters are passed over.
        let fair = 256 - 256 % all.len();
        let picked =
            bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair).map(|byte| all[byte % all.len()]);
        let text: Vec<u8> = picked.take(LENGTH).collect();
        let complete = CLASSES.iter().all(|class| text.iter().any(|byte| class.contains(byte)));
        if text.len() == LENGTH && complete {
            return Ok(Password::new(&String::from_utf8_lossy(&text)));
        }
    }
}
