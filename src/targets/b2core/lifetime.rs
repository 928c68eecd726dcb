//! How long a token is good, by what an answer and the token itself say. No clock is asked: their clock and ours need
//! not agree.

use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;

/// A number up to this is a length of time in seconds (three years), a larger one a moment.
const LONGEST: i64 = 100_000_000;

/// Moments in milliseconds since 1970 are beyond this, those in seconds below.
const MILLISECONDS: i64 = 100_000_000_000;

/// From when to when by the answer, else by the token. The vendor's page prints the same moment twice: no time at all
/// says nothing.
pub(super) fn lifetime(token: &str, created: Option<&Value>, expires: Option<&Value>) -> Option<Duration> {
    let claims = claims(token);
    let claim = |name: &str| claims.as_ref()?.get(name);
    let span = |from: Option<&Value>, to: Option<&Value>| seconds(moment(to?)? - moment(from?)?);
    let created = created.filter(|created| !created.is_null());
    expires
        .and_then(number)
        .filter(|seconds| *seconds <= LONGEST)
        .and_then(seconds)
        .or_else(|| span(created.or_else(|| claim("iat")), expires))
        .or_else(|| span(claim("iat"), claim("exp")))
}

fn seconds(seconds: i64) -> Option<Duration> {
    u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Seconds since 1970, of a number or an ISO 8601 text.
fn moment(value: &Value) -> Option<i64> {
    match number(value) {
        Some(number) if number > MILLISECONDS => Some(number / 1000),
        Some(number) => Some(number),
        None => DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|moment| moment.timestamp()),
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The claims of a JWT. Its signature is the server's own business.
fn claims(token: &str) -> Option<Value> {
    serde_json::from_slice(&base64url(token.split('.').nth(1)?)?).ok()
}

/// Base 64 for addresses (RFC 4648, section 5), padded or not.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' | b'+' => Some(62),
        b'_' | b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        word = (word << 6 | u32::from(digit(byte)?)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}
