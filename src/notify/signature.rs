//! The signature of Standard Webhooks 1.0: HMAC-SHA256 of `id.timestamp.body`.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use super::base64::{decode, encode};

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// Bytes of a key: fewer could be guessed (Standard Webhooks 1.0).
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A key to sign with. It cannot be printed.
pub(super) struct SigningKey(Zeroizing<Vec<u8>>);

impl SigningKey {
    /// Reads `whsec_…`; none where it is not one. What it was is not repeated: it is a secret.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let key = Zeroizing::new(decode(text.trim().strip_prefix(PREFIX)?)?);
        LENGTHS.contains(&key.len()).then_some(Self(key))
    }

    /// The header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", encode(&mac.finalize().into_bytes())))
    }
}
