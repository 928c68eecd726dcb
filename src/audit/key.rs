//! Keys that sign checkpoints, and their text forms.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use secrecy::zeroize::Zeroize;
use sha2::{Digest, Sha256};

use crate::principal::hex;

/// The byte that stands for Ed25519. C2SP signed-note, "Signature types".
const ED25519_TYPE: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the key name `{0}` is not usable: it must not be empty, and have no blanks, control characters or `+`")]
    Name(String),
    #[error("it is not of the form NAME+ID+KEY, such as `example.com/audit+0d8c88ec+AQOhB7…`")]
    Form,
    #[error("it is a key of another kind than Ed25519 (type 1)")]
    Type,
    #[error("its id is not that of its name and key, so it was not copied as it was")]
    Id,
    /// Nothing of it is repeated.
    #[error("it is not of the form PRIVATE+KEY+NAME+ID+SEED")]
    Private,
    #[error("line {line}: {error}")]
    Line { line: usize, error: Box<KeyError> },
    #[error("there is no key in it")]
    None,
}

/// Half of what names a key; the other half is its name. C2SP signed-note, "Signatures".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// C2SP signed-note, "Ed25519 signatures": the first four bytes of SHA-256 of the name, a newline, 0x01 and the key.
    fn of(name: &str, public: &[u8; 32]) -> Self {
        let hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519_TYPE]).chain_update(public).finalize();
        let mut id = [0; 4];
        id.copy_from_slice(&hash[..4]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex("", &self.0))
    }
}

/// C2SP signed-note, "Format": no blanks of any script and no `+`.
fn checked(name: &str) -> Result<&str, KeyError> {
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(is_bad) { Err(KeyError::Name(name.to_owned())) } else { Ok(name) }
}

/// The public half: what an auditor has. Its text form is the vkey of C2SP signed-note, "Verifier keys".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: KeyId,
    public: [u8; 32],
}

impl VerifyingKey {
    /// Reads `NAME+ID+base64(0x01, key)`.
    ///
    /// # Errors
    /// When it is something else, or was not copied as it was.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        checked(name)?;
        let key = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let (kind, public) = key.split_first().ok_or(KeyError::Form)?;
        if *kind != ED25519_TYPE {
            return Err(KeyError::Type);
        }
        let public: [u8; 32] = public.try_into().map_err(|_| KeyError::Form)?;
        let key = Self { name: name.to_owned(), id: KeyId::of(name, &public), public };
        if key.id.to_string() == id.to_ascii_lowercase() { Ok(key) } else { Err(KeyError::Id) }
    }

    /// Reads the keys of a file, one a line. Blank lines, and lines that begin with `#`, do not count.
    ///
    /// # Errors
    /// For the first line that is no key, and where there is none at all.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, KeyError> {
        let mut keys = Vec::new();
        for (at, line) in text.lines().map(str::trim).enumerate() {
            if !line.is_empty() && !line.starts_with('#') {
                let key = Self::parse(line);
                keys.push(key.map_err(|error| KeyError::Line { line: at + 1, error: Box::new(error) })?);
            }
        }
        if keys.is_empty() { Err(KeyError::None) } else { Ok(keys) }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// `NAME+ID`: enough to compare with what one was told.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}+{}", self.name, self.id)
    }

    /// Whether `signature` is this key's, over `text`. RFC 8032, Ed25519.
    pub(super) fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(text.as_bytes(), signature).is_ok()
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519_TYPE];
        key.extend(self.public);
        write!(out, "{}+{}+{}", self.name, self.id, STANDARD.encode(key))
    }
}

/// The private half: what the log has. It cannot be printed.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key of this seed, which must come from a generator of secrets.
    ///
    /// # Errors
    /// When the name is not usable.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Private)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Private)?;
        let public = VerifyingKey { name: checked(name)?.to_owned(), id: KeyId::of(name, &public), public };
        Ok(Self { pair, public })
    }

    /// Reads what [`SigningKey::text`] writes.
    ///
    /// # Errors
    /// When it is something else; the error repeats nothing of it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.strip_prefix(PRIVATE).ok_or(KeyError::Private)?.splitn(3, '+');
        let (Some(name), Some(id), Some(seed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Private);
        };
        let mut seed = STANDARD.decode(seed).map_err(|_| KeyError::Private)?;
        let key = match seed.split_first() {
            Some((&ED25519_TYPE, seed)) => {
                seed.try_into().map_err(|_| KeyError::Private).and_then(|seed| Self::new(name, seed))
            }
            Some(_) => Err(KeyError::Type),
            None => Err(KeyError::Private),
        };
        seed.zeroize();
        let key = key?;
        if key.public.id.to_string() == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// `PRIVATE+KEY+NAME+ID+base64(0x01, seed)`, the form of Go's `golang.org/x/mod/sumdb/note`, which other tools of
    /// such logs read too.
    #[must_use]
    pub fn text(&self, seed: &[u8; 32]) -> SecretString {
        let mut key = vec![ED25519_TYPE];
        key.extend(seed);
        let text = format!("{PRIVATE}{}+{}", self.public.short(), STANDARD.encode(&key));
        key.zeroize();
        text.into()
    }

    #[must_use]
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// The 64 bytes of an Ed25519 signature over `text`.
    pub(super) fn sign(&self, text: &str) -> Vec<u8> {
        self.pair.sign(text.as_bytes()).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.public.short())
    }
}
