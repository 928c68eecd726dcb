//! Signatures of webhooks, those we send and those we are sent: HMAC-SHA256.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

/// What a secret of Standard Webhooks begins with.
const PREFIX: &str = "whsec_";

/// Bytes of such a secret: fewer could be guessed (Standard Webhooks 1.0).
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A key to sign with, and to find out whether another has. It cannot be printed.
pub struct SigningKey(Zeroizing<Vec<u8>>);

impl SigningKey {
    /// Reads `whsec_…`; none where it is not one. What it was is not repeated: it is a secret.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = Zeroizing::new(STANDARD.decode(text.trim().strip_prefix(PREFIX)?).ok()?);
        LENGTHS.contains(&key.len()).then_some(Self(key))
    }

    /// Takes any text as it is; none where it is empty.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(Zeroizing::new(text.as_bytes().to_vec())))
    }

    /// The header `webhook-signature` of Standard Webhooks 1.0.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let mac = self.mac(&[format!("{id}.{timestamp}.").as_bytes(), body])?;
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }

    /// Whether one of `signatures` is of these `parts`. Takes as long whichever it is, and where it is none.
    #[must_use]
    pub fn has_signed(&self, parts: &[&[u8]], signatures: &[Vec<u8>]) -> bool {
        let Some(mac) = self.mac(parts) else { return false };
        signatures.iter().fold(false, |found, signature| found | mac.clone().verify_slice(signature).is_ok())
    }

    /// None never comes: a key of any length will do.
    fn mac(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        for part in parts {
            mac.update(part);
        }
        Some(mac)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SigningKey(***)")
    }
}
