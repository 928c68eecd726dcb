//! Whether a call of a webhook is from somebody who knows the secret, is meant for now, and is not one we had.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::config::Scheme;
use crate::http::SigningKey;
use crate::principal::hex;

/// The largest body, in bytes. Whoever receives one stops reading after that.
pub const MOST_BYTES: usize = 64 * 1024;

/// How far the sender's clock may be from ours, in seconds.
const TOLERANCE: i64 = 300;

const LONGEST_ID: usize = 128;
const LONGEST_TIME: usize = 12;
const LONGEST_SIGNATURES: usize = 2 * 1024;
const MOST_SIGNATURES: usize = 10;

/// Letters of a SHA-256 in hexadecimal.
const HEX_LETTERS: usize = 64;

const CONTENT_TYPE: &str = "content-type";
const CONTENT_ENCODING: &str = "content-encoding";
const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
const GITHUB_SIGNATURE: &str = "x-hub-signature-256";
const GITHUB_ID: &str = "x-github-delivery";

/// The keys of one hook.
#[derive(Debug)]
pub struct HookKeys {
    scheme: Scheme,
    keys: Vec<SigningKey>,
}

/// A call that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What the sender calls it, for logs.
    pub id: String,
    /// A second call of the same key is the same call again.
    pub replay_key: String,
}

/// Why a call does not count, for logs and metrics. A caller is told no more of it than hangs on the call alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    #[error("malformed: `{0}` is missing")]
    Missing(&'static str),
    #[error("malformed: `{0}` is there twice, or is no plain text")]
    Header(&'static str),
    #[error("malformed: {0}")]
    Malformed(&'static str),
    #[error("not authentic: {0}")]
    Unauthentic(&'static str),
    #[error("the body is larger than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("not plain JSON: {0}")]
    MediaType(&'static str),
}

impl HookError {
    /// What it is answered with.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Missing(_) | Self::Header(_) | Self::Malformed(_) => 400,
            Self::Unauthentic(_) => 401,
            Self::TooLarge => 413,
            Self::MediaType(_) => 415,
        }
    }
}

impl HookKeys {
    /// The keys that these secrets are.
    ///
    /// # Errors
    /// The number of the one, from 0, that is none of this scheme.
    pub fn new(scheme: Scheme, secrets: &[SecretString]) -> Result<Self, usize> {
        let key = |(index, secret): (usize, &SecretString)| {
            let text = secret.expose_secret();
            let key = match scheme {
                Scheme::Standard => SigningKey::parse(text),
                Scheme::Github => SigningKey::of_text(text),
            };
            key.ok_or(index)
        };
        Ok(Self { scheme, keys: secrets.iter().enumerate().map(key).collect::<Result<_, _>>()? })
    }
}

/// Whether a call counts, as it is received at `now`.
///
/// # Errors
/// Why it does not.
pub fn verify(headers: &HeaderMap, body: &[u8], now: DateTime<Utc>, keys: &HookKeys) -> Result<Verified, HookError> {
    is_plain_json(headers)?;
    if body.len() > MOST_BYTES {
        return Err(HookError::TooLarge);
    }
    match keys.scheme {
        Scheme::Standard => standard(headers, body, now, keys),
        Scheme::Github => github(headers, body, keys),
    }
}

/// What a call of a hook that is not there is answered: the same as that of one whose secret the caller does not know,
/// with the same work.
#[must_use]
pub fn refuse(headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> HookError {
    let nobody = SigningKey::of_text("whoever signs with this is refused all the same");
    let keys = HookKeys { scheme: Scheme::Standard, keys: nobody.into_iter().collect() };
    verify(headers, body, now, &keys).err().unwrap_or(HookError::Unauthentic("there is no such hook"))
}

fn is_plain_json(headers: &HeaderMap) -> Result<(), HookError> {
    let kind = one(headers, CONTENT_TYPE).map_err(|_| HookError::MediaType("`Content-Type` is not there just once"))?;
    let mut parts = kind.split(';').map(str::trim);
    if !parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(HookError::MediaType("`Content-Type` is not `application/json`"));
    }
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(HookError::MediaType("there is a `Content-Encoding`"));
    }
    Ok(())
}

/// Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, and in `webhook-signature` one or more `v1,BASE64`.
fn standard(headers: &HeaderMap, body: &[u8], now: DateTime<Utc>, keys: &HookKeys) -> Result<Verified, HookError> {
    let id = one(headers, ID)?;
    let time = one(headers, TIMESTAMP)?;
    let signatures = one(headers, SIGNATURE)?;
    if !is_id(id) {
        return Err(HookError::Malformed("`webhook-id` is not 1 to 128 letters, digits, `_` and `-`"));
    }
    let is_time = (1..=LONGEST_TIME).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = time.parse::<i64>().ok().filter(|_| is_time);
    let seconds = seconds.ok_or(HookError::Malformed("`webhook-timestamp` is not 1 to 12 digits"))?;
    let tokens = || signatures.split(' ').filter(|token| !token.is_empty());
    if signatures.len() > LONGEST_SIGNATURES || tokens().count() > MOST_SIGNATURES {
        return Err(HookError::Malformed("`webhook-signature` is too long"));
    }
    // Those of another version, and what is no base64, are another's business.
    let usable = tokens().filter_map(|token| STANDARD.decode(token.strip_prefix("v1,")?).ok());
    let usable: Vec<_> = usable.filter(|signature| !signature.is_empty()).collect();
    if usable.is_empty() {
        return Err(HookError::Unauthentic("no usable signature"));
    }
    let age = now.timestamp() - seconds;
    if age > TOLERANCE {
        return Err(HookError::Unauthentic("stale"));
    }
    if age < -TOLERANCE {
        return Err(HookError::Unauthentic("of the future"));
    }
    keys.check(&[id.as_bytes(), b".", time.as_bytes(), b".", body], &usable)?;
    Ok(Verified { id: id.to_owned(), replay_key: id.to_owned() })
}

/// As GitHub does: `X-Hub-Signature-256: sha256=HEX` of the body alone. The number of the delivery is not signed, so the
/// same body is the same call.
fn github(headers: &HeaderMap, body: &[u8], keys: &HookKeys) -> Result<Verified, HookError> {
    let written = one(headers, GITHUB_SIGNATURE)?;
    let signature = written.strip_prefix("sha256=").and_then(bytes_of);
    let signature = signature.ok_or(HookError::Unauthentic("no usable signature"))?;
    // One spelling, or the same call could come again in another.
    let plain = hex("sha256=", &signature);
    keys.check(&[body], &[signature])?;
    let replay_key = hex("", &Sha256::new().chain_update(plain).chain_update(body).finalize());
    let id = one(headers, GITHUB_ID).ok().filter(|id| is_id(id)).unwrap_or(&replay_key).to_owned();
    Ok(Verified { id, replay_key })
}

impl HookKeys {
    /// Compares with each key, also after one was found.
    fn check(&self, parts: &[&[u8]], signatures: &[Vec<u8>]) -> Result<(), HookError> {
        let found = self.keys.iter().fold(false, |found, key| found | key.has_signed(parts, signatures));
        if found { Ok(()) } else { Err(HookError::Unauthentic("wrong signature")) }
    }
}

/// The value of a header that is there just once.
fn one<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, HookError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(HookError::Missing(name))?;
    if values.next().is_some() {
        return Err(HookError::Header(name));
    }
    value.to_str().map_err(|_| HookError::Header(name))
}

/// The full stop is not among the letters: it stands between what is signed.
fn is_id(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(letter)
}

/// A SHA-256 in hexadecimal of either case.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if text.len() != HEX_LETTERS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..HEX_LETTERS).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok());
    pairs.collect()
}
