use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};
use crate::principal::shown;

/// What a call that is no list may be long, in bytes.
pub(super) const USUAL: usize = 64 * 1024;

/// How long such a call may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body of `most` bytes at most.
///
/// # Errors
/// When it is longer, takes longer, or is cut off.
pub(super) async fn read(body: Body, most: usize, patience: Duration) -> Result<Vec<u8>, Problem> {
    let Ok(read) = tokio::time::timeout(patience, to_bytes(body, most)).await else {
        return Err(Problem::new(Code::Timeout, format!("the body did not come within {} s", patience.as_secs())));
    };
    read.map(Vec::from).map_err(|error| {
        let is_long = std::error::Error::source(&error).is_some_and(|inner| inner.to_string().contains("length limit"));
        if is_long {
            Problem::new(Code::TooLarge, format!("the body is larger than {most} bytes"))
        } else {
            Problem::bad("the body was cut off")
        }
    })
}

/// Reads a body of JSON; an empty one is an empty object.
///
/// # Errors
/// When it is not JSON, not of this shape, or too long.
pub(super) async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Problem> {
    let bytes = read(body, USUAL, PATIENCE).await?;
    if bytes.is_empty() {
        return parsed(b"{}");
    }
    is_json(headers)?;
    // A list would be read as the members in their order.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(Problem::bad("the body is no object"));
    }
    parsed(&bytes)
}

/// # Errors
/// When a body is not said to be JSON: a page of another site could send anything else without asking.
pub(super) fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") && !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType, "send JSON as it is, with `Content-Type: application/json`"))
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Problem::bad(shown(&error.to_string(), 200)))
}
